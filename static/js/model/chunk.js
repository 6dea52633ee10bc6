// @ts-check
// Up to 1,024 rows of the log, packed: text as UTF-8 in one buffer, everything else in typed arrays. A million
// lines as objects cost 170 MB of JavaScript heap and pauses; like this they cost next to none.
//
// A row is a line, or a mark between lines (a gap, a rotation, a truncation). Rows are numbered by the store,
// once and for ever; `first` is the number of the first row here.

import { isPlain, show } from './ansi.js';
import { headLength } from './line_head.js';
import { levelCode } from './levels.js';

/** @typedef {import('../wire/payloads.js').WireLine} WireLine */
/** @typedef {import('./lines.js').Mark} Mark */

export const ROWS_MAX = 1024;
/** Longer text is kept whole but drawn only this far. */
export const DRAWN_MAX = 16 * 1024;

const TEXT_BYTES = 96 * 1024;
const BEYOND_LATIN_1 = /[^\u0000-\u00ff]/;

const CONTINUES = 1;
const LOSSY = 2;
const IS_WIDE = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Chunk {
  first;
  count = 0;
  /** How many of the rows are lines. */
  lineCount = 0;
  textEnd = new Uint32Array(ROWS_MAX);
  /** Width of the text as shown, in character cells where all are of one width. */
  columns = new Uint32Array(ROWS_MAX);
  /** How much of that is a timestamp and level the gutter shows as well. */
  head = new Uint8Array(ROWS_MAX);
  level = new Uint8Array(ROWS_MAX);
  origin = new Uint32Array(ROWS_MAX);
  time = new Float64Array(ROWS_MAX);
  offset = new Float64Array(ROWS_MAX);
  /** @type {Map<number, Mark>} */
  marks = new Map();

  #flags = new Uint8Array(ROWS_MAX);
  /** @type {Uint8Array<ArrayBufferLike>} */
  #text;
  #used = 0;
  #matchEnd = new Uint32Array(ROWS_MAX);
  /** @type {number[] | Uint32Array} */
  #matches = [];
  /** @type {Map<number, number>} */
  #cut = new Map();

  /**
   * @param {number} first
   * @param {number} textLength of the first line, so that it fits whatever its size
   */
  constructor(first, textLength) {
    this.first = first;
    this.#text = new Uint8Array(Math.max(TEXT_BYTES, textLength * 3));
  }

  get end() {
    return this.first + this.count;
  }

  get bytes() {
    return this.#used;
  }

  /** @param {number} textLength UTF-16 units */
  hasRoom(textLength) {
    return this.count < ROWS_MAX && this.#used + textLength * 3 <= this.#text.length;
  }

  /**
   * @param {WireLine} line
   * @param {number} origin
   */
  pushLine(line, origin) {
    const at = this.count;
    const level = levelCode(line.level);
    const shown = isPlain(line.text) ? line.text : show(line.text).text;
    const isLong = shown.length > DRAWN_MAX || line.cut !== undefined;
    this.#used += encoder.encodeInto(line.text, this.#text.subarray(this.#used)).written;
    this.columns[at] = Math.min(shown.length, DRAWN_MAX);
    this.head[at] = headLength(shown, line.time !== undefined, level !== 0);
    this.level[at] = level;
    this.origin[at] = origin;
    this.time[at] = line.time ?? Number.NaN;
    this.offset[at] = line.offset;
    this.#flags[at] = (line.continues ? CONTINUES : 0) | (line.lossy ? LOSSY : 0)
      | (isLong || BEYOND_LATIN_1.test(shown) ? IS_WIDE : 0);
    if (line.cut !== undefined) this.#cut.set(at, line.cut);
    this.#pushMatches(line.matches);
    this.lineCount += 1;
    this.#advance();
  }

  /** @param {Mark} mark */
  pushMark(mark) {
    this.marks.set(this.count, mark);
    this.time[this.count] = Number.NaN;
    this.#advance();
  }

  /** No more rows will come: gives back what was reserved for them. */
  seal() {
    this.#text = this.#text.slice(0, this.#used);
    this.#matches = Uint32Array.from(this.#matches);
    if (this.count === ROWS_MAX) return;
    this.textEnd = this.textEnd.slice(0, this.count);
    this.columns = this.columns.slice(0, this.count);
    this.head = this.head.slice(0, this.count);
    this.level = this.level.slice(0, this.count);
    this.origin = this.origin.slice(0, this.count);
    this.time = this.time.slice(0, this.count);
    this.offset = this.offset.slice(0, this.count);
    this.#flags = this.#flags.slice(0, this.count);
    this.#matchEnd = this.#matchEnd.slice(0, this.count);
  }

  /** @param {number} at */
  text(at) {
    return decoder.decode(this.#text.subarray(at === 0 ? 0 : this.textEnd[at - 1], this.textEnd[at]));
  }

  /** The text of all rows, one after the other, for a search to look through at once. */
  allText() {
    return decoder.decode(this.#text.subarray(0, this.#used));
  }

  /**
   * What the server's filter matched, in UTF-16 units of the text as sent.
   *
   * @param {number} at
   * @returns {[number, number][]}
   */
  matches(at) {
    /** @type {[number, number][]} */
    const ranges = [];
    for (let index = at === 0 ? 0 : this.#matchEnd[at - 1]; index < this.#matchEnd[at]; index += 2) {
      ranges.push([this.#matches[index], this.#matches[index + 1]]);
    }
    return ranges;
  }

  /**
   * Full length in bytes of a line the server cut.
   *
   * @param {number} at
   */
  cut(at) {
    return this.#cut.get(at);
  }

  /** @param {number} at */
  continues(at) {
    return (this.#flags[at] & CONTINUES) !== 0;
  }

  /** @param {number} at */
  isLossy(at) {
    return (this.#flags[at] & LOSSY) !== 0;
  }

  /**
   * True where the number of columns does not tell how much room the text takes.
   *
   * @param {number} at
   */
  isWide(at) {
    return (this.#flags[at] & IS_WIDE) !== 0;
  }

  /** @param {[number, number][] | undefined} matches */
  #pushMatches(matches) {
    if (matches === undefined) return;
    for (const [from, to] of matches) /** @type {number[]} */ (this.#matches).push(from, to);
  }

  #advance() {
    this.textEnd[this.count] = this.#used;
    this.#matchEnd[this.count] = this.#matches.length;
    this.count += 1;
  }
}
