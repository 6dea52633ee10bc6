// @ts-check
// The arithmetic of the virtual list: which rows to draw at a scroll position, and where. Knows numbers only,
// so it runs without a page.
//
// Rows lie on a canvas of at most six million pixels, because browsers lose precision beyond. The canvas is
// tied to the log at one row, the anchor. While paused, rows that arrive or are dropped change the ends of
// the canvas and never the place of what is read, so nothing has to be scrolled back. Only when the reader
// comes near an end of the canvas while the log goes on there is the canvas laid anew, under a still picture.

import { movedRow } from './rows.js';

/** @typedef {import('./heights.js').Heights} Heights */
/** @typedef {import('./lines.js').Lines} Lines */

/**
 * @typedef {object} Screen
 * @property {number} scrollTop
 * @property {number} height of the visible part
 * @property {boolean} isFollowing
 * @property {boolean} isScrolling the reader's hand is on it: moving the canvas now would stop it
 */

/**
 * @typedef {object} Placement
 * @property {number} canvasHeight
 * @property {number} scrollTop where the screen has to be
 * @property {number} first row to draw, -1 for none
 * @property {number} last row to draw
 * @property {number} top of the first row to draw, on the canvas
 */

const CANVAS_MAX = 6_000_000;
/** Rows drawn at once, whatever the size of screen and type. */
const ROWS_MAX = 240;
const OVERSCAN_FOLLOWING = 12;

export class Viewport {
  #lines;
  #heights;
  #canvasMax;
  /** Space kept above the first row, for the words on what lies before it. */
  leading = 0;
  /** Space kept below the last row. */
  trailing = 0;
  /** @type {{row: number, y: number}} */
  #anchor = { row: 0, y: 0 };

  /**
   * @param {Lines} lines
   * @param {Heights} heights
   * @param {number} [canvasMax]
   */
  constructor(lines, heights, canvasMax = CANVAS_MAX) {
    this.#lines = lines;
    this.#heights = heights;
    this.#canvasMax = canvasMax;
  }

  /**
   * @param {Screen} screen
   * @returns {Placement}
   */
  place(screen) {
    if (this.#lines.isEmpty) return { canvasHeight: screen.height, scrollTop: 0, first: -1, last: -1, top: 0 };
    const scrollTop = screen.isFollowing ? this.#placeEnd(screen) : this.#placeStill(screen);
    const canvasHeight = Math.max(Math.min(this.#endY(), this.#canvasMax), screen.height);
    return { canvasHeight, scrollTop, ...this.#rowsAround(scrollTop, screen) };
  }

  /**
   * Where a row lies on the canvas.
   *
   * @param {number} row
   */
  y(row) {
    const anchorRow = this.#lines.nearest(this.#anchor.row);
    return this.#anchor.y + this.#heights.top(row) - this.#heights.top(anchorRow);
  }

  /**
   * The row at a place on the canvas.
   *
   * @param {number} y
   */
  rowAt(y) {
    return this.#heights.rowAt(y - this.#startY() - this.leading);
  }

  /**
   * Ties the canvas to a row where it lies now, so that it stays there when heights change.
   *
   * @param {number} row
   */
  tie(row) {
    this.#anchor = { row, y: this.y(row) };
  }

  /**
   * Ties it to what is read: the first row that can be seen whole, so that one which is cut by the upper edge may
   * become lower or higher.
   *
   * @param {number} scrollTop
   * @param {number} height of the screen
   */
  tieScreen(scrollTop, height) {
    const top = this.rowAt(scrollTop);
    const end = this.y(top) + this.#heights.of(top);
    const isCut = this.y(top) < scrollTop && end < scrollTop + height;
    this.tie(isCut ? this.rowAt(end) : top);
  }

  /**
   * Lays the canvas so that a row can be shown, and says where to scroll for it.
   *
   * @param {number} row
   * @param {number} screenHeight
   * @param {number} share of the screen above the row
   */
  scrollTopFor(row, screenHeight, share) {
    const target = this.leading + this.#heights.top(row) - screenHeight * share;
    return this.#lay(target, screenHeight);
  }

  /**
   * How far the end of the log is below the lower edge of the screen.
   *
   * @param {Screen} screen
   */
  distanceToEnd({ scrollTop, height }) {
    return this.#endY() - scrollTop - height;
  }

  /** @param {Event} event rows have other numbers now */
  moved(event) {
    this.#anchor = { ...this.#anchor, row: movedRow(this.#anchor.row, event) };
  }

  /** @param {Screen} screen */
  #placeEnd({ height }) {
    const total = this.#total();
    const canvasHeight = Math.max(Math.min(total, this.#canvasMax), height);
    const last = this.#lines.end - 1;
    const startY = total <= height ? 0 : canvasHeight - total;
    this.#anchor = { row: last, y: startY + this.leading + this.#heights.top(last) };
    return canvasHeight - height;
  }

  /** @param {Screen} screen */
  #placeStill({ scrollTop, height, isScrolling }) {
    const edge = this.#canvasMax / 10;
    const startY = this.#startY();
    const hasMoreAbove = startY < 0;
    const hasMoreBelow = this.#endY() > this.#canvasMax;
    const isNearEnd = (hasMoreAbove && scrollTop < edge) || (hasMoreBelow && scrollTop + height > this.#canvasMax - edge);
    const isAtEnd = (hasMoreAbove && scrollTop <= 0) || (hasMoreBelow && scrollTop + height >= this.#canvasMax);
    if (isAtEnd || (isNearEnd && !isScrolling)) return this.#lay(scrollTop - startY, height);
    const lowest = Math.min(this.#endY(), this.#canvasMax) - height;
    return Math.max(Math.min(scrollTop, lowest), startY, 0);
  }

  /**
   * Lays the canvas anew around one place.
   *
   * @param {number} distance from the start of the log to the upper edge of the screen
   * @param {number} height of the screen
   * @returns {number} the scroll position of that place
   */
  #lay(distance, height) {
    const total = this.#total();
    const kept = Math.max(Math.min(distance, total - height), 0);
    const startY = total <= this.#canvasMax ? 0 : Math.min(0, this.#canvasMax / 2 - kept);
    const first = this.#lines.first;
    this.#anchor = { row: first, y: startY + this.leading };
    return startY + kept;
  }

  /**
   * @param {number} scrollTop
   * @param {Screen} screen
   */
  #rowsAround(scrollTop, { height, isFollowing }) {
    const { line } = this.#heights.layout;
    const spare = Math.max(0, ROWS_MAX - Math.ceil(height / line)) / 2;
    const overscan = Math.min(isFollowing ? OVERSCAN_FOLLOWING : Math.ceil(height / line), Math.floor(spare)) * line;
    const first = this.rowAt(scrollTop - overscan);
    const last = this.rowAt(Math.min(scrollTop + height + overscan, this.#endY()));
    return { first, last, top: this.y(first) };
  }

  #total() {
    return this.leading + this.#heights.total + this.trailing;
  }

  /** Where the log begins on the canvas; negative where the canvas is too small for all. */
  #startY() {
    return this.y(this.#lines.first) - this.leading;
  }

  #endY() {
    return this.#startY() + this.#total();
  }
}
