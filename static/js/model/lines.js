// @ts-check
// What the page holds of the log: one window over it, from some line to some later one, bounded in number and size.
// It grows at the end by what the stream brings, as long as it is attached to the live end, and at both ends by
// pages of history. What is dropped at one end can be fetched again, because the file is the log.
//
// While the window is detached, the stream is only counted. Every place where the window may be continued is known
// as the server knows it: as the id of an event, the token of a page, or the position of a line.

import { Chunk } from './chunk.js';
import { ERROR, levelCode } from './levels.js';
import { movedRow } from './rows.js';
import { StoredLines } from './stored_lines.js';

/** @typedef {import('../wire/payloads.js').LogEvent} LogEvent */
/** @typedef {import('../wire/payloads.js').GapEvent} GapEvent */
/** @typedef {import('../wire/payloads.js').HistoryAnswer} HistoryAnswer */
/** @typedef {import('../wire/payloads.js').HistoryLine} HistoryLine */
/** @typedef {import('../wire/payloads.js').RotatedEvent} RotatedEvent */
/** @typedef {import('../wire/payloads.js').TruncatedEvent} TruncatedEvent */

/**
 * A row that is no line. `isLoading` while the lines of a gap are on their way.
 * @typedef {({kind: 'gap', isLoading?: boolean} & GapEvent) | ({kind: 'rotated'} & RotatedEvent)
 *   | ({kind: 'truncated'} & TruncatedEvent) | Left} Mark
 */

/**
 * The reader had come so far at `at`, ms.
 * @typedef {{kind: 'left', source: string, segment: string, at: number, since: {lines: number, errors: number} | null}} Left
 */

const LINES_MAX = 500_000;
const TEXT_BYTES_MAX = 64 * 1024 * 1024;
/** Events of the stream that are kept aside while a page is awaited that may reach up to them. */
const ASIDE_MAX = 1000;

export class Lines extends StoredLines {
  /** Lines since the page was opened or its filter changed, with those that are not here. */
  received = 0;
  /** The same by level code. */
  receivedByLevel = new Float64Array(7);
  /** True where the log is known to have lines before the first one here. */
  hasOlder = false;
  /** The reader wanted an empty screen: what was there is not fetched again before `restore`. */
  isCleared = false;
  /** The id of the newest event of the stream. */
  cursor = '';

  #limits;
  /** @type {[number, number] | null} */
  #held = null;
  #isAttached = true;
  /** Where older and newer lines are to be had: null where there are none, '' beside the line at the edge. @type {string | null} */
  #older = '';
  /** @type {string | null} */
  #newer = null;
  /** @type {(() => void)[] | null} */
  #aside = null;

