// @ts-check
// What can be done with one line: a button at the end of the row under the mouse, or of the current one, that opens
// a menu. There is one button for all rows.

import { byId } from './element.js';
import { clickedField } from './field_tree.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('./line_list.js').LineList} LineList */

/**
 * Dispatches an event named as the `data-do` of what was chosen, with the row where it is in one, or else the text that is
 * selected; `field` for those of a field.
 */
export class RowMenu extends EventTarget {
  #button = byId('row-menu-button', HTMLButtonElement);
  #panel = byId('row-menu', HTMLElement);
  #log;
  #list;
  #lines;
  /** @type {HTMLElement | null} */
  #hovered = null;
  /** The text that was selected when the menu was opened. */
  #selected = '';

  /**
   * @param {HTMLElement} log
   * @param {{list: LineList, lines: Lines}} parts
   */
  constructor(log, { list, lines }) {
    super();
    this.#log = log;
    this.#list = list;
    this.#lines = lines;
    log.addEventListener('pointerover', ({ target }) => {
      this.#hovered = /** @type {HTMLElement} */ (target).closest('.row');
      this.#place();
    });
    log.addEventListener('pointerleave', ({ relatedTarget }) => {
      if (this.#button.contains(/** @type {Node | null} */ (relatedTarget))) return;
      this.#hovered = null;
      this.#place();
    });
    log.addEventListener('click', ({ target }) => {
      const name = /** @type {HTMLElement} */ (target).closest('[data-do]')?.getAttribute('data-do') ?? undefined;
      const row = list.rowOf(/** @type {Node} */ (target));
      if (name === undefined || row === undefined) return;
      const field = clickedField(target);
      if (field === null) this.dispatchEvent(new CustomEvent(name, { detail: row.number }));
      else this.dispatchEvent(new CustomEvent('field', { detail: { row: row.number, ...field } }));
    });
    list.addEventListener('painted', () => this.#place());
    this.#button.addEventListener('click', () => this.#open());
    // What is selected stays so.
    this.#button.addEventListener('mousedown', (event) => event.preventDefault());
    this.#panel.addEventListener('click', ({ target }) => {
      const item = /** @type {HTMLElement} */ (target).closest('button');
      if (item === null) return;
      this.#panel.hidePopover();
      this.dispatchEvent(new CustomEvent(item.dataset.do ?? '', { detail: this.#selected }));
    });
  }

  #place() {
    if (this.#panel.matches(':popover-open')) return;
    const row = this.#hovered?.isConnected ? this.#hovered : this.#log.querySelector('.row[aria-current]');
    if (row === null) {
      this.#button.hidden = true;
      return;
    }
    const frame = this.#log.getBoundingClientRect();
    const { top: rowTop, height } = row.getBoundingClientRect();
    const top = rowTop - frame.top;
    this.#button.classList.toggle('is-of-several', height > this.#button.offsetHeight * 1.5);
    this.#button.hidden = top < -4 || top > frame.height - 20;
    this.#button.style.transform = `translateY(${Math.round(top + this.#log.offsetTop)}px)`;
  }

  #open() {
    const row = this.#list.rowOf(this.#hovered?.isConnected ? this.#hovered : null);
    if (row !== undefined && this.#lines.has(row.number) && (row.number < this.#list.current || row.number > this.#list.last)) {
      this.#list.current = row.number;
    }
    const selection = document.getSelection();
    this.#selected = this.#list.rowOf(selection?.anchorNode ?? null) === undefined ? '' : String(selection).trim().split('\n')[0];
    for (const item of this.#panel.querySelectorAll('button')) {
      if (item.dataset.do?.startsWith('filter')) item.disabled = this.#selected === '';
      if (item.dataset.do === 'since') item.disabled = !this.#lines.has(this.#list.current) || Number.isNaN(this.#lines.timeAt(this.#list.current));
    }
    const { right, bottom, top } = this.#button.getBoundingClientRect();
    this.#panel.showPopover();
    const { offsetWidth: width, offsetHeight: height } = this.#panel;
    this.#panel.style.left = `${Math.max(right - width, 8)}px`;
    this.#panel.style.top = `${bottom + height + 4 > innerHeight ? Math.max(top - height - 4, 8) : bottom + 4}px`;
    this.#panel.querySelector('button')?.focus();
  }
}
