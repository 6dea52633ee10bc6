// @ts-check
// Measures what the style sheet makes of a line: its height, and how many columns go into one. An invisible
// row of known text is kept for it, laid out like all others.

import { BARE_LINE } from '../model/stored_lines.js';
import { element } from './element.js';
import { LineRow } from './line_row.js';

/** @typedef {import('./line_row.js').Look} Look */

const COLUMNS = 100;

export class LineProbe {
  element = element('div', { class: 'probe', 'aria-hidden': 'true' });
  #row = new LineRow();

  constructor() {
    this.element.append(this.#row.element);
  }

  /**
   * What lines are like now.
   *
   * @param {Look} look
   * @param {boolean} wraps
   */
  layout(look, wraps) {
    this.#draw(look);
    return { line: this.#lineHeight, perLine: wraps ? this.#columns : 0, hidesHead: look.time !== 'logged' };
  }

  /** @param {Look} look */
  #draw(look) {
    this.#row.drawLine({ ...BARE_LINE, text: '0'.repeat(COLUMNS) }, look);
    // It is no line of the log, and must not be taken for one.
    const { dataset } = this.#row.element;
    for (const name of Object.keys(dataset)) delete dataset[name];
  }

  /** Height of one line of text in px. */
  get #lineHeight() {
    return parseFloat(getComputedStyle(this.#row.element).lineHeight);
  }

  /** Columns that fit beside the gutter. */
  get #columns() {
    const { clientWidth } = this.element;
    const { paddingLeft, paddingRight } = getComputedStyle(this.#row.element);
    const room = clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    // A hundredth of a pixel may be missing where the browser rounds widths.
    return Math.max(1, Math.floor(room / this.columnWidth + 0.001));
  }

  get columnWidth() {
    const range = document.createRange();
    range.selectNodeContents(this.#row.text);
    return Array.from(range.getClientRects(), ({ width }) => width).reduce((sum, width) => sum + width, 0) / COLUMNS;
  }
}
