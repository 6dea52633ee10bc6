// @ts-check
// The list of lines. Draws the rows that can be seen and a few beyond, once per animation frame, whatever
// arrives in between. The box they lie in is moved as a whole: when the height of a row was guessed wrong, its
// neighbours make room.
//
// A row that holds an end of a selection stays in the document when it scrolls out of sight, because a
// selection does not survive the removal of the node it begins in.

import { HIDDEN, TOGGLE } from '../model/folds.js';
import { Heights } from '../model/heights.js';
import { movedRow } from '../model/rows.js';
import { Viewport } from '../model/viewport.js';
import { DrawnRows } from './drawn_rows.js';
import { LineCanvas } from './line_canvas.js';
import { LineProbe } from './line_probe.js';
import { ListNotes } from './list_notes.js';
import { gutterColumns } from './gutter.js';
import { RowFocus } from './row_focus.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/viewport.js').Placement} Placement */
/** @typedef {import('./line_row.js').LineRow} LineRow */
/** @typedef {import('./line_row.js').Look} Look */

/** Space under the last line, where the pill lies when the page is paused. */
const TRAILING = 46;
const REST_MS = 150;

export class LineList extends EventTarget {
  #scroller;
  #canvas;
  #rows;
  #focus;
  #notes = new ListNotes();
  #probe = new LineProbe();
  #lines;
  #following;
  #heights;
  #viewport;
  /** @type {Look} */
  #look;
  #wraps = true;
  #frame = 0;
  #isFrozen = false;
  /** A row that was unfolded just now, and is to be seen as far as the screen is high; -1 for none. */
  #unfolded = -1;
  /** Lines come so fast that each painting is all new: every second frame shows as much of them. */
  #isFlooded = false;
  #needsLayout = true;
  #width = 0;
  #height = 0;
  #scrolledAt = 0;
  #current = -1;
  #last = -1;
  /** Rows that hold an end of the selection. @type {Set<number>} */
  #pins = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #restTimer;

