// @ts-check
// Finds text in the lines the page holds, without hiding the others. Plain text, with smart case: patterns are
// the server's business, and two kinds of pattern in one page would disagree.

import { isPlain, show } from './ansi.js';

/** @typedef {import('./chunk.js').Chunk} Chunk */
/** @typedef {import('./lines.js').Lines} Lines */

export class Search extends EventTarget {
  #lines;
  #term = '';
  /** Finds every hit in a text. @type {RegExp | null} */
  #pattern = null;
  /** Says whether there is one; without the state a search for all of them has. @type {RegExp | null} */
  #probe = null;
  /** Lines with a hit, for chunks looked through so far. @type {WeakMap<Chunk, {rows: number, lines: number}>} */
  #counts = new WeakMap();

  /** @param {Lines} lines */
  constructor(lines) {
    super();
    this.#lines = lines;
  }

  get term() {
    return this.#term;
  }

  /** @param {string} term */
  set term(term) {
    if (term === this.#term) return;
    this.#term = term;
    const source = term.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const flags = term === term.toLowerCase() ? 'iu' : 'u';
    this.#pattern = term === '' ? null : new RegExp(source, `g${flags}`);
    this.#probe = term === '' ? null : new RegExp(source, flags);
    this.#counts = new WeakMap();
    this.dispatchEvent(new Event('change'));
  }

  /**
   * @param {string} text as shown
   * @returns {[number, number][]}
   */
  hits(text) {
    if (this.#pattern === null) return [];
    return Array.from(text.matchAll(this.#pattern), (hit) => [hit.index, hit.index + hit[0].length]);
  }

  /**
   * The nearest line with a hit beyond `row`, in one direction; round the end if need be.
   *
   * @param {number} row
   * @param {1 | -1} direction
   * @returns {number} its row, or -1 where there is none
   */
  next(row, direction) {
    if (this.#pattern === null || this.#lines.isEmpty) return -1;
    const found = this.#lines.nextRow(row, direction, (chunk, at) => this.#isHit(chunk, at));
    if (found >= 0) return found;
    const start = direction > 0 ? this.#lines.first - 1 : this.#lines.end;
    return this.#lines.nextRow(start, direction, (chunk, at) => this.#isHit(chunk, at));
  }

  /**
   * Counts on for a while. Chunks counted before are not looked at again, so it keeps up with a growing log.
   *
   * @param {() => boolean} hasTime
   * @returns {{lines: number, isComplete: boolean}}
   */
  count(hasTime) {
    let lines = 0;
    let isComplete = true;
    for (const chunk of this.#lines.chunks) {
      let count = this.#counts.get(chunk);
      if (count === undefined) this.#counts.set(chunk, count = { rows: 0, lines: 0 });
      while (count.rows < chunk.count && hasTime()) this.#countOn(chunk, count);
      lines += count.lines;
      if (count.rows < chunk.count) isComplete = false;
    }
    return { lines, isComplete };
  }

  /**
   * @param {Chunk} chunk
   * @param {{rows: number, lines: number}} count
   */
  #countOn(chunk, count) {
    const end = Math.min(count.rows + 128, chunk.count);
    if (count.rows === 0 && end === chunk.count && !this.#mayHit(chunk)) {
      count.rows = end;
      return;
    }
    for (; count.rows < end; count.rows += 1) {
      if (!chunk.marks.has(count.rows) && this.#isHit(chunk, count.rows)) count.lines += 1;
    }
  }

  /**
   * @param {Chunk} chunk
   * @param {number} at
   */
  #isHit(chunk, at) {
    const text = chunk.text(at);
    return this.#tests(isPlain(text) ? text : show(text).text);
  }

  /** @param {Chunk} chunk */
  #mayHit(chunk) {
    const text = chunk.allText();
    return !isPlain(text) || this.#tests(text);
  }

  /** @param {string} text */
  #tests(text) {
    return this.#probe !== null && this.#probe.test(text);
  }
}
