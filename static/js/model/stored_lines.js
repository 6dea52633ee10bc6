// @ts-check
// Lines packed in rows: put in singly at the end or as a page anywhere, read one by one, found by position.

import { Chunk, ROWS_MAX } from './chunk.js';
import { HIDDEN } from './folds.js';
import { Origins } from './origins.js';
import { Rows } from './rows.js';

/** @typedef {import('../wire/payloads.js').HistoryLine} HistoryLine */
/** @typedef {import('../wire/payloads.js').WireLine} WireLine */

/** @typedef {{source: string, segment: string, offset: number}} Position */

/**
 * @typedef {object} Line
 * @property {number} row
 * @property {string} source
 * @property {string} segment
 * @property {number} offset
 * @property {string} text
 * @property {number} time ms since the epoch, NaN where the line has none
 * @property {number} level a code of levels.js
 * @property {number} head see Chunk
 * @property {[number, number][]} matches
 * @property {number | undefined} cut
 * @property {boolean} continues
 * @property {boolean} isLossy
 * @property {boolean} isContext it is here only because of a line beside it
 * @property {boolean} isApart lines between the row above and this one are not here
 * @property {number} fold see folds.js
 * @property {boolean} isUnfolded see Chunk
 */

/** A line of which nothing is known but its text. @type {Line} */
export const BARE_LINE = Object.freeze({
  row: 0,
  source: '',
  segment: '',
  offset: 0,
  text: '',
  time: Number.NaN,
  level: 0,
  head: 0,
  matches: [],
  cut: undefined,
  continues: false,
  isLossy: false,
  isContext: false,
  isApart: false,
  fold: 0,
  isUnfolded: false,
});

/** How far above a line it is looked for a time. */
const ABOVE_MAX = 100;

export class StoredLines extends Rows {
  count = 0;
  bytes = 0;
  /** The earliest time of any line since the last reset. */
  earliest = Number.POSITIVE_INFINITY;
  origins = new Origins();

  /**
   * @param {number} row a row that is here and no mark
   * @returns {Line}
   */
  lineAt(row) {
    const chunk = this.chunks[this.chunkIndex(row)];
    const at = row - chunk.first;
    const { source, segment } = this.origins.at(chunk.origin[at]);
    return {
      row,
      source,
      segment,
      offset: chunk.offset[at],
      text: chunk.text(at),
      time: chunk.time[at],
      level: chunk.level[at],
      head: chunk.head[at],
      matches: chunk.matches(at),
      cut: chunk.cut(at),
      continues: chunk.continues(at),
      isLossy: chunk.isLossy(at),
      isContext: chunk.isContext(at),
      isApart: this.isApart(row),
      fold: chunk.fold[at],
      isUnfolded: chunk.isUnfolded(at),
    };
  }

  /**
   * The nearest line of at least this level, beyond `row` in one direction.
   *
   * @param {number} row
   * @param {1 | -1} direction
   * @param {number} least
   * @returns {number} its row, or -1
   */
  nextOfLevel(row, direction, least) {
    return this.nextRow(row, direction, (chunk, at) => chunk.level[at] >= least);
  }

  /**
   * The row of a line, or of the last one before it of the same segment.
   *
   * @param {Position} position
   * @returns {number} -1 where no such line is here
   */
  rowOf({ source, segment, offset }) {
    const origin = this.origins.find({ source, segment });
    if (origin === undefined) return -1;
    return this.nextRow(this.end, -1, (chunk, at) => chunk.origin[at] === origin && chunk.offset[at] <= offset);
  }

  /**
   * The row of exactly this line.
   *
   * @param {Position} position
   * @returns {number} -1 where it is not here
   */
  exactRowOf(position) {
    const row = this.rowOf(position);
    return row >= 0 && this.lineAt(row).offset === position.offset ? row : -1;
  }

  /**
   * The position of the line at an end, as the server writes it.
   *
   * @param {1 | -1} direction 1 for the first one
   */
  edge(direction) {
    const row = this.nextRow(direction > 0 ? this.first - 1 : this.end, direction, () => true);
    if (row < 0) return null;
    const { segment, offset } = this.lineAt(row);
    return `${segment}.${offset}`;
  }

  /**
   * Lines of one segment at the end. What comes together goes into one chunk where it can, so that chunks begin
   * where events do.
   *
   * @param {WireLine[]} lines
   * @param {number} origin
   * @param {string} start the place before them, as the server knows it
   */
  push(lines, origin, start) {
    const fits = lines.length <= ROWS_MAX;
    let rest = lines.length;
    let length = textLength(lines);
    for (const line of lines) {
      const { chunk, isNew } = fits ? this.open(rest, length) : this.open(1, line.text.length);
      if (isNew && rest === lines.length) chunk.start = start;
      this.#pushLine(chunk, line, origin);
      this.grown();
      if (line.continues) this.#refold(this.chunks.length - 1, chunk.count - 1);
      rest -= 1;
      length -= line.text.length;
    }
  }

