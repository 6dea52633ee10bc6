// @ts-check
// What can be done with one field of a structured line: lines with the same kept or left out, its value copied, a column
// made of it.

import { fieldAt, readFields, valueOf } from '../model/fields.js';
import { copyAndTell } from './clipboard.js';

/**
 * @typedef {object} Parts
 * @property {import('../model/settings.js').Settings} settings
 * @property {import('./filter_bar.js').FilterBar} filterBar
 * @property {import('./notices.js').Notices} notices
 */

export class FieldActions {
  #settings;
  #filterBar;
  #notices;

  /** @param {Parts} parts */
  constructor({ settings, filterBar, notices }) {
    this.#settings = settings;
    this.#filterBar = filterBar;
    this.#notices = notices;
  }

  /**
   * @param {string} text of the line
   * @param {number} head of it that is no field
   * @param {{action: string, path: string}} wanted
   */
  run(text, head, { action, path }) {
    const field = fieldAt(readFields(text, head)?.fields ?? [], path);
    if (field === undefined) return;
    if (action === 'column') this.toggleColumn(path);
    else if (action === 'copy') copyAndTell(valueOf(text, field).text, 'Value', this.#notices);
    else this.#filterBar.add(text.slice(field.keyFrom, field.to), action === 'filter-out', /\w/.test(text[field.to - 1]));
  }

  /** @param {string} path */
  toggleColumn(path) {
    const columns = this.#settings.get('columns');
    this.#settings.set('columns', columns.includes(path) ? columns.filter((one) => one !== path) : [...columns, path]);
  }
}
