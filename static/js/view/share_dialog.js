// @ts-check
// The link to what is on the screen now, ready to be copied.

import { copyText } from './clipboard.js';
import { byId, setText } from './element.js';

const LINK_MAX = 2000;
const THIS_COMPUTER = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/;

export class ShareDialog {
  #dialog = byId('share-dialog', HTMLDialogElement);
  #link = byId('share-link', HTMLInputElement);
  #result = byId('share-result', HTMLElement);
  #note = byId('share-note', HTMLElement);

  constructor() {
    byId('share-copy', HTMLButtonElement).addEventListener('click', () => this.#copy());
  }

  /** @param {URL} url */
  open(url) {
    this.#link.value = url.href;
    setText(this.#result, '');
    setText(this.#note, noteFor(url));
    this.#dialog.showModal();
    this.#link.select();
  }

  async #copy() {
    const isCopied = await copyText(this.#link.value);
    this.#link.select();
    setText(this.#result, isCopied ? 'Copied' : 'Press Ctrl-C');
  }
}

/** @param {URL} url */
function noteFor(url) {
  if (url.href.length > LINK_MAX) return 'This link is very long: some programs will cut it.';
  if (THIS_COMPUTER.test(url.hostname)) return 'This link only works on this computer.';
  return 'Anyone who can reach this server can open it.';
}
