// @ts-check
// Tells a screen reader now and then what came. The list itself is silent: a virtual list as a live region
// reads recycled rows aloud again and again.

import { counted } from '../model/wording.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */

const EVERY_MS = 10_000;

export class Announcer {
  #region;
  #lines;
  #following;
  #received = 0;
  #errors = 0;

  /**
   * @param {HTMLElement} region
   * @param {{lines: Lines, following: Following}} parts
   */
  constructor(region, { lines, following }) {
    this.#region = region;
    this.#lines = lines;
    this.#following = following;
    lines.addEventListener('reset', () => this.#count());
    setInterval(() => this.#speak(), EVERY_MS);
  }

  /** @param {string} text */
  say(text) {
    this.#region.textContent = text;
  }

  #speak() {
    const lines = this.#lines.received - this.#received;
    const errors = this.#lines.receivedErrors - this.#errors;
    this.#count();
    if (lines === 0 || !document.hasFocus()) return;
    const mode = this.#following.isFollowing ? 'Live' : 'Paused';
    this.say(`${mode}. ${counted(lines, 'new line')} in 10 seconds${errors > 0 ? `, ${counted(errors, 'error')}` : ''}.`);
  }

  #count() {
    this.#received = this.#lines.received;
    this.#errors = this.#lines.receivedErrors;
  }
}
