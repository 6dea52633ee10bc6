// @ts-check
// What can be done with the current line: copied as it is in the file, linked to, unfolded, or drawn
// to its full length. And what is done when a link to a line is opened.

import { readFields } from '../model/fields.js';
import { FURTHER, TOGGLE } from '../model/folds.js';
import { levelName } from '../model/levels.js';
import { clock } from '../model/wording.js';
import { copyAndTell } from './clipboard.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/page_state.js').Link} Link */
/** @typedef {import('../model/stored_lines.js').Line} Line */
/** @typedef {import('../model/stored_lines.js').Position} Position */
/** @typedef {import('./line_list.js').LineList} LineList */
/** @typedef {import('./navigation.js').Navigation} Navigation */
/** @typedef {import('./notices.js').Notices} Notices */

/**
 * @typedef {object} Server
 * @property {(source: string, place: [string, string][]) => Promise<import('../wire/payloads.js').HistoryAnswer>} unfiltered
 * @property {(source: string, position: string, bytes?: number) => Promise<string>} fetchLine
 * @property {(source: string, position: string) => string} rawAddress
 * @property {(at: string) => Promise<import('../wire/payloads.js').Resolution>} resolveLine
 */

const MORE_BYTES = 64 * 1024;

export class LineActions {
  #lines;
  #list;
  #navigation;
  #notices;
  #address;
  #server;
  /** What was fetched of cut lines, by position. @type {Map<string, string>} */
  #texts = new Map();

  /**
   * @param {{lines: Lines, list: LineList, navigation: Navigation, notices: Notices, address: () => URL, server: Server}} parts
   */
  constructor({ lines, list, navigation, notices, address, server }) {
    this.#lines = lines;
    this.#list = list;
    this.#navigation = navigation;
    this.#notices = notices;
    this.#address = address;
    this.#server = server;
  }

  /**
   * The text of a line as far as it is here.
   *
   * @param {Line} line
   */
  textOf(line) {
    return this.#texts.get(written(line)) ?? line.text;
  }

