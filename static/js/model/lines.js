// @ts-check
// What the page holds of the log: rows in the order they arrived, in packed chunks, bounded in number and size.
//
// The file is the log, so dropping the oldest rows loses nothing. The rows a paused reader looks at are held:
// they stay, the rows after them go, and a mark says how many. A row keeps its number as long as it is here;
// numbers only ever grow, and may have holes where rows were dropped.

import { Chunk, ROWS_MAX } from './chunk.js';
import { ERROR, levelCode } from './levels.js';

/** @typedef {import('../wire/payloads.js').LogEvent} LogEvent */
/** @typedef {import('../wire/payloads.js').GapEvent} GapEvent */
/** @typedef {import('../wire/payloads.js').RotatedEvent} RotatedEvent */
/** @typedef {import('../wire/payloads.js').TruncatedEvent} TruncatedEvent */

/**
 * A row that is no line. `omitted` is the page's own: rows it dropped between two parts it kept.
 * @typedef {({kind: 'gap'} & GapEvent) | ({kind: 'rotated'} & RotatedEvent) | ({kind: 'truncated'} & TruncatedEvent)
 *   | {kind: 'omitted', lines: number}} Mark
 */

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
 */

/** @typedef {{source: string, segment: string, lastOffset: number}} Origin */

const LINES_MAX = 500_000;
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

export class Lines extends EventTarget {
  /** Lines since the page was opened or its filter changed, with those dropped meanwhile. */
  received = 0;
  /** The same by level code. */
  receivedByLevel = new Float64Array(7);
  count = 0;
  bytes = 0;
  /** True where the log has lines before the first one here. */
  hasOlder = false;
  /** The earliest time of any line since the last reset. */
  earliest = Number.POSITIVE_INFINITY;

  #limits;
  /** @type {Chunk[]} */
  #chunks = [];
  #nextRow = 0;
  /** @type {Origin[]} */
  #origins = [];
  /** @type {Map<string, number>} */
  #originIndex = new Map();
  /** @type {[number, number] | null} */
  #held = null;

  /** @param {{lines: number, bytes: number}} [limits] */
  constructor(limits = { lines: LINES_MAX, bytes: TEXT_BYTES_MAX }) {
    super();
    this.#limits = limits;
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
    return this.#chunks.length === 0 ? this.#nextRow : this.#chunks[0].first;
  }

  /** One more than the number of the last row. */
  get end() {
    return this.#nextRow;
  }

  get receivedErrors() {
    return this.receivedByLevel[ERROR] + this.receivedByLevel[ERROR + 1];
  }

  /**
   * Takes what one `log` event brought. A line that is here already is not taken again, so that a server that
   * repeats itself after a reconnect does no harm.
   *
   * @param {LogEvent} event
   */
  append({ source, segment, lines }) {
    const index = this.#origin(source, segment);
    const origin = this.#origins[index];
    for (const line of lines) {
      if (line.offset <= origin.lastOffset) continue;
      if (origin.lastOffset < 0 && line.offset > 0) this.hasOlder = true;
      origin.lastOffset = line.offset;
      this.#appendLine(line, index);
    }
    this.#trim();
    this.dispatchEvent(new Event('change'));
  }

