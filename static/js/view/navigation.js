// @ts-check
// Goes to other places of the log: to a line, to a share of all bytes, to a moment, to either end. What is here is
// only scrolled to; for the rest a page is asked for. Each leap is told, so that the browser's Back can undo it.

/** @typedef {import('../model/extent.js').Extent} Extent */
/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/pager.js').Pager} Pager */
/** @typedef {import('../model/stored_lines.js').Position} Position */
/** @typedef {import('./line_list.js').LineList} LineList */

const SCRUB_MS = 80;

/** Dispatches `leaving` before a leap and `arrived` after it; `failed` with the error where it was refused. */
export class Navigation extends EventTarget {
  #lines;
  #list;
  #following;
  #pager;
  #extent;
  #findLine;
  #measure;
  #wantsHome = false;
  /** Where the hand is on the strip. @type {number | null} */
  #share = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #scrubTimer;

  /**
   * @param {object} parts
   * @param {Lines} parts.lines
   * @param {LineList} parts.list
   * @param {Following} parts.following
   * @param {Pager} parts.pager
   * @param {Extent} parts.extent
   * @param {(number: number, source: string) => Promise<Position | string>} parts.findLine by its number, or why not
   * @param {() => Promise<void>} parts.measure the files, which makes the extent known
   */
  constructor({ lines, list, following, pager, extent, findLine, measure }) {
    super();
    this.#lines = lines;
    this.#list = list;
    this.#following = following;
    this.#pager = pager;
    this.#extent = extent;
    this.#findLine = findLine;
    this.#measure = measure;
    following.addEventListener('change', () => {
      if (following.isFollowing) this.stay();
    });
  }

  /**
   * Shows a line and makes it the current one.
   *
   * @param {Position} position
   * @param {number} [share] of the screen above it
   * @returns {Promise<number>} its row, or of the line nearest to it; -1 where the leap failed
   */
  async toLine(position, share) {
    const row = this.#lines.exactRowOf(position);
    if (row >= 0) {
      this.#leave();
      if (share === undefined) this.#list.reveal(row);
      else this.#list.jump(row, share);
      return this.#arrive(row);
    }
    const { segment, offset } = position;
    const page = await this.#leap([['around', `${segment}.${offset}`]]);
    if (page === null) return -1;
    const near = this.#lines.rowOf(position);
    return this.#show(near < 0 ? this.#rowOf(page) : near, share);
  }

  /**
   * To the last line of the file that was rotated away.
   *
   * @param {number} boundary its row
   */
  toEndOfOlder(boundary) {
    const source = this.#lines.markAt(boundary)?.source;
    const row = this.#lines.nextRow(boundary, -1, (chunk, at) => this.#lines.origins.at(chunk.origin[at]).source === source);
    this.#leave();
    // Where it is not here yet, it comes when the boundary is at the top.
    if (row < 0) this.#list.jump(boundary, 1 / 3);
    else this.#show(row, 2 / 3);
  }

