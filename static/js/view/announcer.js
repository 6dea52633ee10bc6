// @ts-check
// Tells a screen reader now and then what came. The list itself is silent: a virtual list as a live region
// reads recycled rows aloud again and again.

import { counted } from '../model/wording.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */

const EVERY_MS = 10_000;
/** Lines are read aloud so often, and at most so many. */
const ALOUD_MS = 2000;
const ALOUD_MAX = 20;

export class Announcer {
  #region;
  #lines;
  #following;
  #received = 0;
  #errors = 0;
  #settings;
  /** Behind the last row that was read aloud. */
  #read = 0;

  /**
   * @param {HTMLElement} region
   * @param {{lines: Lines, following: Following, settings: import('../model/settings.js').Settings}} parts
   */
  constructor(region, { lines, following, settings }) {
    this.#region = region;
    this.#lines = lines;
    this.#following = following;
    this.#settings = settings;
    setInterval(() => this.#speak(), EVERY_MS);
    setInterval(() => this.#readAloud(), ALOUD_MS);
  }

  /** @param {string} text */
  say(text) {
    this.#region.textContent = text;
  }

  /** What is there already is not new. */
  restart() {
    this.#count();
    this.#read = this.#lines.end;
  }

  #speak() {
    const lines = this.#lines.received - this.#received;
    const errors = this.#lines.receivedErrors - this.#errors;
    this.#count();
    if (lines === 0 || !document.hasFocus() || this.#settings.get('readsAloud')) return;
    const mode = this.#following.isFollowing ? 'Live' : 'Paused';
    this.say(`${mode}. ${counted(lines, 'new line')} in 10 seconds${errors > 0 ? `, ${counted(errors, 'error')}` : ''}.`);
  }

  /** The new lines themselves, where the reader wants that. */
  #readAloud() {
    const { end, first } = this.#lines;
    const from = Math.max(this.#read, first);
    this.#read = end;
    if (!this.#settings.get('readsAloud') || from >= end || !this.#following.isFollowing) return;
    const rows = Array.from({ length: Math.min(end - from, ALOUD_MAX) }, (_, at) => from + at);
    const texts = rows.filter((row) => this.#lines.markAt(row) === undefined).map((row) => this.#lines.lineAt(row).text);
    this.say([...texts, end - from > ALOUD_MAX ? 'too many lines' : ''].join('\n'));
  }

  #count() {
    this.#received = this.#lines.received;
    this.#errors = this.#lines.receivedErrors;
  }
}
