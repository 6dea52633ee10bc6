// @ts-check
// What the page has to say beside the log: a banner that stays as long as its reason, a toast that goes by itself,
// the words in the place of lines where there are none, and hints for the first visit.

import { copyText } from './clipboard.js';
import { byId, element } from './element.js';

/** @typedef {{label: string, run: () => void}} Action */

const TOAST_MS = 6000;

export class Notices {
  #banner = byId('banner', HTMLElement);
  #toast = byId('toast', HTMLElement);
  #empty = byId('empty', HTMLElement);
  #bannerText = '';
  #emptyText = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #toastTimer;

  constructor() {
    byId('first-run', HTMLElement).addEventListener('click', async ({ target }) => {
      if (!(target instanceof HTMLButtonElement)) return;
      const isCopied = await copyText(target.previousElementSibling?.textContent ?? '');
      this.toast(isCopied ? 'Copied' : 'This browser does not let the page copy');
    });
  }

  /**
   * @param {string} text '' for none
   * @param {Action[]} [actions]
   */
  banner(text, actions = []) {
    if (text === this.#bannerText) return;
    this.#bannerText = text;
    this.#banner.replaceChildren(element('span', {}, text), ...actions.map(button));
    this.#banner.hidden = text === '';
  }

  /**
   * @param {string} text
   * @param {Action[]} [actions]
   * @param {boolean} [stays] until something else is said
   */
  toast(text, actions = [], stays = false) {
    clearTimeout(this.#toastTimer);
    this.#toast.replaceChildren(element('span', {}, text), ...actions.map(button));
    this.#toast.hidden = false;
    if (!stays) this.#toastTimer = setTimeout(() => { this.#toast.hidden = true; }, TOAST_MS);
  }

  /**
   * In the place of lines.
   *
   * @param {string} text '' for none
   * @param {Action[]} [actions]
   */
  empty(text, actions = []) {
    if (text === this.#emptyText) return;
    this.#emptyText = text;
    this.#empty.replaceChildren(element('p', {}, text), ...actions.map(button));
    this.#empty.hidden = text === '';
  }

  /**
   * @param {boolean} isNeeded
   * @param {() => void} dismissed
   */
  hints(isNeeded, dismissed) {
    const bar = byId('hints', HTMLElement);
    bar.hidden = !isNeeded;
    byId('hints-close', HTMLButtonElement).addEventListener('click', () => {
      bar.hidden = true;
      dismissed();
    });
  }
}

/** @param {Action} action */
function button({ label, run }) {
  const made = element('button', {}, label);
  made.addEventListener('click', run);
  return made;
}
