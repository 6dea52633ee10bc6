// @ts-check
// The names of the columns that are fields of structured lines, above the lines; a click takes a column away. It is
// there only where there are such columns.

import { byId, element } from './element.js';
import { FIELD, fieldsFrom } from './gutter.js';

/** @typedef {import('./line_row.js').Look} Look */

/** Dispatches `removed` with the path of a field. */
export class ColumnHead extends EventTarget {
  #element = byId('column-head', HTMLElement);

  constructor() {
    super();
    this.#element.addEventListener('click', ({ target }) => {
      const { path } = /** @type {HTMLElement} */ (target).dataset;
      if (path !== undefined) this.dispatchEvent(new CustomEvent('removed', { detail: path }));
    });
  }

  /** @param {Look} look */
  show(look) {
    this.#element.hidden = look.columns.length === 0 || look.isNarrow;
    this.#element.style.setProperty('--before', String(fieldsFrom(look)));
    this.#element.replaceChildren(...look.columns.map((path) => {
      const name = path.length > FIELD - 2 ? `…${path.slice(3 - FIELD)}` : path;
      return element('button', { 'data-path': path, title: path }, `${name} ×`);
    }));
  }
}
