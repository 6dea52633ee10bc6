// @ts-check
// The list of lines. Draws the rows that can be seen and a few beyond, once per animation frame, whatever
// arrives in between. The rows lie in normal flow inside one box, which is moved as a whole: when the height
// of a row was guessed wrong, its neighbours make room.
//
// A row that holds an end of a selection stays in the document when it scrolls out of sight, because a
// selection does not survive the removal of the node it begins in.

import { Heights } from '../model/heights.js';
import { Viewport } from '../model/viewport.js';
import { element } from './element.js';
import { gutterColumns, LineRow } from './line_row.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/viewport.js').Placement} Placement */
/** @typedef {import('./line_row.js').Look} Look */

/** Space under the last line, where the pill lies when the page is paused. */
const TRAILING = 46;
const REST_MS = 150;
const PROBE_COLUMNS = 100;

export class LineList extends EventTarget {
  #scroller;
  #canvas;
  #rows;
  #older;
  #stale;
  #probe;
  #lines;
  #following;
  #heights;
  #viewport;
  /** Rows in the document, in order. @type {LineRow[]} */
  #drawn = [];
  /** @type {Look} */
  #look;
  #wraps = true;
  #frame = 0;
  #isFrozen = false;
  /** How many rows of the last painting were there before. */
  #kept = 0;
  /** Lines come so fast that each painting is all new: every second frame shows as much of them. */
  #isFlooded = false;
  #needsLayout = true;
  #width = 0;
  #height = 0;
  #canvasHeight = 0;
  #scrolledAt = 0;
  #widest = 0;
  #current = -1;
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
    this.#rows = element('div', { class: 'rows' });
    this.#older = element('div', { class: 'older', hidden: '' }, '↑ Older lines are in the file, not in this page.');
    this.#stale = element('div', { class: 'stale', hidden: '' });
    this.#probe = new LineRow();
    this.#probe.element.classList.add('probe');
    this.#probe.element.setAttribute('aria-hidden', 'true');
    this.#canvas = element('div', { class: 'canvas' }, this.#older, this.#rows, this.#stale, this.#probe.element);
    scroller.append(this.#canvas);

    lines.addEventListener('change', () => this.invalidate());
    lines.addEventListener('reset', () => this.#forget());
    following.addEventListener('change', () => this.#followingChanged());
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.relayout()).observe(scroller);
    document.fonts.ready.then(() => this.relayout());
  }

  /** The row the reader is at, -1 for none. */
  get current() {
    return this.#current;
  }

  set current(row) {
    this.#current = row;
    this.invalidate();
    this.dispatchEvent(new Event('current'));
  }

  /** True where there is more than the screen can show. */
  get isScrollable() {
    return this.#canvasHeight > this.#height;
  }

  get pageHeight() {
    return Math.max(this.#height - 2 * this.#heights.layout.line, this.#heights.layout.line);
  }

  get lineHeight() {
    return this.#heights.layout.line;
  }

  /** The first row that can be seen, -1 where there is none. */
  get topRow() {
    return this.#lines.isEmpty ? -1 : this.#viewport.rowAt(this.#scroller.scrollTop);
  }

  /** What part of what the page holds is on the screen. */
  get visiblePart() {
    return this.#lines.isEmpty ? { from: 0, to: 1 } : this.#viewport.visiblePart(this.#screen());
  }

  get heights() {
    return this.#heights;
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

  /** Asks for one painting at the next frame. */
  invalidate() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /** Sizes have changed: the first line on the screen stays where it is. */
  relayout() {
    this.#needsLayout = true;
    this.invalidate();
  }

  /**
   * While the mouse button is down nothing moves under it.
   *
   * @param {boolean} isFrozen
   */
  freeze(isFrozen) {
    this.#isFrozen = isFrozen;
    this.invalidate();
  }

  /** @param {Iterable<number>} rows */
  pin(rows) {
    this.#pins = new Set(rows);
    this.invalidate();
  }

  /**
   * Says under the last row that nothing was received since, '' when all is well.
   *
   * @param {string} text
   */
  markStale(text) {
    this.#stale.textContent = text;
    this.#stale.hidden = text === '';
    this.invalidate();
  }

  /** @param {number} distance px, or columns' worth of it sideways */
  scrollBy(distance) {
    this.#following.gesture();
    this.#scroller.scrollTop += distance;
  }

  /** @param {number} columns */
  scrollSideways(columns) {
    this.#scroller.scrollLeft += columns * this.#lineWidthPerColumn();
  }

  /**
   * Brings a row on the screen, and leaves the screen alone where it is there already.
   *
   * @param {number} row
   * @param {number} [share] of the screen to be left above it
   */
  reveal(row, share = 1 / 3) {
    const y = this.#viewport.y(row);
    const { scrollTop } = this.#scroller;
    const isVisible = y >= scrollTop && y + this.#heights.of(row) <= scrollTop + this.#height;
    if (!isVisible) this.jump(row, share);
  }

  /**
   * @param {number} row
   * @param {number} share of the screen to be left above it
   */
  jump(row, share) {
    this.#following.pause();
    const scrollTop = this.#viewport.scrollTopFor(row, this.#height, share);
    this.#scroller.scrollTop = scrollTop;
    this.#paintAt(scrollTop);
  }

  /**
   * The row a node of the list belongs to.
   *
   * @param {Node | null} node
   * @returns {LineRow | undefined}
   */
  rowOf(node) {
    return node === null ? undefined : this.#drawn.find((row) => row.element.contains(node));
  }

  #forget() {
    this.#current = -1;
    this.#pins.clear();
    this.#widest = 0;
  }

  #followingChanged() {
    if (this.#following.isFollowing) this.#lines.hold(null);
    this.invalidate();
  }

  #scrolled() {
    this.#scrolledAt = performance.now();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.invalidate(), REST_MS + 10);
    if (!this.#lines.isEmpty) this.#following.scrolled(this.#viewport.distanceToEnd(this.#screen()));
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
    if (this.#height > 0) this.#paintAt(this.#scroller.scrollTop);
  }

  /** @param {number} scrollTop */
  #paintAt(scrollTop) {
    const screen = { ...this.#screen(), scrollTop };
    this.#viewport.leading = this.#lines.hasOlder ? this.#heights.layout.mark : 0;
    let placement = this.#viewport.place(screen);
    this.#draw(placement);
    if (this.#measure()) {
      placement = this.#viewport.place({ ...screen, scrollTop: placement.scrollTop });
      this.#draw(placement);
    }
    this.#position(placement, scrollTop);
    this.#isFlooded = screen.isFollowing && this.#kept === 0;
    if (!screen.isFollowing && !this.#lines.isEmpty) {
      this.#viewport.tie(this.#viewport.rowAt(placement.scrollTop));
      this.#lines.hold([placement.first, placement.last]);
    }
    this.dispatchEvent(new Event('painted'));
  }

  /** @param {Placement} placement */
  #draw({ first, last }) {
    /** @type {number[]} */
    const wanted = [];
    for (let row = first; row >= 0 && row <= last; row = this.#lines.beside(row, 1)) wanted.push(row);
    const isWanted = new Set(wanted);
    const away = [...this.#pins].filter((row) => !isWanted.has(row) && this.#lines.nearest(row) === row);
    const order = away.length === 0 ? wanted : [...wanted, ...away].sort((a, b) => a - b);
    this.#arrange(order);
    for (const row of this.#drawn) {
      row.element.classList.toggle('is-away', !isWanted.has(row.number));
      if (row.number === this.#current) row.element.setAttribute('aria-current', 'true');
      else row.element.removeAttribute('aria-current');
    }
  }

  /**
   * Puts exactly these rows into the document, in order, moving no element that is there already.
   *
   * @param {number[]} order
   */
  #arrange(order) {
    const isNeeded = new Set(order);
    const kept = new Map(this.#drawn.filter((row) => isNeeded.has(row.number)).map((row) => [row.number, row]));
    const spare = this.#drawn.filter((row) => !isNeeded.has(row.number));
    this.#kept = kept.size;
    if (kept.size > 0) for (const row of spare) row.element.remove();
    let place = this.#rows.firstElementChild;
    this.#drawn = order.map((number) => {
      const row = kept.get(number) ?? spare.shift() ?? new LineRow();
      if (row.element === place) place = place.nextElementSibling;
      else this.#rows.insertBefore(row.element, place);
      if (!row.isDrawn(number, this.#look)) this.#drawRow(row, number);
      return row;
    });
    for (const row of spare) row.element.remove();
  }

  /**
   * @param {LineRow} row
   * @param {number} number
   */
  #drawRow(row, number) {
    const mark = this.#lines.markAt(number);
    if (mark === undefined) row.drawLine(this.#lines.lineAt(number), this.#look);
    else row.drawMark(number, mark, this.#look);
  }

  /**
   * Looks up the height of drawn rows where it could not be computed.
   *
   * @returns {boolean} whether one was different
   */
  #measure() {
    let hasChanged = false;
    for (const { number, element: { offsetHeight } } of this.#drawn.filter((row) => this.#isUncertain(row))) {
      if (this.#heights.measured(number, offsetHeight)) hasChanged = true;
    }
    return hasChanged;
  }

  /** @param {LineRow} row */
  #isUncertain({ number, element: { classList } }) {
    return !classList.contains('is-away') && this.#heights.isUncertain(number);
  }

  /**
   * @param {Placement} placement
   * @param {number} scrolledTo where the scroller is; asking it now would cost a layout
   */
  #position({ canvasHeight, scrollTop, top }, scrolledTo) {
    const hasNewHeight = canvasHeight !== this.#canvasHeight;
    if (hasNewHeight) this.#canvas.style.height = `${canvasHeight}px`;
    this.#canvasHeight = canvasHeight;
    this.#rows.style.transform = `translateY(${top}px)`;
    if (hasNewHeight || Math.abs(scrolledTo - scrollTop) >= 1) this.#scroller.scrollTop = scrollTop;
    this.#positionNotes();
    if (!this.#wraps) this.#widen();
  }

  #positionNotes() {
    this.#older.hidden = !this.#lines.hasOlder;
    if (this.#lines.isEmpty) return;
    const start = this.#viewport.y(this.#lines.first) - this.#heights.layout.mark;
    this.#older.style.transform = `translateY(${Math.max(start, -1000)}px)`;
    if (this.#stale.hidden) return;
    const last = this.#lines.end - 1;
    this.#stale.style.transform = `translateY(${this.#viewport.y(last) + this.#heights.of(last)}px)`;
  }

  /** Unwrapped, the canvas is as wide as the widest line seen so far, so that it does not jump about. */
  #widen() {
    const widest = Math.max(this.#widest, this.#rows.scrollWidth);
    if (widest === this.#widest) return;
    this.#widest = widest;
    this.#canvas.style.width = widest > this.#width ? `${widest}px` : '';
  }

  #layOut() {
    this.#needsLayout = false;
    this.#width = this.#scroller.clientWidth;
    this.#height = this.#scroller.clientHeight;
    if (this.#height === 0) return;
    if (!this.#lines.isEmpty) this.#viewport.tie(this.#viewport.rowAt(this.#scroller.scrollTop));
    this.#widest = 0;
    this.#canvas.style.width = '';
    this.#scroller.classList.toggle('is-wrapped', this.#wraps);
    this.#scroller.style.setProperty('--gutter-columns', String(gutterColumns(this.#look)));
    const { line, mark, columns } = this.#probeSizes();
    this.#heights.layout = { line, mark, perLine: this.#wraps ? columns : 0, hidesHead: this.#look.time !== 'logged' };
  }

  /** What the style sheet makes of a line: its height, and how many columns go into one. */
  #probeSizes() {
    const { element: row } = this.#probe;
    const probe = { row: 0, source: '', segment: '', offset: 0, time: NaN, level: 0, head: 0 };
    this.#probe.drawLine(
      { ...probe, text: '0'.repeat(PROBE_COLUMNS), matches: [], cut: undefined, continues: false, isLossy: false },
      this.#look,
    );
    row.className = 'row probe';
    const style = getComputedStyle(row);
    const room = row.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return {
      line: parseFloat(style.lineHeight),
      mark: parseFloat(getComputedStyle(this.#older).height),
      columns: Math.max(1, Math.floor(room / this.#lineWidthPerColumn() + 0.001)),
    };
  }

  #lineWidthPerColumn() {
    const range = document.createRange();
    range.selectNodeContents(this.#probe.text);
    const rects = [...range.getClientRects()];
    return rects.reduce((sum, rect) => sum + rect.width, 0) / PROBE_COLUMNS;
  }
}
