// @ts-check
// Packed rows in order, numbered without holes. A number grows towards newer rows and stays with its row, but for
// one case: where rows are put in between, those before them move down to make room, and `moved` tells everybody
// who has remembered a number.

import { Chunk } from './chunk.js';

/** @typedef {import('./lines.js').Mark} Mark */

/** `moved`: rows numbered below `before` have another number now. @typedef {{before: number, by: number}} Move */

/** So far from zero that no number is ever negative, whatever is put before the first row. */
const FIRST_ROW = 2 ** 40;

export class Rows extends EventTarget {
  /** @type {Chunk[]} */
  #chunks = [];
  #end;

  /** @param {number} [firstRow] */
  constructor(firstRow = FIRST_ROW) {
    super();
    this.#end = firstRow;
  }

  /** @returns {readonly Chunk[]} */
  get chunks() {
    return this.#chunks;
  }

  get isEmpty() {
    return this.#chunks.length === 0;
  }

  /** The number of the first row, or of the next one to come where there is none. */
  get first() {
    return this.#chunks.length === 0 ? this.#end : this.#chunks[0].first;
  }

  /** One more than the number of the last row. */
  get end() {
    return this.#end;
  }

  /** @param {number} row */
  has(row) {
    return row >= this.first && row < this.#end;
  }

  /**
   * The chunk of a row; the first or last one beyond the ends.
   *
   * @param {number} row
   * @returns {number} index into `chunks`
   */
  chunkIndex(row) {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle].end <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The nearest row that is here.
   *
   * @param {number} row
   */
  nearest(row) {
    return this.isEmpty ? this.#end : Math.min(Math.max(row, this.first), this.#end - 1);
  }

  /**
   * @param {number} row
   * @returns {Mark | undefined}
   */
  markAt(row) {
    const chunk = this.#chunks[this.chunkIndex(row)];
    return chunk?.marks.get(row - chunk.first);
  }

  /**
   * The nearest line that is wanted, beyond `row` in one direction.
   *
   * @param {number} row
   * @param {1 | -1} direction
   * @param {(chunk: Chunk, at: number) => boolean} isWanted
   * @returns {number} -1 where there is none
   */
  nextRow(row, direction, isWanted) {
    let index = this.chunkIndex(row);
    let at = row + direction - (this.#chunks[index]?.first ?? 0);
    for (; index >= 0 && index < this.#chunks.length; index += direction) {
      const chunk = this.#chunks[index];
      at = Math.min(Math.max(at, direction > 0 ? 0 : -1), direction > 0 ? chunk.count : chunk.count - 1);
      for (; at >= 0 && at < chunk.count; at += direction) {
        if (!chunk.marks.has(at) && isWanted(chunk, at)) return chunk.first + at;
      }
      at = direction > 0 ? 0 : Number.MAX_SAFE_INTEGER;
    }
    return -1;
  }

  /**
   * Whether there are lines between this one and the row above that are not here, as far as offsets tell.
   *
   * @param {number} row
   */
  isApart(row) {
    if (row === this.first) return false;
    const chunk = this.#chunks[this.chunkIndex(row)];
    const before = row > chunk.first ? chunk : this.#chunks[this.chunkIndex(row - 1)];
    const [at, above] = [row - chunk.first, row - 1 - before.first];
    if (before.marks.has(above) || before.origin[above] !== chunk.origin[at]) return false;
    return chunk.offset[at] > before.reach(above);
  }

  /**
   * The chunk the next row goes to.
   *
   * @param {number} rows that are to go into the same one, if possible
   * @param {number} textLength of all of them
   * @returns {{chunk: Chunk, isNew: boolean}}
   */
  open(rows, textLength) {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.hasRoom(rows, textLength)) return { chunk: last, isNew: false };
    last?.seal();
    const chunk = new Chunk(this.#end, textLength);
    this.#chunks.push(chunk);
    return { chunk, isNew: true };
  }

  /** To be told after each row that was pushed to the open chunk. */
  grown() {
    this.#end += 1;
  }

  /**
   * Puts a chunk before the row `row`, or after the last one.
   *
   * @param {number} row
   * @param {Chunk} chunk
   */
  insert(row, chunk) {
    chunk.seal();
    if (this.isEmpty || row >= this.#end) {
      this.#chunks.at(-1)?.seal();
      chunk.first = this.#end;
      this.#chunks.push(chunk);
      this.#end += chunk.count;
      return;
    }
    const index = this.#split(Math.max(row, this.first));
    for (const before of this.#chunks.slice(0, index)) before.first -= chunk.count;
    chunk.first = this.#chunks[index].first - chunk.count;
    this.#chunks.splice(index, 0, chunk);
    if (index > 0) this.#moved({ before: row, by: -chunk.count });
  }

  /**
   * Takes one row out; those before it move up.
   *
   * @param {number} row
   */
  remove(row) {
    const index = this.#split(row);
    if (row + 1 < this.#end) this.#split(row + 1);
    this.#chunks.splice(index, 1);
    for (const before of this.#chunks.slice(0, index)) before.first += 1;
    if (this.#chunks.length === index) this.#end = this.#chunks.at(-1)?.end ?? this.#end;
    else if (index > 0) this.#moved({ before: row, by: 1 });
  }

  /** @returns {Chunk} the first one, which is here no longer */
  dropFirst() {
    const [dropped] = this.#chunks.splice(0, 1);
    return dropped;
  }

  /** @returns {Chunk} the last one, which is here no longer */
  dropLast() {
    const [dropped] = this.#chunks.splice(-1);
    this.#end = dropped.first;
    return dropped;
  }

  /** Drops all rows; their numbers are not used again. */
  dropAll() {
    this.#end += 1;
    this.#chunks = [];
  }

  /**
   * Makes a chunk begin at a row.
   *
   * @param {number} row
   * @returns {number} its index
   */
  #split(row) {
    const index = this.chunkIndex(row);
    const chunk = this.#chunks[index];
    const at = row - chunk.first;
    if (at <= 0) return index;
    this.#chunks.splice(index, 1, chunk.part(0, at), chunk.part(at, chunk.count));
    return index + 1;
  }

  /** @param {Move} move */
  #moved(move) {
    this.dispatchEvent(new CustomEvent('moved', { detail: move }));
  }
}

/**
 * A remembered row number after rows were put in or taken out.
 *
 * @param {number} row
 * @param {Event} event `moved`
 */
export function movedRow(row, event) {
  const { before, by } = /** @type {CustomEvent<Move>} */ (event).detail;
  return row >= 0 && row < before ? row + by : row;
}