  /** @param {Mark} mark */
  mark(mark) {
    if (mark.kind === 'truncated') this.#forgetOffsets(mark.source);
    this.#open(0).pushMark(mark);
    this.#nextRow += 1;
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Keeps the rows a paused reader sees from being dropped; null when following again.
   *
   * @param {[number, number] | null} rows first and last
   */
  hold(rows) {
    this.#held = rows;
  }

  /** Forgets everything: another filter or choice of sources begins. Row numbers go on. */
  reset() {
    this.#chunks = [];
    this.#origins = [];
    this.#originIndex.clear();
    this.#held = null;
    this.received = this.count = this.bytes = 0;
    this.receivedByLevel.fill(0);
    this.hasOlder = false;
    this.earliest = Number.POSITIVE_INFINITY;
    this.dispatchEvent(new Event('reset'));
    this.dispatchEvent(new Event('change'));
  }

  /**
   * The chunk of a row; of the next row there is where that one was dropped; the last chunk beyond the end.
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
    if (this.isEmpty) return this.#nextRow;
    const chunk = this.#chunks[this.chunkIndex(row)];
    return Math.min(Math.max(row, chunk.first), chunk.end - 1);
  }

  /**
   * @param {number} row a row that is here
   * @param {1 | -1} direction
   * @returns {number} the row beside it, or -1 at the end
   */
  beside(row, direction) {
    const index = this.chunkIndex(row);
    const chunk = this.#chunks[index];
    if (row + direction >= chunk.first && row + direction < chunk.end) return row + direction;
    const next = this.#chunks[index + direction];
    if (next === undefined) return -1;
    return direction > 0 ? next.first : next.end - 1;
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
   * @param {number} row a row that is here and no mark
   * @returns {Line}
   */
  lineAt(row) {
    const chunk = this.#chunks[this.chunkIndex(row)];
    const at = row - chunk.first;
    const { source, segment } = this.#origins[chunk.origin[at]];
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
   * @param {number} row
   * @param {1 | -1} direction
   * @param {(chunk: Chunk, at: number) => boolean} isWanted
   * @returns {number}
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
      at = direction > 0 ? 0 : ROWS_MAX;
    }
    return -1;
  }

  /**
   * The row of a line, or of the last one before it of the same segment.
   *
   * @param {{source: string, segment: string, offset: number}} position
   * @returns {number} -1 where no such line is here
   */
  rowOf({ source, segment, offset }) {
    const origin = this.#originIndex.get(originKey(source, segment));
    if (origin === undefined) return -1;
    return this.nextRow(this.#nextRow, -1, (chunk, at) => chunk.origin[at] === origin && chunk.offset[at] <= offset);
  }

  /**
   * @param {import('../wire/payloads.js').WireLine} line
   * @param {number} origin
   */
  #appendLine(line, origin) {
    const chunk = this.#open(line.text.length);
    const before = chunk.bytes;
    chunk.pushLine(line, origin);
    this.#nextRow += 1;
    this.count += 1;
    this.bytes += chunk.bytes - before;
    this.received += 1;
    this.receivedByLevel[levelCode(line.level)] += 1;
    if (line.time !== undefined && line.time < this.earliest) this.earliest = line.time;
  }

  /**
   * The chunk the next row goes to.
   *
   * @param {number} textLength
   */
  #open(textLength) {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.hasRoom(textLength)) return last;
    last?.seal();
    const chunk = new Chunk(this.#nextRow, textLength);
    this.#chunks.push(chunk);
    return chunk;
  }

  /**
   * @param {string} source
   * @param {string} segment
   */
  #origin(source, segment) {
    const key = originKey(source, segment);
    const known = this.#originIndex.get(key);
    if (known !== undefined) return known;
    this.#origins.push({ source, segment, lastOffset: -1 });
    this.#originIndex.set(key, this.#origins.length - 1);
    return this.#origins.length - 1;
  }

  /**
   * An emptied file may be refilled under the same segment: its offsets begin again.
   *
   * @param {string} source
   */
  #forgetOffsets(source) {
    for (const origin of this.#origins) if (origin.source === source) origin.lastOffset = -1;
  }

  #trim() {
    while (this.count > this.#limits.lines || this.bytes > this.#limits.bytes) {
      const index = this.#chunks.findIndex((chunk) => !this.#isHeld(chunk) && !isOmission(chunk));
      if (index < 0 || index === this.#chunks.length - 1) return;
      this.#drop(index);
    }
  }

  /** @param {number} index */
  #drop(index) {
    const chunk = this.#chunks[index];
    this.count -= chunk.lineCount;
    this.bytes -= chunk.bytes;
    const isFirst = this.#chunks.slice(0, index).every(isOmission);
    if (isFirst) {
      this.#chunks.splice(0, index + 1);
      this.hasOlder = true;
      return;
    }
    const before = omission(this.#chunks[index - 1]);
    const lines = chunk.lineCount + (before?.lines ?? 0);
    const mark = new Chunk(chunk.end - 1, 0);
    mark.pushMark({ kind: 'omitted', lines });
    mark.seal();
    this.#chunks.splice(before === null ? index : index - 1, before === null ? 1 : 2, mark);
  }

  /** @param {Chunk} chunk */
  #isHeld(chunk) {
    return this.#held !== null && chunk.first <= this.#held[1] && chunk.end > this.#held[0];
  }
}

/**
 * @param {string} source
 * @param {string} segment
 */
function originKey(source, segment) {
  return `${segment} ${source}`;
}

/**
 * The mark of a chunk that only says that rows were dropped.
 *
 * @param {Chunk} chunk
 */
function omission(chunk) {
  const mark = chunk.count === 1 ? chunk.marks.get(0) : undefined;
  return mark?.kind === 'omitted' ? mark : null;
}

/** @param {Chunk} chunk */
function isOmission(chunk) {
  return omission(chunk) !== null;
}
