// @ts-check
// How far this reader has read in each view, kept in this browser, so that who comes back sees what came since.

/** @typedef {import('./stored_lines.js').Line} Line */
/** @typedef {{source: string, segment: string, offset: number, time: number | null, at: number}} Left the line, and when */

const KEY = 'logstream-left';
const VIEWS_MAX = 50;

export class Visits {
  #storage;
  #now;

  /**
   * @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage
   * @param {() => number} now ms
   */
  constructor(storage, now) {
    this.#storage = storage;
    this.#now = now;
  }

  /**
   * The reader goes.
   *
   * @param {string} view sources and filter, as one text
   * @param {Line} line the last one that was seen
   */
  leave(view, { source, segment, offset, time }) {
    const others = this.#read().filter(([other]) => other !== view).slice(0, VIEWS_MAX - 1);
    /** @type {Left} */
    const left = { source, segment, offset, time: Number.isNaN(time) ? null : time, at: this.#now() };
    try {
      this.#storage?.setItem(KEY, JSON.stringify([[view, left], ...others]));
    } catch {
      // The storage is full or forbidden: nothing is remembered.
    }
  }

  /**
   * Where the reader was, when that is longer ago than a moment.
   *
   * @param {string} view
   * @param {number} longest ms that are a moment
   * @returns {Left | null}
   */
  left(view, longest) {
    const left = this.#read().find(([known]) => known === view)?.[1];
    return left !== undefined && this.#now() - left.at > longest ? left : null;
  }

  /** @returns {[string, Left][]} the latest first */
  #read() {
    try {
      const kept = JSON.parse(this.#storage?.getItem(KEY) ?? '[]');
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }
}
