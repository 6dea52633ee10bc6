// @ts-check
// Lines packed in rows: put in singly at the end or as a page anywhere, read one by one, found by position.

import { Chunk, ROWS_MAX } from './chunk.js';
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
 */

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