  /** The files are known now. */
  measured() {
    if (this.#wantsHome) this.home();
  }

  /**
   * Back to where the reader was, after other lines have come; or the last line before it that is left.
   *
   * @param {LineList['place']} place null for the end
   */
  restore(place) {
    const row = place === null ? -1 : this.#lines.rowOf(place);
    if (place === null || (row < 0 && this.#lines.older === null)) {
      if (!this.#lines.isEmpty) this.#list.jump(this.#lines.end - 1, 0);
    } else if (row < 0) {
      this.toLine(place, place.share);
    } else {
      this.#list.jump(row, place.share);
      if (place.isCurrent) this.#list.current = row;
    }
  }

  /** The reader does not want to be any more where a page is still asked for. */
  stay() {
    this.#wantsHome = false;
    this.#pager.stay();
  }

  /** To the first byte of the oldest file. */
  async home() {
    if (this.#lines.older === null) {
      this.#leave();
      this.#list.jump(this.#lines.first, 1);
      this.#arrived();
      return;
    }
    const { start } = this.#extent;
    this.#wantsHome = start === null;
    if (start === null) return;
    const page = await this.#leap([['around', `${start.segment}.0`]]);
    if (page === null || this.#lines.isEmpty) return;
    this.#list.jump(this.#lines.first, 1);
    this.#arrived();
  }

  /**
   * The hand is on the strip, and is followed when it rests.
   *
   * @param {number} share of all bytes
   */
  scrub(share) {
    if (this.#share === null) this.#leave();
    this.#share = share;
    clearTimeout(this.#scrubTimer);
    this.#scrubTimer = setTimeout(() => this.#toShare(share), SCRUB_MS);
  }

  /** It has let go. */
  async scrubbed() {
    clearTimeout(this.#scrubTimer);
    const share = this.#share;
    this.#share = null;
    if (share === null) return;
    await this.#toShare(share);
    this.#arrived();
  }

  /** @param {number} share of all bytes, which comes into the middle of the screen */
  async #toShare(share) {
    const place = this.#extent.at(share);
    if (place === null) return;
    const row = this.#lines.rowOf(place);
    const isHere = row >= 0 && (row < this.#lines.end - 1 || this.#lines.isAttached);
    if (isHere) {
      this.#following.pause();
      this.#list.jump(row, 1 / 2);
      return;
    }
    this.#following.pause();
    const page = await this.#ask([['around', `${place.segment}.${place.offset}`]]);
    if (page === null || this.#lines.isEmpty) return;
    const near = this.#lines.rowOf(place);
    this.#list.jump(near < 0 ? this.#rowOf(page) : near, 1 / 2);
  }

  /**
   * To the first line that is not older than a moment.
   *
   * @param {string} time as the server understands it
   * @returns {Promise<import('../wire/payloads.js').HistoryAnswer | null>}
   */
  async toTime(time) {
    const page = await this.#leap([['at', time]]);
    if (page !== null) this.#show(this.#rowOf(page), 1 / 3);
    if (page?.approximate) this.dispatchEvent(new Event('approximate'));
    return page;
  }

  /**
   * So far on in time from the current line, or the first on the screen that has a time.
   *
   * @param {number} milliseconds
   */
  async byTime(milliseconds) {
    const { current, topRow } = this.#list;
    const start = this.#lines.has(current) ? current : topRow;
    const row = this.#lines.nextRow(start - 1, 1, (chunk, at) => !Number.isNaN(chunk.time[at]));
    if (row >= 0) await this.toTime(String(this.#lines.lineAt(row).time + milliseconds));
  }

  /**
   * @param {import('../model/destination.js').Destination} destination
   * @returns {Promise<string>} what is wrong with it
   */
  async toDestination(destination) {
    if ('line' in destination) return this.#toLineNumber(destination.line);
    if ('time' in destination) {
      let message = '';
      const failed = (/** @type {Event} */ event) => { message = /** @type {CustomEvent} */ (event).detail.message; };
      this.addEventListener('failed', failed);
      await this.toTime(destination.time);
      this.removeEventListener('failed', failed);
      return message;
    }
    this.#leave();
    if (this.#extent.start === null) await this.#measure();
    await this.#toShare('share' in destination ? destination.share : destination.byte / Math.max(this.#extent.total, 1));
    this.#arrived();
    return '';
  }

  /**
   * @param {number} number in its file, from 1
   * @returns {Promise<string>} what is wrong with it
   */
  async #toLineNumber(number) {
    const { place } = this.#list;
    const position = await this.#findLine(number, place?.isCurrent ? place.source : '').catch((error) => error.message);
    if (typeof position === 'string') return position;
    await this.toLine(position, 1 / 3);
    return '';
  }

  /** @param {import('../model/pager.js').Parameters} place */
  async #leap(place) {
    this.#leave();
    return this.#ask(place);
  }

  /** @param {import('../model/pager.js').Parameters} place */
  async #ask(place) {
    try {
      return await this.#pager.jump(place);
    } catch (error) {
      this.dispatchEvent(new CustomEvent('failed', { detail: error }));
      return null;
    }
  }

  /**
   * The row of the line that was meant with a page.
   *
   * @param {import('../wire/payloads.js').HistoryAnswer} page
   */
  #rowOf({ lines, line }) {
    const meant = lines.find(({ segment, offset }) => `${segment}.${offset}` === line) ?? lines[lines.length >> 1];
    return meant === undefined ? -1 : this.#lines.exactRowOf(meant);
  }

  /**
   * @param {number} row
   * @param {number} [share]
   */
  #show(row, share = 1 / 3) {
    if (row < 0) return -1;
    this.#list.jump(row, share);
    return this.#arrive(row);
  }

  #leave() {
    this.dispatchEvent(new Event('leaving'));
    this.#following.pause();
  }

  /** @param {number} row */
  #arrive(row) {
    this.#list.current = row;
    this.#arrived();
    return row;
  }

  #arrived() {
    this.dispatchEvent(new Event('arrived'));
  }
}