  /** The link to what is chosen. @returns {Link | null} */
  get link() {
    const { current, last } = this.#list;
    if (!this.#lines.has(current) || this.#lines.markAt(current) !== undefined) return null;
    const line = this.#lines.lineAt(current);
    const ts = Number.isNaN(line.time) ? '' : new Date(line.time).toISOString();
    return { at: written(line), ts, n: last - current + 1 };
  }

  /** What is chosen, whole lines as they are in the file. */
  async text() {
    const texts = await Promise.all(this.#chosen(true).map((line) => this.#wholeText(line)));
    return texts.join('\n');
  }

  /** Which lines are chosen, in words. */
  get words() {
    const [line, ...others] = this.#chosen();
    if (line === undefined) return '';
    const place = [Number.isNaN(line.time) ? '' : clock(line.time, false), line.source].filter(Boolean).join(', ');
    return `${others.length === 0 ? 'this line' : `these ${others.length + 1} lines`} (${place})`;
  }

  /** Copies what is chosen. */
  async copy() {
    const lines = this.#chosen(true);
    if (lines.length === 0) return;
    try {
      const what = lines.length === 1 ? 'Line' : `${lines.length} lines`;
      await copyAndTell(await this.text(), what, this.#notices);
    } catch (error) {
      this.#failed(error);
    }
  }

  async copyLink() {
    await copyAndTell(this.#address().href, 'Link', this.#notices);
  }

  /** Copies the JSON that the current line is, or the line as JSON. */
  async copyJson() {
    const [line] = this.#chosen();
    if (line === undefined) return;
    const text = await this.#wholeText(line);
    const { source, segment, offset, time, level } = line;
    const fields = readFields(text, line.head);
    const when = Number.isNaN(time) ? undefined : new Date(time).toISOString();
    const json = fields?.isJson ? text.slice(fields.from) : JSON.stringify({ source, segment, offset, time: when, level: levelName(level) || undefined, text });
    await copyAndTell(json, 'JSON', this.#notices);
  }

  /**
   * Unfolds the record of a line, or what it holds; or folds it.
   *
   * @param {number} row
   */
  toggle(row) {
    const [, last] = this.#lines.recordOf(row);
    let at = row;
    while (this.#lines.foldOf(at) < FURTHER && at < last) at += 1;
    const isRecord = this.#lines.foldOf(at) >= FURTHER;
    this.#list.unfold(isRecord ? at : row, !this.#lines.lineAt(isRecord ? at : row).isUnfolded);
  }

  /**
   * Draws more of a line that was cut.
   *
   * @param {number} row
   */
  async more(row) {
    const line = this.#lines.lineAt(row);
    const shown = this.textOf(line).length;
    try {
      const bytes = this.#texts.has(written(line)) ? shown + MORE_BYTES : 2 * MORE_BYTES;
      const text = line.cut === undefined ? line.text : await this.#server.fetchLine(line.source, written(line), bytes);
      this.#texts.set(written(line), text);
      this.#list.redraw();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** @param {number} row */
  download(row) {
    const line = this.#lines.lineAt(row);
    location.assign(this.#server.rawAddress(line.source, written(line)));
  }

  /**
   * Opens a link: the line, wherever its file is now; or the time nearest to it; or a sentence.
   *
   * @param {Link} link
   * @returns {Promise<string>} what the reader has to be told
   */
  async open({ at, ts, n }) {
    const found = await this.#server.resolveLine(at).catch(() => ({ found: /** @type {const} */ ('gone') }));
    if (found.found === 'gone') return this.#openTime(ts);
    const position = /** @type {Position & {name: string}} */ (found);
    let row = await this.#navigation.toLine(position, 1 / 3);
    let note = found.found === 'moved' ? `This line is in ${position.name} now (its file was rotated).` : '';
    if (this.#lines.exactRowOf(position) < 0) {
      const { lines } = await this.#server.unfiltered(position.source, [['around', at], ['limit', '2']]);
      this.#lines.fill(row + 1, lines.filter(({ offset }) => offset === position.offset).map(asContext));
      row = this.#lines.exactRowOf(position);
      note = `${note} This line is not matched by the filter; it is shown all the same.`.trim();
    }
    this.#list.jump(row, 1 / 3);
    this.#list.current = row;
    if (n > 1) this.#list.last = Math.min(row + n, this.#lines.end) - 1;
    return note;
  }

  /** @param {string} ts */
  async #openTime(ts) {
    const page = ts === '' ? null : await this.#navigation.toTime(ts);
    const link = page === null ? null : this.link;
    if (link === null) return 'That line no longer exists.';
    return `That line is gone (rotated away). Showing the nearest time: ${link.ts.slice(11, 23)}.`;
  }

  /** @param {boolean} [isWhole] where the first line of a record stands for all of it */
  #chosen(isWhole = false) {
    /** @type {Line[]} */
    const lines = [];
    const { current, last } = this.#list;
    if (!this.#lines.has(last)) return lines;
    const isRecord = isWhole && (this.#lines.foldOf(last) === 0 || this.#lines.foldOf(last) === TOGGLE);
    const end = isRecord ? this.#lines.recordOf(last)[1] : last;
    for (let row = current; row >= 0 && row <= end; row += 1) {
      if (this.#lines.has(row) && this.#lines.markAt(row) === undefined) lines.push(this.#lines.lineAt(row));
    }
    return lines;
  }

  /** @param {Line} line */
  async #wholeText(line) {
    return line.cut === undefined ? line.text : this.#server.fetchLine(line.source, written(line));
  }

  /** @param {unknown} error */
  #failed(error) {
    this.#notices.toast(error instanceof Error ? error.message : String(error));
  }
}

/** @param {Position} position */
function written({ segment, offset }) {
  return `${segment}.${offset}`;
}

/**
 * @param {import('../wire/payloads.js').HistoryLine} line
 * @returns {import('../wire/payloads.js').HistoryLine}
 */
function asContext(line) {
  return { ...line, context: true };
}
