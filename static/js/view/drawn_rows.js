// @ts-check
// The rows that are in the document, in order, in normal flow inside one box. Elements are used again for other
// rows, and one that stays is never moved: moving a node would end a selection in it.

import { TOGGLE } from '../model/folds.js';
import { levelName } from '../model/levels.js';
import { clock, markText } from '../model/wording.js';
import { element } from './element.js';
import { LineRow } from './line_row.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('./line_row.js').Look} Look */

/** Lines of one fold. */
const LOOKED_THROUGH_MAX = 1000;
/** Characters of the name of a row. */
const NAME_MAX = 1000;

export class DrawnRows {
  box = element('div', { class: 'rows' });
  /** How many rows of the last time were there before. */
  kept = 0;

  #lines;
  /** @type {LineRow[]} */
  #rows = [];

  /** @param {Lines} lines */
  constructor(lines) {
    this.#lines = lines;
  }

  /**
   * Puts exactly these rows into the document.
   *
   * @param {number[]} wanted in order
   * @param {Set<number>} pins rows to be kept out of sight where they are not wanted
   * @param {[number, number]} chosen the current row and the last of those chosen with it
   * @param {Look} look
   */
  show(wanted, pins, [current, last], look) {
    const isWanted = new Set(wanted);
    const away = [...pins].filter((row) => !isWanted.has(row) && this.#lines.has(row));
    this.#arrange(away.length === 0 ? wanted : [...wanted, ...away].sort((a, b) => a - b));
    for (const row of this.#rows) {
      // A record may still grow: how many lines are folded away is said anew each time.
      if (!row.isDrawn(look) || row.isFold) this.#draw(row, look);
      row.element.classList.toggle('is-away', !isWanted.has(row.number));
      row.element.classList.toggle('is-chosen', row.number > current && row.number <= last);
      row.choose(row.number === current ? this.#nameOf(row) : '');
    }
  }

  /** What a row is called: of which level it is, when it was written, and its text. @param {LineRow} row */
  #nameOf({ number, text, isFold, element: row }) {
    const mark = this.#lines.markAt(number);
    if (mark !== undefined) return markText(mark);
    if (isFold) return row.textContent ?? '';
    const { level, time } = this.#lines.lineAt(number);
    const when = Number.isNaN(time) ? '' : clock(time, false).slice(0, 8);
    return [levelName(level), when, text.textContent?.slice(0, NAME_MAX)].filter(Boolean).join(' ') || 'empty line';
  }

  /** The element of a row, undefined where it is not in the document. @param {number} row */
  elementOf(row) {
    return this.#rows.find(({ number }) => number === row)?.element;
  }

  /** Everything is to be drawn again. */
  redraw() {
    for (const row of this.#rows) row.forget();
  }

  /** @param {Event} event rows have other numbers now */
  moved(event) {
    for (const row of this.#rows) row.moved(event);
  }

  /**
   * The row a node belongs to.
   *
   * @param {Node | null} node
   * @returns {LineRow | undefined}
   */
  rowOf(node) {
    return node === null ? undefined : this.#rows.find((row) => row.element.contains(node));
  }

  /**
   * Heights of rows in sight, as the browser laid them out.
   *
   * @param {(row: number) => boolean} isAsked
   * @returns {[number, number][]} row and height in px
   */
  heights(isAsked) {
    return this.#rows
      .filter(({ number, element: { classList } }) => isAsked(number) && !classList.contains('is-away'))
      .map(({ number, element: { offsetHeight } }) => [number, offsetHeight]);
  }

  /** @param {number[]} order */
  #arrange(order) {
    const isNeeded = new Set(order);
    const kept = new Map(this.#rows.filter(({ number }) => isNeeded.has(number)).map((row) => [row.number, row]));
    const spare = this.#rows.filter(({ number }) => !isNeeded.has(number));
    this.kept = kept.size;
    if (kept.size > 0) for (const row of spare) row.element.remove();
    let place = this.box.firstElementChild;
    this.#rows = order.map((number) => {
      const row = kept.get(number) ?? spare.shift() ?? new LineRow();
      if (row.element === place) place = place.nextElementSibling;
      else this.box.insertBefore(row.element, place);
      row.number = number;
      return row;
    });
    for (const row of spare) row.element.remove();
  }

  /**
   * What the reader looks for is not left folded away.
   *
   * @param {LineRow} row
   * @param {Look} look
   */
  #drawFold(row, look) {
    const { number } = row;
    const count = this.#lines.foldedFrom(number);
    if (!row.drawFold(count, look)) return;
    for (let at = number; at < number + Math.min(count, LOOKED_THROUGH_MAX); at += 1) {
      if (look.hits(this.#lines.lineAt(at).text).length === 0) continue;
      queueMicrotask(() => this.#lines.unfold(number, true));
      return;
    }
  }

  /**
   * @param {LineRow} row
   * @param {Look} look
   */
  #draw(row, look) {
    const mark = this.#lines.markAt(row.number);
    if (mark !== undefined) row.drawMark(mark, look);
    else if (this.#lines.foldOf(row.number) === TOGGLE) this.#drawFold(row, look);
    else row.drawLine(this.#lines.lineAt(row.number), look);
  }
}
