// @ts-check
// What the reader's hand does in the list, and what that means: wheel and touch, pressing and selecting,
// choosing a line, copying. See "Follow rules" for which of these let go of the end.

import { originalPart } from '../model/ansi.js';
import { loggedTime } from '../model/line_head.js';
import { zones } from '../model/time_text.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('./line_list.js').LineList} LineList */
/** @typedef {import('./line_row.js').LineRow} LineRow */

/** Dispatches `again` with a row that was touched although it is the current one already. */
export class LineGestures extends EventTarget {
  #scroller;
  #list;
  #lines;
  #following;
  #touchY = 0;

  /**
   * @param {HTMLElement} scroller
   * @param {{list: LineList, lines: Lines, following: Following}} parts
   */
  constructor(scroller, { list, lines, following }) {
    super();
    this.#scroller = scroller;
    this.#list = list;
    this.#lines = lines;
    this.#following = following;
    const passive = { passive: true };
    scroller.addEventListener('wheel', (event) => this.#moved(event.deltaY < 0 && !event.ctrlKey), passive);
    scroller.addEventListener('touchstart', (event) => { this.#touchY = event.touches[0].clientY; }, passive);
    scroller.addEventListener('touchmove', (event) => this.#moved(event.touches[0].clientY > this.#touchY), passive);
    scroller.addEventListener('pointerdown', (event) => this.#pressed(event));
    document.addEventListener('pointerup', () => list.freeze(false));
    document.addEventListener('pointercancel', () => list.freeze(false));
    scroller.addEventListener('click', (event) => this.#clicked(event));
    scroller.addEventListener('pointerover', (event) => this.#rested(event));
    document.addEventListener('selectionchange', () => this.#selectionChanged());
    document.addEventListener('copy', (event) => this.#copied(event));
  }

  /** @param {boolean} isUp towards older lines */
  #moved(isUp) {
    if (!this.#list.isScrollable) return;
    this.#following.gesture(!isUp);
    if (isUp) this.#following.pause();
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    const isPress = event.pointerType === 'mouse' && event.button === 0;
    if (isPress && this.#following.isFollowing) this.#list.freeze(true);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    if (this.#selection() !== null && !event.shiftKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const row = this.#list.rowOf(target);
    if (row === undefined || target.matches('button') || this.#lines.markAt(row.number) !== undefined) return;
    if (row.isFold || target.closest('a, .tree') !== null) return;
    const isAgain = row.number === this.#list.current && /** @type {PointerEvent} */ (event).pointerType === 'touch';
    if (event.shiftKey && this.#list.current >= 0) this.#chooseUpTo(row.number);
    else this.#list.current = row.number;
    if (isAgain) this.dispatchEvent(new CustomEvent('again', { detail: row.number }));
  }

  /** @param {number} row the other end of what is chosen */
  #chooseUpTo(row) {
    const { current } = this.#list;
    document.getSelection()?.removeAllRanges();
    if (row < current) this.#list.current = row;
    this.#list.last = Math.max(row, current);
  }

  /** A time says what it is elsewhere, when the pointer rests on it. @param {PointerEvent} event */
  #rested({ target }) {
    const time = /** @type {HTMLElement} */ (target);
    const row = time.matches('.time') && time.title === '' ? this.#list.rowOf(time) : undefined;
    if (row === undefined || !this.#lines.has(row.number)) return;
    const line = this.#lines.lineAt(row.number);
    if (Number.isNaN(line.time)) return;
    const logged = loggedTime(line.text);
    const all = [...zones(line.time), ...(logged === null ? [] : [['As logged', logged.text]])];
    time.title = all.map(([name, value]) => `${name}: ${value}`).join('\n');
  }

  #selectionChanged() {
    const selection = this.#selection();
    if (selection === null) {
      this.#list.pin([]);
      this.#following.selectionCleared();
      return;
    }
    const ends = [this.#list.rowOf(selection.anchorNode), this.#list.rowOf(selection.focusNode)];
    this.#list.pin(ends.flatMap((row) => (row === undefined ? [] : [row.number])));
    this.#following.pause('selecting');
    this.#list.freeze(false);
  }

  /** Writes lines from the store, because rows between the ends of a long selection are not in the document. */
  #copied(/** @type {ClipboardEvent} */ event) {
    const selection = this.#selection();
    const range = selection?.getRangeAt(0);
    const first = this.#list.rowOf(range?.startContainer ?? null);
    const last = this.#list.rowOf(range?.endContainer ?? null);
    if (range === undefined || first === undefined || last === undefined) return;
    // A part of what was made of a structured line is copied as it is seen.
    if (first === last && !first.isOriginal && range.toString() !== first.text.textContent) return;
    event.clipboardData?.setData('text/plain', this.#text(first, last, range));
    event.preventDefault();
  }

  /**
   * What was selected, as it is in the file: a line that is selected whole with the time and level its head may
   * have, a part of one without what the page made of it.
   *
   * @param {LineRow} first
   * @param {LineRow} last
   * @param {Range} range
   */
  #text(first, last, range) {
    /** @type {string[]} */
    const texts = [];
    for (let row = first.number; row <= last.number; row += 1) {
      if (this.#lines.markAt(row) !== undefined) continue;
      const { text } = this.#lines.lineAt(row);
      const from = row === first.number ? lengthTo(first, range.startContainer, range.startOffset) : 0;
      const to = row === last.number ? lengthTo(last, range.endContainer, range.endOffset) : Number.POSITIVE_INFINITY;
      const { from: hidden, text: element, isOriginal } = row === first.number ? first : last;
      const isToEnd = to >= (element.textContent ?? '').length || (!isOriginal && to > 0);
      texts.push(originalPart(text, from === 0 || !isOriginal ? 0 : from + hidden, isToEnd ? Number.POSITIVE_INFINITY : to + hidden));
    }
    return texts.join('\n');
  }

  /** The selection, where there is one and it lies in the list. */
  #selection() {
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed) return null;
    return this.#scroller.contains(selection.anchorNode) ? selection : null;
  }
}

/**
 * @param {LineRow} row
 * @param {Node} node
 * @param {number} offset
 * @returns {number} characters of the row's text before a place in it
 */
function lengthTo(row, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(row.text);
  if (range.comparePoint(node, offset) < 0) return 0;
  if (range.comparePoint(node, offset) > 0) return (row.text.textContent ?? '').length;
  range.setEnd(node, offset);
  return range.toString().length;
}
