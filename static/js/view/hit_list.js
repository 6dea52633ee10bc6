// @ts-check
// The hits of a search as a list: one row each, and only those in the document that can be seen.

import { headLength } from '../model/line_head.js';
import { levelCode } from '../model/levels.js';
import { BARE_LINE } from '../model/stored_lines.js';
import { DrawerEdge } from './drawer_edge.js';
import { byId, element } from './element.js';
import { gutterColumns } from './gutter.js';
import { LineRow } from './line_row.js';

/** @typedef {import('../wire/payloads.js').HistoryLine} HistoryLine */
/** @typedef {import('./line_row.js').Look} Look */

/** Dispatches `opened` with a hit, and `left` when the reader wants to go on in the log. */
export class HitList extends EventTarget {
  #element;
  #spacer = element('div', { class: 'spacer' });
  #look;
  /** @type {HistoryLine[]} */
  #hits = [];
  #current = -1;

  /**
   * @param {HTMLElement} list
   * @param {() => Look} look
   */
  constructor(list, look) {
    super();
    this.#element = list;
    this.#look = look;
    list.append(this.#spacer);
    list.addEventListener('scroll', () => this.#draw(), { passive: true });
    list.addEventListener('keydown', (event) => this.#keyPressed(event));
    list.addEventListener('click', ({ target }) => {
      const row = /** @type {HTMLElement} */ (target).closest('[role=option]');
      if (row !== null) this.#open(Number(row.id.slice(4)));
    });
    new ResizeObserver(() => this.#draw()).observe(list);
    new DrawerEdge(byId('find-resize', HTMLElement), list);
  }

  /** @param {HistoryLine[]} hits */
  show(hits) {
    if (hits !== this.#hits) {
      this.#current = -1;
      this.#element.scrollTop = 0;
    }
    this.#hits = hits;
    this.#element.hidden = hits.length === 0;
    this.#draw();
  }

  /** @param {{segment: string, offset: number} | null} position of the line that is the current one in the log */
  mark(position) {
    const found = this.#hits.findIndex((hit) => hit.segment === position?.segment && hit.offset === position.offset);
    if (found === this.#current) return;
    this.#current = found;
    if (found >= 0) this.#reveal(found);
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') this.dispatchEvent(new Event('left'));
    else if (step === undefined) return;
    else this.#open(Math.min(Math.max(this.#current + step, 0), this.#hits.length - 1));
    event.preventDefault();
  }

  /** @param {number} index */
  #open(index) {
    const hit = this.#hits[index];
    if (hit === undefined) return;
    this.mark(hit);
    this.dispatchEvent(new CustomEvent('opened', { detail: hit }));
  }

  get #rowHeight() {
    return parseFloat(getComputedStyle(this.#element).lineHeight);
  }

  /** @param {number} index */
  #reveal(index) {
    const { clientHeight, scrollTop } = this.#element;
    const top = index * this.#rowHeight;
    if (top < scrollTop || top + this.#rowHeight > scrollTop + clientHeight) {
      this.#element.scrollTop = top - clientHeight / 2;
    }
  }

  #draw() {
    if (this.#element.hidden) return;
    const { clientHeight, scrollTop } = this.#element;
    const height = this.#rowHeight;
    const look = this.#look();
    const first = Math.max(Math.floor(scrollTop / height) - 2, 0);
    const seen = this.#hits.slice(first, first + Math.ceil(clientHeight / height) + 4);
    this.#element.style.setProperty('--gutter-columns', String(gutterColumns(look)));
    this.#spacer.style.height = `${this.#hits.length * height}px`;
    this.#spacer.style.paddingTop = `${first * height}px`;
    this.#spacer.replaceChildren(...seen.map((hit, at) => this.#row(hit, first + at, look)));
    this.#element.setAttribute('aria-activedescendant', this.#current < 0 ? '' : `hit-${this.#current}`);
  }

  /**
   * @param {HistoryLine} hit
   * @param {number} index
   * @param {Look} look
   */
  #row(hit, index, look) {
    const row = new LineRow();
    const level = levelCode(hit.level);
    const head = headLength(hit.text, hit.time !== undefined, level !== 0);
    const { source, segment, offset, text } = hit;
    row.drawLine({ ...BARE_LINE, source, segment, offset, text, time: hit.time ?? Number.NaN, level, head }, look);
    row.element.setAttribute('role', 'option');
    row.element.id = `hit-${index}`;
    row.element.ariaSelected = String(index === this.#current);
    return row.element;
  }
}
