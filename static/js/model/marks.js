// @ts-check
// The lines this reader has marked, kept in this browser and never in the address: marks are personal.

import { nearest } from './nearest.js';

/** @typedef {import('./stored_lines.js').Position} Position */

const KEY = 'logstream-marks';
const MARKS_MAX = 1000;

/** Dispatches `change`. */
export class Marks extends EventTarget {
  /** @type {Pick<Storage, 'getItem' | 'setItem'> | null} */
  #storage;
  /** By place. @type {Map<string, Position>} */
  #all;

  /** @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage */
  constructor(storage) {
    super();
    this.#storage = storage;
    this.#all = this.#read();
  }

  get all() {
    return [...this.#all.values()];
  }

  /** @param {Position} line */
  has(line) {
    return this.#all.size > 0 && this.#all.has(keyOf(line));
  }

  /** @param {Position} line */
  toggle({ source, segment, offset }) {
    const mark = { source, segment, offset };
    if (!this.#all.delete(keyOf(mark))) this.#all.set(keyOf(mark), mark);
    if (this.#all.size > MARKS_MAX) this.#all.delete([...this.#all.keys()][0]);
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.all));
    } catch {
      // Kept for this page alone.
    }
    this.dispatchEvent(new Event('change'));
  }

  /**
   * The nearest mark beyond a place, among those of files that are there.
   *
   * @param {Position | null} from
   * @param {1 | -1} direction 1 towards newer lines
   * @param {(segment: string) => number} rank of a segment among all, -1 where it is not there
   */
  next(from, direction, rank) {
    return nearest(this.all.filter(({ segment }) => rank(segment) >= 0), from, direction, rank);
  }

  #read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(KEY) ?? '[]');
      return new Map(/** @type {Position[]} */ (stored).map((mark) => [keyOf(mark), mark]));
    } catch {
      return new Map();
    }
  }
}

/** @param {Position} position */
function keyOf({ source, segment, offset }) {
  return `${segment}.${offset} ${source}`;
}
