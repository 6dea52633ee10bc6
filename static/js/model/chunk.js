// @ts-check
// Up to 1,024 rows of the log, packed: text as UTF-8 in one buffer, everything else in typed arrays. A million
// lines as objects cost 170 MB of JavaScript heap and pauses; like this they cost next to none.
//
// A row is a line, or a mark between lines (a gap, a rotation, a truncation). Rows are numbered by the store,
// once and for ever; `first` is the number of the first row here.

import { show } from './ansi.js';
import { mayHaveFields } from './fields.js';
import { foldOf, TOGGLE } from './folds.js';
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
const CONTEXT = 8;
const UNFOLDED = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Chunk {
  first;
  /** The place in the log before the first row, for the server; '' where it is only known by that row. */
  start = '';
  count = 0;
  /** How many of the rows are lines. */
  lineCount = 0;
  textEnd;
  /** Width of the text as shown, in character cells where all are of one width. */
  columns;
  /** How much of that is a timestamp and level the gutter shows as well, and the text leaves out. */
  head;
  level;
  origin;
  time;
  offset;
  /** How the rows of a record are folded: see folds.js. */
  fold;
  /** Some row has, or had, a height that is not that of its text. */
  isUneven = false;
  /** @type {Map<number, Mark>} */
  marks = new Map();

  #flags;
  /** @type {Uint8Array<ArrayBufferLike>} */
  #text;
  #used = 0;
  #matchEnd;
  /** @type {number[] | Uint32Array} */
  #matches = [];
  /** @type {Map<number, number>} */
  #cut = new Map();

  /**
   * @param {number} first
   * @param {number} textLength of what has to fit, whatever its size
   * @param {number} [rows] that have to fit, where it is known that no more will come
   */
  constructor(first, textLength, rows) {
    const capacity = rows ?? ROWS_MAX;
    this.first = first;
    this.textEnd = new Uint32Array(capacity);
    this.columns = new Uint32Array(capacity);
    this.head = new Uint8Array(capacity);
    this.level = new Uint8Array(capacity);
    this.fold = new Uint8Array(capacity);
    this.origin = new Uint32Array(capacity);
    this.time = new Float64Array(capacity);
    this.offset = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
    this.#matchEnd = new Uint32Array(capacity);
    this.#text = new Uint8Array(rows === undefined ? Math.max(TEXT_BYTES, textLength * 3) : textLength * 3);
  }

  get end() {
    return this.first + this.count;
  }

  get bytes() {
    return this.#used;
  }

  /**
   * @param {number} rows
   * @param {number} textLength UTF-16 units
   */
  hasRoom(rows, textLength) {
    return this.count + rows <= this.level.length && this.#used + textLength * 3 <= this.#text.length;
  }

  /**
   * @param {WireLine} line
   * @param {number} origin
   */
  pushLine(line, origin) {
    const at = this.count;
    const level = levelCode(line.level);
    const { text: shown, place, isOverprinted } = show(line.text);
    const isLong = shown.length > DRAWN_MAX || line.cut !== undefined;
    this.#used += encoder.encodeInto(line.text, this.#text.subarray(this.#used)).written;
    this.columns[at] = Math.min(shown.length, DRAWN_MAX);
    const head = headLength(shown, line.time !== undefined, level !== 0);
    // What was matched is always shown.
    this.head[at] = line.matches?.some(([start]) => place(start) < head) ? 0 : head;
    const isOwn = isLong || isOverprinted || BEYOND_LATIN_1.test(shown) || mayHaveFields(line.text, head);
    this.level[at] = level;
    this.origin[at] = origin;
    this.time[at] = line.time ?? Number.NaN;
    this.offset[at] = line.offset;
    this.#flags[at] = (line.continues ? CONTINUES : 0) | (line.lossy ? LOSSY : 0)
      | (line.context ? CONTEXT : 0) | (isOwn ? IS_WIDE : 0);
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
    if (this.#text.length > this.#used) this.#take(this, 0, this.count);
  }

  /**
   * Some of the rows, as a chunk of its own.
   *
   * @param {number} from
   * @param {number} to the first that is not taken
   */
  part(from, to) {
    const part = new Chunk(this.first + from, 0, 0);
    part.start = from === 0 ? this.start : '';
    part.#take(this, from, to);
    return part;
  }

  /**
   * @param {Chunk} other
   * @param {number} from
   * @param {number} to
   */
  #take(other, from, to) {
    const text = from === 0 ? 0 : other.textEnd[from - 1];
    const match = from === 0 ? 0 : other.#matchEnd[from - 1];
    this.#text = other.#text.slice(text, to === 0 ? 0 : other.textEnd[to - 1]);
    this.#used = this.#text.length;
    this.#matches = Uint32Array.from(other.#matches.slice(match, to === 0 ? 0 : other.#matchEnd[to - 1]));
    this.textEnd = other.textEnd.slice(from, to).map((end) => end - text);
    this.#matchEnd = other.#matchEnd.slice(from, to).map((end) => end - match);
    this.columns = other.columns.slice(from, to);
    this.head = other.head.slice(from, to);
    this.level = other.level.slice(from, to);
    this.fold = other.fold.slice(from, to);
    this.isUneven = other.isUneven;
    this.origin = other.origin.slice(from, to);
    this.time = other.time.slice(from, to);
    this.offset = other.offset.slice(from, to);
    this.#flags = other.#flags.slice(from, to);
    this.marks = cutMap(other.marks, from, to);
    this.#cut = cutMap(other.#cut, from, to);
    this.count = to - from;
    this.lineCount = this.count - this.marks.size;
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
   * Whether the reader wants to see it whole: the record it continues, or else what the line itself holds.
   *
   * @param {number} at
   */
  isUnfolded(at) {
    return (this.#flags[at] & UNFOLDED) !== 0;
  }

  /**
   * @param {number} at
   * @param {boolean} isUnfolded
   */
  unfold(at, isUnfolded) {
    if (isUnfolded) this.#flags[at] |= UNFOLDED;
    else this.#flags[at] &= ~UNFOLDED;
    this.isUneven = true;
  }

  /**
   * Says how a row is folded, which follows from the one above.
   *
   * @param {number} at
   * @param {number} above
   * @returns {boolean} whether that is news
   */
  refold(at, above) {
    const isWanted = (this.#flags[at] & (UNFOLDED | CONTEXT)) !== 0 || this.matches(at).length > 0;
    const fold = this.continues(at) ? foldOf(above, isWanted) : 0;
    const isNew = fold !== this.fold[at];
    this.fold[at] = fold;
    if (fold >= TOGGLE) this.isUneven = true;
    return isNew;
  }

  /** @param {number} at */
  isContext(at) {
    return (this.#flags[at] & CONTEXT) !== 0;
  }

  /**
   * The first byte that cannot belong to this line and its terminator any more, as far as is known.
   *
   * @param {number} at
   */
  reach(at) {
    if (this.isLossy(at)) return Number.POSITIVE_INFINITY;
    const length = this.cut(at) ?? this.textEnd[at] - (at === 0 ? 0 : this.textEnd[at - 1]);
    return this.offset[at] + length + 2;
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

/**
 * @template T
 * @param {Map<number, T>} map
 * @param {number} from
 * @param {number} to
 * @returns {Map<number, T>}
 */
function cutMap(map, from, to) {
  return new Map([...map].filter(([at]) => at >= from && at < to).map(([at, value]) => [at - from, value]));
}