  /**
   * @param {{lines: number, bytes: number}} [limits]
   * @param {number} [firstRow]
   */
  constructor(limits = { lines: LINES_MAX, bytes: TEXT_BYTES_MAX }, firstRow = undefined) {
    super(firstRow);
    this.#limits = limits;
    this.addEventListener('moved', (event) => {
      if (this.#held !== null) this.#held = [movedRow(this.#held[0], event), movedRow(this.#held[1], event)];
    });
  }

  /** True while the last row here is the newest of the log. */
  get isAttached() {
    return this.#isAttached;
  }

  /** What older lines are to be asked for with, null where there are none. */
  get older() {
    if (this.isCleared) return null;
    if (this.#older !== '') return this.#older;
    return this.chunks[0]?.start || this.edge(1) || this.cursor || null;
  }

  /** What newer lines are to be asked for with, null at the end of the log. */
  get newer() {
    return this.#newer === '' ? this.edge(-1) ?? (this.cursor || null) : this.#newer;
  }

  get receivedErrors() {
    return this.receivedByLevel[ERROR] + this.receivedByLevel[ERROR + 1];
  }

  /**
   * Takes what one `log` event brought. A line that is here already is not taken again, so that neither a server
   * that repeats itself after a reconnect nor a page that reaches into the stream does harm.
   *
   * @param {LogEvent} event
   * @param {string} [cursor] the id of the event
   */
  append(event, cursor = '') {
    const fresh = () => {
      const { most } = this.origins.at(this.origins.of(event));
      return event.lines.filter(({ offset }) => offset > most);
    };
    this.#count(this.#isAttached ? fresh() : event.lines);
    const start = this.cursor;
    this.#arrived(() => this.#push(fresh(), this.origins.of(event), start));
    this.cursor = cursor;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {Mark} mark */
  mark(mark) {
    this.#arrived(() => {
      if (mark.kind === 'truncated') this.origins.begin(mark.source);
      this.open(1, 0).chunk.pushMark(mark);
      this.grown();
    });
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Begins with a page, which reaches up to where the stream is.
   *
   * @param {HistoryAnswer} page
   * @param {string} cursor id of the last event before
   */
  begin(page, cursor) {
    this.reset();
    this.#count(page.lines);
    this.prepend(page);
    this.cursor = cursor;
  }

  /**
   * Puts a page of history in the place of all rows.
   *
   * @param {HistoryAnswer} page
   */
  replace(page) {
    this.dropAll();
    this.#clear();
    this.#isAttached = false;
    this.#newer = page.newer ?? '';
    this.dispatchEvent(new Event('reset'));
    this.prepend(page);
  }

  /**
   * Lines before the first one here.
   *
   * @param {HistoryAnswer} page
   */
  prepend({ lines, older }) {
    const fresh = lines.filter((line) => this.origins.isBeyond(line, -1));
    this.#older = older;
    this.hasOlder = older !== null;
    this.insertPage(this.first, fresh, older);
    while (this.#isFull && this.#mayDrop(-1)) this.#dropLast();
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Lines after the last one here, while the window is detached.
   *
   * @param {HistoryAnswer} page
   */
  extend({ lines, newer }) {
    const fresh = lines.filter((line) => this.origins.isBeyond(line, 1));
    this.insertPage(this.end, fresh, this.newer);
    this.#newer = newer;
    while (this.#isFull && this.#mayDrop(0)) this.#dropFirst();
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Lines in between, before the row `row`.
   *
   * @param {number} row
   * @param {HistoryLine[]} lines
   */
  fill(row, lines) {
    if (lines.length > 0) this.insertPage(row, lines, '');
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Other words for a mark, or its end.
   *
   * @param {number} row
   * @param {Mark | null} mark
   */
  remark(row, mark) {
    const chunk = this.chunks[this.chunkIndex(row)];
    if (mark === null) {
      this.remove(row);
      this.refold(row + 1);
    } else {
      chunk.marks.set(row - chunk.first, mark);
    }
    this.dispatchEvent(new CustomEvent('remarked', { detail: row }));
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Lines after a row, and the errors among them.
   *
   * @param {number} row
   */
  after(row) {
    const since = { lines: 0, errors: 0 };
    for (const chunk of this.chunks.slice(this.chunkIndex(row))) {
      for (let at = Math.max(row + 1 - chunk.first, 0); at < chunk.count; at += 1) {
        if (chunk.marks.has(at)) continue;
        since.lines += 1;
        if (chunk.level[at] >= ERROR && !chunk.continues(at)) since.errors += 1;
      }
    }
    return since;
  }

  /**
   * Says after a line that the reader had come so far, and nowhere else any more.
   *
   * @param {import('./stored_lines.js').Position} position
   * @param {Left} mark
   */
  markLeft(position, mark) {
    for (const chunk of this.chunks) {
      const at = [...chunk.marks].find(([, { kind }]) => kind === 'left')?.[0];
      if (at !== undefined) this.remove(chunk.first + at);
    }
    const row = this.exactRowOf(position);
    if (row >= 0) {
      const chunk = new Chunk(0, 0, 1);
      chunk.pushMark(mark);
      this.insert(row + 1, chunk);
    }
    this.dispatchEvent(new Event('change'));
  }

  /** From now on what the stream brings is kept aside, because a page is awaited that may reach the live end. */
  reachOut() {
    if (!this.#isAttached) this.#aside = [];
  }

  /**
   * The page reached the live end: the stream goes on from the last row here. Not so where too much has come
   * meanwhile; then another page has to be asked for.
   */
  attach() {
    const aside = this.#aside;
    this.#aside = null;
    if (aside === null) {
      this.#newer = '';
      return;
    }
    this.#isAttached = true;
    this.#newer = null;
    for (const take of aside) take();
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

  /** Empties the screen, and goes on with what comes. */
  clear() {
    this.dropAll();
    this.#clear();
    this.isCleared = true;
    this.dispatchEvent(new Event('reset'));
    this.dispatchEvent(new Event('change'));
  }

  /** What was there before the screen was cleared may be fetched again. */
  restore() {
    this.isCleared = false;
    this.hasOlder = this.older !== null;
    this.dispatchEvent(new Event('change'));
  }

  /** Forgets everything: another filter or choice of sources begins. Row numbers go on. */
  reset() {
    this.dropAll();
    this.#clear();
    this.#isAttached = true;
    this.received = 0;
    this.receivedByLevel.fill(0);
    this.earliest = Number.POSITIVE_INFINITY;
    this.dispatchEvent(new Event('reset'));
    this.dispatchEvent(new Event('change'));
  }

  /** @param {import('../wire/payloads.js').WireLine[]} lines that were received */
  #count(lines) {
    this.received += lines.length;
    for (const { level, continues } of lines) {
      // A line of a stack trace says no level, and has that of its record.
      if (level !== undefined || !continues) this.receivedByLevel[levelCode(level)] += 1;
    }
  }

  get #isFull() {
    return this.count > this.#limits.lines || this.bytes > this.#limits.bytes;
  }

  #clear() {
    this.origins.clear();
    this.#held = this.#aside = null;
    this.count = this.bytes = 0;
    this.hasOlder = this.isCleared = false;
    this.#older = '';
    this.#newer = null;
  }

  /**
   * What the stream brings is taken in at the live end, or kept aside, or only counted.
   *
   * @param {() => void} take
   */
  #arrived(take) {
    if (this.#isAttached) {
      take();
      this.#trim();
    } else if (this.#aside !== null && this.#aside.length < ASIDE_MAX) {
      this.#aside.push(take);
    } else {
      this.#aside = null;
    }
  }

  /**
   * @param {import('../wire/payloads.js').WireLine[]} lines
   * @param {number} origin
   * @param {string} start
   */
  #push(lines, origin, start) {
    if (this.origins.at(origin).most < 0 && lines[0]?.offset > 0 && !this.isCleared) this.hasOlder = true;
    this.push(lines, origin, start);
  }

  /**
   * Of the stream, the newest lines are kept; but what a paused reader looks at stays, and then the stream is left.
   */
  #trim() {
    while (this.#isFull && this.#mayDrop(0)) this.#dropFirst();
    while (this.#isFull && this.#mayDrop(-1) && this.#held !== null) this.#dropLast();
  }

  #dropFirst() {
    this.#forget(this.dropFirst(), -1);
    this.refold(this.first);
    this.#older = '';
    this.hasOlder = true;
  }

  #dropLast() {
    const chunk = this.dropLast();
    this.#forget(chunk, 1);
    this.#newer = chunk.start;
    this.#isAttached = false;
  }

  /**
   * @param {Chunk} chunk
   * @param {1 | -1} direction
   */
  #forget(chunk, direction) {
    this.count -= chunk.lineCount;
    this.bytes -= chunk.bytes;
    this.origins.forget(chunk, direction);
  }

  /** @param {0 | -1} index of a chunk, from the start or the end */
  #mayDrop(index) {
    const chunk = this.chunks.at(index);
    if (chunk === undefined || this.chunks.length === 1) return false;
    return this.#held === null || chunk.first > this.#held[1] || chunk.end <= this.#held[0];
  }
}