  /**
   * Lines of a page before the row `row`, or after the last one.
   *
   * @param {number} row
   * @param {HistoryLine[]} lines
   * @param {string | null} start
   */
  insertPage(row, lines, start) {
    if (lines.length === 0) return;
    const chunk = new Chunk(0, textLength(lines), lines.length * 2);
    chunk.start = start ?? '';
    /** @type {Map<string, string>} */
    const segments = new Map();
    for (const line of lines) {
      const { source, segment } = line;
      // Where one file of a source ends and its next begins, the reader is told.
      if ((segments.get(source) ?? segment) !== segment) chunk.pushMark({ kind: 'rotated', source, segment, time: NaN });
      segments.set(source, segment);
      this.#pushLine(chunk, line, this.origins.of(line));
    }
    this.insert(row, chunk);
    this.refold(chunk.first, chunk.end);
  }

  /**
   * The time of the nearest line above that says one, of the same segment.
   *
   * @param {number} row
   * @returns {number} ms, NaN where none is near
   */
  timeAbove(row) {
    const chunk = this.chunks[this.chunkIndex(row)];
    const origin = chunk.origin[row - chunk.first];
    for (let above = row - 1; above >= Math.max(this.first, row - ABOVE_MAX); above -= 1) {
      const before = this.chunks[this.chunkIndex(above)];
      if (!Number.isNaN(before.time[above - before.first]) && before.origin[above - before.first] === origin) return this.timeAt(above);
    }
    return Number.NaN;
  }

  /** Whether the row above is of the same segment. @param {number} row */
  isBelowItsOwn(row) {
    if (!this.has(row - 1)) return false;
    const [above, chunk] = [row - 1, row].map((at) => this.chunks[this.chunkIndex(at)]);
    return above.origin[row - 1 - above.first] === chunk.origin[row - chunk.first];
  }

  /** @param {number} row */
  timeAt(row) {
    const chunk = this.chunks[this.chunkIndex(row)];
    return chunk.time[row - chunk.first];
  }

  /** @param {number} row */
  foldOf(row) {
    const chunk = this.chunks[this.chunkIndex(row)];
    return chunk.fold[row - chunk.first];
  }

  /**
   * How many lines the row of a fold stands for.
   *
   * @param {number} row
   */
  foldedFrom(row) {
    let end = row + 1;
    while (end < this.end && this.foldOf(end) === HIDDEN) end += 1;
    return end - row;
  }

  /**
   * The rows of the record a line belongs to, as far as they are here.
   *
   * @param {number} row
   * @returns {[number, number]} first and last
   */
  recordOf(row) {
    let [first, end] = [row, row + 1];
    while (this.foldOf(first) > 0 && this.#foldAbove(first) !== null) first -= 1;
    while (end < this.end && this.foldOf(end) > 0 && this.#foldAbove(end) !== null) end += 1;
    return [first, end - 1];
  }

  /**
   * Shows a record whole, or not; or what a line holds, where it continues none.
   *
   * @param {number} row
   * @param {boolean} isUnfolded
   */
  unfold(row, isUnfolded) {
    const [head, last] = this.foldOf(row) > 0 ? this.recordOf(row) : [row, row];
    for (let at = head === row || this.foldOf(head) > 0 ? head : head + 1; at <= last; at += 1) {
      const chunk = this.chunks[this.chunkIndex(at)];
      chunk.unfold(at - chunk.first, isUnfolded);
      this.dispatchEvent(new CustomEvent('refolded', { detail: chunk }));
    }
    this.refold(head, last + 1);
  }

  /**
   * Folds rows anew, because others stand above them now.
   *
   * @param {number} row
   * @param {number} [end] from here on only what goes on the same record
   */
  refold(row, end = row) {
    for (let index = this.chunkIndex(row); index < this.chunks.length; index += 1) {
      const chunk = this.chunks[index];
      let isNews = false;
      let at = Math.max(row - chunk.first, 0);
      for (; at < chunk.count && (chunk.first + at < end || chunk.continues(at)); at += 1) {
        isNews = this.#refold(index, at) || isNews;
      }
      if (isNews) this.dispatchEvent(new CustomEvent('refolded', { detail: chunk }));
      if (at < chunk.count) return;
    }
  }

  /**
   * @param {number} index
   * @param {number} at
   */
  #refold(index, at) {
    const chunk = this.chunks[index];
    const above = chunk.continues(at) ? this.#foldAbove(chunk.first + at) : null;
    if (above !== null && above[0] > 0 && above[1]) chunk.unfold(at, true);
    return chunk.refold(at, above === null ? 0 : above[0]);
  }

  /**
   * Of the row above, where it is a line of the same segment with none between: how it is folded, and whether unfolded.
   *
   * @param {number} row
   * @returns {[number, boolean] | null}
   */
  #foldAbove(row) {
    if (row === this.first || this.isApart(row)) return null;
    const chunk = this.chunks[this.chunkIndex(row)];
    const before = row > chunk.first ? chunk : this.chunks[this.chunkIndex(row - 1)];
    const above = row - 1 - before.first;
    if (before.marks.has(above) || before.origin[above] !== chunk.origin[row - chunk.first]) return null;
    return [before.fold[above], before.isUnfolded(above)];
  }

  /**
   * @param {Chunk} chunk
   * @param {WireLine} line
   * @param {number} origin
   */
  #pushLine(chunk, line, origin) {
    const before = chunk.bytes;
    chunk.pushLine(line, origin);
    this.count += 1;
    this.bytes += chunk.bytes - before;
    this.origins.note(origin, line.offset);
    if (line.time !== undefined && line.time < this.earliest) this.earliest = line.time;
  }
}

/** @param {WireLine[]} lines */
function textLength(lines) {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}
