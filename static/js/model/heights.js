// @ts-check
// How tall every row is, without drawing it. Unwrapped, a line is one line high. Wrapped, its height follows
// from its number of columns, which is exact for text of one width; a row with other characters counts so
// until it was drawn and measured. Sums are kept per chunk, so that asking is cheap with half a million rows.

import { DRAWN_MAX } from './chunk.js';
import { HIDDEN, TOGGLE } from './folds.js';

/** @typedef {import('./chunk.js').Chunk} Chunk */
/** @typedef {import('./lines.js').Lines} Lines */

/**
 * @typedef {object} Layout
 * @property {number} line height of one line of text in px
 * @property {number} mark height of a row that is no line
 * @property {number} perLine columns that fit beside the gutter when wrapping, 0 without wrapping
 * @property {boolean} hidesHead the gutter shows what Chunk.head covers, and the text leaves it out
 */

export class Heights {
  #lines;
  /** @type {Layout} */
  #layout = { line: 20, mark: 28, perLine: 0, hidesHead: true };
  /** @type {WeakMap<Chunk, {count: number, height: number}>} */
  #sums = new WeakMap();
  /** @type {WeakMap<Chunk, Map<number, number>>} */
  #measured = new WeakMap();

  /** @param {Lines} lines */
  constructor(lines) {
    this.#lines = lines;
    lines.addEventListener('refolded', (event) => this.#sums.delete(/** @type {CustomEvent<Chunk>} */ (event).detail));
  }

  get layout() {
    return this.#layout;
  }

  /** @param {Layout} layout */
  set layout(layout) {
    this.#layout = layout;
    this.#sums = new WeakMap();
    this.#measured = new WeakMap();
  }

  /** Height of all rows. */
  get total() {
    return this.#lines.chunks.reduce((sum, chunk) => sum + this.#chunkHeight(chunk), 0);
  }

  /**
   * Distance from the top of the first row to the top of this one.
   *
   * @param {number} row
   */
  top(row) {
    if (this.#lines.isEmpty) return 0;
    const index = this.#lines.chunkIndex(row);
    let sum = 0;
    for (let before = 0; before < index; before += 1) sum += this.#chunkHeight(this.#lines.chunks[before]);
    const chunk = this.#lines.chunks[index];
    const rows = Math.min(Math.max(row - chunk.first, 0), chunk.count);
    if (this.#isUniform(chunk)) return sum + rows * this.#layout.line;
    for (let at = 0; at < rows; at += 1) sum += this.#rowHeight(chunk, at);
    return sum;
  }

  /** @param {number} row */
  of(row) {
    const chunk = this.#lines.chunks[this.#lines.chunkIndex(row)];
    return this.#rowHeight(chunk, row - chunk.first);
  }

  /**
   * The row at a distance from the top of the first row; the first or last one beyond the ends.
   *
   * @param {number} distance
   * @returns {number}
   */
  rowAt(distance) {
    let rest = Math.max(distance, 0);
    for (const chunk of this.#lines.chunks) {
      const height = this.#chunkHeight(chunk);
      if (rest < height) return chunk.first + this.#indexAt(chunk, rest);
      rest -= height;
    }
    return this.#lines.end - 1;
  }

  /**
   * Tells how tall a row turned out to be.
   *
   * @param {number} row
   * @param {number} height
   * @returns {boolean} whether that changed anything
   */
  measured(row, height) {
    const chunk = this.#lines.chunks[this.#lines.chunkIndex(row)];
    const at = row - chunk.first;
    if (this.#rowHeight(chunk, at) === height) return false;
    let heights = this.#measured.get(chunk);
    if (heights === undefined) this.#measured.set(chunk, heights = new Map());
    heights.set(at, height);
    this.#sums.delete(chunk);
    return true;
  }

  /**
   * Whether a row has to be drawn to know its height.
   *
   * @param {number} row
   */
  isUncertain(row) {
    const chunk = this.#lines.chunks[this.#lines.chunkIndex(row)];
    const at = row - chunk.first;
    if (chunk.marks.has(at) || chunk.fold[at] >= TOGGLE) return false;
    return this.#layout.perLine === 0 ? chunk.isUnfolded(at) : chunk.isWide(at) || chunk.isUnfolded(at);
  }

  /** @param {Chunk} chunk */
  #isUniform(chunk) {
    return this.#layout.perLine === 0 && chunk.marks.size === 0 && !chunk.isUneven;
  }

  /** @param {Chunk} chunk */
  #chunkHeight(chunk) {
    if (this.#isUniform(chunk)) return chunk.count * this.#layout.line;
    let sum = this.#sums.get(chunk);
    if (sum === undefined) this.#sums.set(chunk, sum = { count: 0, height: 0 });
    for (; sum.count < chunk.count; sum.count += 1) sum.height += this.#rowHeight(chunk, sum.count);
    return sum.height;
  }

  /**
   * @param {Chunk} chunk
   * @param {number} at
   */
  #rowHeight(chunk, at) {
    const { line, mark, perLine, hidesHead } = this.#layout;
    if (chunk.marks.has(at)) return mark;
    if (chunk.fold[at] >= TOGGLE) return chunk.fold[at] === HIDDEN ? 0 : line;
    if (perLine === 0 && !chunk.isUnfolded(at)) return line;
    const measured = this.#measured.get(chunk)?.get(at);
    if (measured !== undefined) return measured;
    if (perLine === 0) return line;
    const columns = Math.min(chunk.columns[at], DRAWN_MAX) - (hidesHead ? chunk.head[at] : 0);
    return Math.max(1, Math.ceil(columns / perLine)) * line;
  }

  /**
   * @param {Chunk} chunk
   * @param {number} distance
   */
  #indexAt(chunk, distance) {
    if (this.#isUniform(chunk)) return Math.floor(distance / this.#layout.line);
    let at = 0;
    for (let rest = distance - this.#rowHeight(chunk, 0); rest >= 0 && at < chunk.count - 1;) {
      at += 1;
      rest -= this.#rowHeight(chunk, at);
    }
    return at;
  }
}
