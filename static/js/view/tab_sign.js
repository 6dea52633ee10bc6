// @ts-check
// What the browser's tab says: a title and a dot. Changed once a second at most.

/** @typedef {import('../model/status.js').State} State */
/** @typedef {import('../model/status.js').Status} Status */

/** @type {Record<State, string>} */
const ICONS = {
  connecting: 'idle',
  live: 'live',
  paused: 'paused',
  reconnecting: 'paused',
  waiting: 'idle',
  error: 'error',
  offline: 'error',
  refused: 'error',
};

export class TabSign {
  #icon;
  #shown = '';

  /** @param {HTMLLinkElement} icon */
  constructor(icon) {
    this.#icon = icon;
  }

  /**
   * @param {Status} status
   * @param {string} name of what is shown
   */
  show({ state, titlePrefix }, name) {
    const title = `${titlePrefix}${name}`;
    if (document.title !== title) document.title = title;
    if (this.#shown === ICONS[state]) return;
    this.#shown = ICONS[state];
    this.#icon.href = new URL(`${this.#shown}.svg`, this.#icon.href).href;
  }
}