  /**
   * @param {HTMLElement} scroller
   * @param {{lines: Lines, following: Following, look: Look}} parts
   */
  constructor(scroller, { lines, following, look }) {
    super();
    this.#scroller = scroller;
    this.#lines = lines;
    this.#following = following;
    this.#look = look;
    this.#heights = new Heights(lines);
    this.#viewport = new Viewport(lines, this.#heights);
    this.#viewport.trailing = TRAILING;
    this.#rows = new DrawnRows(lines);
    const { older, stale } = this.#notes;
    this.#canvas = new LineCanvas(older, this.#rows.box, stale, this.#probe.element);
    scroller.append(this.#canvas.element);

    lines.addEventListener('change', () => this.invalidate());
    lines.addEventListener('reset', () => this.#forget());
    lines.addEventListener('moved', (event) => this.#moved(event));
    for (const name of ['remarked', 'refolded']) lines.addEventListener(name, () => this.redraw());
    following.addEventListener('change', () => {
      if (following.isFollowing) lines.hold(null);
      this.invalidate();
    });
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    scroller.addEventListener('focus', () => this.invalidate());
    this.#focus = new RowFocus(scroller, this.#rows.box);
    new ResizeObserver(() => this.relayout()).observe(scroller);
    document.fonts.ready.then(() => this.relayout());
  }

  /** The row the reader is at, -1 for none. */
  get current() {
    return this.#current;
  }

  set current(row) {
    this.#choose(row, row);
  }

  /** The last row of those chosen, the current one where it is the only one. */
  get last() {
    return Math.max(this.#last, this.#current);
  }

  set last(row) {
    this.#choose(this.#current, row);
  }

  /** True where there is more than the screen can show. */
  get isScrollable() {
    return this.#canvas.height > this.#height;
  }

  get pageHeight() {
    return Math.max(this.#height - 2 * this.#heights.layout.line, this.#heights.layout.line);
  }

  /** The first row that can be seen, -1 where there is none. */
  get topRow() {
    return this.#lines.isEmpty ? -1 : this.#viewport.rowAt(this.#scroller.scrollTop);
  }

  /** The last row that can be seen, -1 where there is none. */
  get bottomRow() {
    return this.#lines.isEmpty ? -1 : this.#viewport.rowAt(this.#scroller.scrollTop + this.#height - 1);
  }

  /** The line the reader is at, or else the first on the screen, and how far down the screen it lies. */
  get place() {
    const row = this.#isOnScreen(this.#current) ? this.#current : this.#lines.nextRow(this.topRow - 1, 1, () => true);
    if (row < 0) return null;
    const { source, segment, offset } = this.#lines.lineAt(row);
    const share = (this.#viewport.y(row) - this.#scroller.scrollTop) / this.#height;
    return { source, segment, offset, share, isCurrent: row === this.#current };
  }

  get look() {
    return this.#look;
  }

  /**
   * @param {Look} look
   * @param {boolean} wraps
   */
  restyle(look, wraps) {
    this.#look = look;
    this.#wraps = wraps;
    this.relayout();
  }

  /** At the next frame. */
  invalidate() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /** Lines may look different now. */
  redraw() {
    this.#rows.redraw();
    this.invalidate();
  }

  /** Sizes have changed: the first line on the screen stays where it is. */
  relayout() {
    this.#needsLayout = true;
    this.invalidate();
  }

  /** @param {boolean} isFrozen while the mouse button is down nothing moves under it */
  freeze(isFrozen) {
    this.#isFrozen = isFrozen;
    this.invalidate();
  }

  /** @param {Iterable<number>} rows */
  pin(rows) {
    this.#pins = new Set(rows);
    this.invalidate();
  }

  /** @param {string} text to be said under the last row, '' for nothing */
  markStale(text) {
    this.#notes.markStale(text);
    this.invalidate();
  }

  /**
   * @param {number} distance px
   * @param {number} [columns] sideways
   */
  scrollBy(distance, columns = 0) {
    this.#following.gesture(distance > 0);
    this.#scroller.scrollBy(columns * this.#probe.columnWidth, distance);
  }

  /**
   * Shows a record, or what a line holds, whole or not; the row stays where it is, and so does the reader.
   *
   * @param {number} row
   * @param {boolean} isUnfolded
   */
  unfold(row, isUnfolded) {
    this.#following.pause();
    this.#viewport.tie(row);
    this.#lines.unfold(row, isUnfolded);
    if (isUnfolded) this.#unfolded = row;
    if (this.#lines.has(this.#current) && this.#lines.foldOf(this.#current) === HIDDEN) this.current = row;
  }

  /**
   * Brings a row on the screen, and leaves the screen alone where it is there already.
   *
   * @param {number} row
   * @param {number} [share] of the screen to be left above it
   */
  reveal(row, share = 1 / 3) {
    if (!this.#isOnScreen(row)) this.jump(row, share);
  }

  /**
   * Makes a row the current one and shows it.
   *
   * @param {number} row
   */
  goTo(row) {
    this.#following.pause();
    this.reveal(row);
    this.current = row;
  }

  /**
   * @param {number} row
   * @param {number} share of the screen to be left above it
   */
  jump(row, share) {
    this.#following.pause();
    this.#following.forgetGesture();
    if (this.#lines.has(row) && this.#lines.foldOf(row) >= TOGGLE) this.#lines.unfold(row, true);
    this.#paintAt(this.#viewport.scrollTopFor(row, this.#height, share), this.#scroller.scrollTop);
  }

  /**
   * The row a node of the list belongs to.
   *
   * @param {Node | null} node
   * @returns {LineRow | undefined}
   */
  rowOf(node) {
    return this.#rows.rowOf(node);
  }

  /** @param {number} row */
  #isOnScreen(row) {
    if (!this.#lines.has(row) || this.#lines.foldOf(row) >= TOGGLE) return false;
    const y = this.#viewport.y(row);
    const { scrollTop } = this.#scroller;
    return y >= scrollTop && y + this.#heights.of(row) <= scrollTop + this.#height;
  }

  /** @param {number} current @param {number} last */
  #choose(current, last) {
    [this.#current, this.#last] = [current, last];
    this.dispatchEvent(new Event('chosen'));
    this.invalidate();
  }

  #forget() {
    this.#following.forgetGesture();
    this.#current = this.#last = this.#unfolded = -1;
    this.#pins.clear();
    this.#canvas.narrow();
  }

  /** @param {Event} event */
  #moved(event) {
    this.#current = movedRow(this.#current, event);
    this.#unfolded = movedRow(this.#unfolded, event);
    this.#last = movedRow(this.#last, event);
    this.#pins = new Set([...this.#pins].map((row) => movedRow(row, event)));
    this.#rows.moved(event);
    this.#viewport.moved(event);
  }

  #scrolled() {
    this.#scrolledAt = performance.now();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.invalidate(), REST_MS + 10);
    if (this.#lines.isAttached && !this.#lines.isEmpty) this.#following.scrolled(this.#viewport.distanceToEnd(this.#screen()));
    this.invalidate();
  }

  #screen() {
    return {
      scrollTop: this.#scroller.scrollTop,
      height: this.#height,
      isFollowing: this.#following.isFollowing,
      isScrolling: performance.now() - this.#scrolledAt < REST_MS,
    };
  }

  #paint() {
    this.#frame = 0;
    if (this.#isFrozen) return;
    if (this.#isFlooded) {
      this.#isFlooded = false;
      this.invalidate();
      return;
    }
    if (this.#needsLayout) this.#layOut();
    const { scrollTop } = this.#scroller;
    if (this.#height > 0) this.#paintAt(scrollTop, scrollTop);
  }

  /**
   * @param {number} scrollTop where the screen should be, unless the list is followed
   * @param {number} scrolledTo where the scroller is; asking it after drawing would cost a layout
   */
  #paintAt(scrollTop, scrolledTo) {
    const screen = { ...this.#screen(), scrollTop };
    this.#viewport.leading = this.#lines.hasOlder ? this.#heights.layout.mark : 0;
    let placement = this.#viewport.place(screen);
    this.#draw(placement);
    if (this.#measure()) {
      placement = this.#viewport.place({ ...screen, scrollTop: placement.scrollTop });
      this.#draw(placement);
    }
    this.#position(placement, scrolledTo);
    this.#isFlooded = screen.isFollowing && this.#rows.kept === 0;
    if (this.#unfolded >= 0) this.#showUnfolded(placement.scrollTop);
    if (!screen.isFollowing && !this.#lines.isEmpty) {
      this.#viewport.tieScreen(placement.scrollTop, this.#height);
      this.#lines.hold([placement.first, placement.last]);
    }
    this.dispatchEvent(new Event('painted'));
  }

  /** @param {number} scrollTop */
  #showUnfolded(scrollTop) {
    const [first, last] = this.#lines.recordOf(this.#unfolded);
    this.#unfolded = -1;
    const hidden = this.#ends(last)[1] - scrollTop - this.#height;
    const room = this.#viewport.y(first) - scrollTop;
    if (hidden > 0 && room > 0) this.#paintAt(scrollTop + Math.min(hidden, room), scrollTop);
  }

  /** @param {Placement} placement */
  #draw({ first, last }) {
    /** @type {number[]} */
    const wanted = [];
    for (let row = first; row >= 0 && row <= last; row += 1) if (this.#lines.foldOf(row) !== HIDDEN) wanted.push(row);
    const hasFocus = this.#focus.isHere;
    const pins = hasFocus ? new Set([...this.#pins, this.#current]) : this.#pins;
    this.#rows.show(wanted, pins, [this.#current, this.last], this.#look);
    this.#focus.keep(hasFocus, this.#rows.elementOf(this.#current));
  }

  /**
   * Looks up the height of drawn rows where it could not be computed.
   *
   * @returns {boolean} whether one was different
   */
  #measure() {
    const heights = this.#rows.heights((row) => this.#heights.isUncertain(row));
    return heights.filter(([row, height]) => this.#heights.measured(row, height)).length > 0;
  }

  /**
   * @param {Placement} placement
   * @param {number} scrolledTo
   */
  #position({ canvasHeight, scrollTop, top }, scrolledTo) {
    const hasNewHeight = this.#canvas.grow(canvasHeight);
    this.#rows.box.style.transform = `translateY(${top}px)`;
    if (hasNewHeight || Math.abs(scrolledTo - scrollTop) >= 1) this.#scroller.scrollTop = scrollTop;
    this.#notes.place(this.#lines.hasOlder, this.#lines.isEmpty ? null : () => this.#ends());
    if (!this.#wraps) this.#canvas.widen(this.#rows.box.scrollWidth, this.#width);
  }

  /** @returns {[number, number]} where the words above the first row and below the last one begin */
  #ends(last = this.#lines.end - 1) {
    const start = this.#viewport.y(this.#lines.first) - this.#heights.layout.mark;
    return [start, this.#viewport.y(last) + this.#heights.of(last)];
  }

  #layOut() {
    this.#needsLayout = false;
    this.#width = this.#scroller.clientWidth;
    this.#height = this.#scroller.clientHeight;
    if (this.#height === 0) return;
    if (!this.#lines.isEmpty) this.#viewport.tieScreen(this.#scroller.scrollTop, this.#height);
    this.#canvas.narrow();
    this.#scroller.classList.toggle('is-wrapped', this.#wraps);
    this.#scroller.style.setProperty('--gutter-columns', String(gutterColumns(this.#look)));
    const mark = parseFloat(getComputedStyle(this.#notes.older).height);
    this.#heights.layout = { ...this.#probe.layout(this.#look, this.#wraps), mark };
  }
}
