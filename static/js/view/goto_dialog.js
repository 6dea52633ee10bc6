// @ts-check
// Asks where to go. What was typed is understood, or the dialog stays and says why not.

import { readDestination } from '../model/destination.js';
import { byId, setText } from './element.js';

/** @typedef {import('../model/destination.js').Destination} Destination */

export class GotoDialog {
  #dialog = byId('goto-dialog', HTMLDialogElement);
  #input = byId('goto', HTMLInputElement);
  #message = byId('goto-message', HTMLElement);

  /** @param {(destination: Destination) => Promise<string>} go gives what is wrong with it, '' where nothing is */
  constructor(go) {
    byId('goto-form', HTMLFormElement).addEventListener('submit', async (event) => {
      event.preventDefault();
      if (this.#input.value.trim() === '') return;
      const message = await go(readDestination(this.#input.value));
      setText(this.#message, message);
      if (message === '') this.#dialog.close();
    });
  }

  open() {
    setText(this.#message, '');
    this.#dialog.showModal();
    this.#input.select();
  }
}
