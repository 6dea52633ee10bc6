// @ts-check
// Asks for the link or its token.

import { tokenIn } from '../model/token.js';
import { byId, setText } from './element.js';

export class SignIn {
  #dialog = byId('sign-in', HTMLDialogElement);
  #input = byId('sign-in-token', HTMLInputElement);
  #message = byId('sign-in-message', HTMLElement);

  /** @param {(token: string) => Promise<string>} begin gives what is wrong, '' where nothing is */
  constructor(begin) {
    byId('sign-in-form', HTMLFormElement).addEventListener('submit', async (event) => {
      event.preventDefault();
      const token = tokenIn(this.#input.value);
      setText(this.#message, token === '' ? 'That is neither a link nor a token.' : await begin(token));
    });
  }

  open() {
    if (this.#dialog.open) return;
    setText(this.#message, '');
    this.#dialog.showModal();
  }

  close() {
    this.#input.value = '';
    this.#dialog.close();
  }
}
