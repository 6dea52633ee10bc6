// @ts-check
// Asks for the link, and takes it out of the address bar where somebody has opened it: what stands there ends up in
// histories and on screens that are shared.

import { tokenIn } from '../model/token.js';
import { byId, setText } from './element.js';

const MARK = '#t=';

/**
 * The token of the link that was opened. It is gone from the address bar afterwards.
 *
 * @returns {string} '' where there is none
 */
export function takeToken() {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(MARK)) return '';
  history.replaceState(history.state, '', `${pathname}${search}`);
  return tokenIn(hash);
}

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
