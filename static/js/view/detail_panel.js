// @ts-check
// Everything about the current line, beside the log: where and when it was written, its fields, its bytes, and the lines
// around it, whatever the filter leaves out. It is opened for one line and goes along when another becomes the current
// one. On a phone it is a sheet at the lower edge.

import { show } from '../model/ansi.js';
import { readFields } from '../model/fields.js';
import { escapedBytes } from '../model/escaped_bytes.js';
import { loggedTime } from '../model/line_head.js';
import { levelName } from '../model/levels.js';
import { distance, zones } from '../model/time_text.js';
import { number } from '../model/wording.js';
import { byId, element } from './element.js';
import { clickedField, fieldTree } from './field_tree.js';

/** @typedef {import('../model/stored_lines.js').Line} Line */

/**
 * @typedef {object} Parts
 * @property {import('../model/lines.js').Lines} lines
 * @property {import('../model/settings.js').Settings} settings
 * @property {import('./line_list.js').LineList} list
 * @property {import('./line_actions.js').LineActions} actions
 * @property {(source: string, position: string, bytes: number) => Promise<Uint8Array>} fetchBytes
 * @property {(source: string, place: [string, string][]) => Promise<import('../wire/payloads.js').HistoryAnswer>} unfiltered
 */

const BYTES_MAX = 16 * 1024;
/** Lines around one, with itself, and characters of each. */
const AROUND = 21;
const AROUND_MAX = 500;

/** Dispatches `step` with a direction, `field` as a row's menu does, `closed`, and what its buttons are named. */
export class DetailPanel extends EventTarget {
  #panel = byId('detail', HTMLElement);
  #body = byId('detail-body', HTMLElement);
  #parts;
  /** Of the line that is shown. */
  #position = '';

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    parts.list.addEventListener('chosen', () => this.#show());
    this.#panel.addEventListener('click', ({ target }) => {
      const field = clickedField(target);
      const name = /** @type {HTMLElement} */ (target).closest('button')?.dataset.do;
      const row = parts.list.current;
      if (field !== null) this.dispatchEvent(new CustomEvent('field', { detail: { row, ...field } }));
      else if (name === 'close') this.close();
      else if (name !== undefined) this.dispatchEvent(new CustomEvent(name, { detail: row }));
    });
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /**
   * Opens it for the current line, and takes the focus there.
   *
   * @param {boolean} showsAround the lines around it are what is wanted
   */
  async open(showsAround) {
    const { lines, list } = this.#parts;
    if (!lines.has(list.current) || lines.markAt(list.current) !== undefined) return;
    this.#panel.hidden = false;
    this.#position = '';
    const around = this.#show();
    this.#body.focus();
    if (showsAround) (await around)?.scrollIntoView({ block: 'nearest' });
  }

  close() {
    this.#panel.hidden = true;
    this.dispatchEvent(new Event('closed'));
  }

  /** @returns {Promise<HTMLElement> | null} the lines around it, when they are there */
  #show() {
    const { lines, list, actions } = this.#parts;
    if (this.#panel.hidden || !lines.has(list.current) || lines.markAt(list.current) !== undefined) return null;
    const line = lines.lineAt(list.current);
    const position = `${line.segment}.${line.offset}`;
    if (position === this.#position) return null;
    this.#position = position;
    const text = actions.textOf(line);
    const fields = line.cut === undefined ? readFields(text, line.head) : null;
    const bytes = element('pre', {}, 'Loading…');
    const around = element('pre', { class: 'around' }, 'Loading…');
    this.#body.replaceChildren(
      element('dl', {}, ...this.#facts(line, text).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
      ...(fields === null ? [] : [element('h3', {}, 'Fields'), fieldTree(fields, { columns: this.#parts.settings.get('columns'), matches: [], hits: [] })]),
      element('h3', {}, 'Bytes'),
      bytes,
      element('h3', {}, 'Lines around it'),
      around,
    );
    this.#body.scrollTop = 0;
    this.#showBytes(line, position, bytes);
    return this.#showAround(line, position, around);
  }

  /**
   * @param {Line} line
   * @param {string} text
   * @returns {[string, string][]}
   */
  #facts({ row, source, segment, offset, time, level }, text) {
    const logged = loggedTime(text);
    const above = this.#parts.lines.timeAbove(row);
    const zone = logged === null || logged.hasZone ? '' : ' (without a zone: that of the server)';
    return /** @type {[string, string][]} */ ([
      ['Source', source],
      ...(Number.isNaN(time) ? [] : zones(time)),
      ['As logged', logged === null ? '' : logged.text + zone],
      ['After the line above', Number.isNaN(time) || Number.isNaN(above) ? '' : distance(time - above)],
      ['Level', levelName(level)],
      ['Begins at', `byte ${number(offset)} of segment ${segment}`],
    ]).filter(([, value]) => value !== '');
  }

  /**
   * @param {Line} line
   * @param {string} position
   * @param {HTMLElement} target
   */
  async #showBytes({ source }, position, target) {
    try {
      const bytes = await this.#parts.fetchBytes(source, position, BYTES_MAX);
      target.textContent = escapedBytes(bytes) + (bytes.length === BYTES_MAX ? ' …' : '');
    } catch (error) {
      target.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * @param {Line} line
   * @param {string} position
   * @param {HTMLElement} target
   */
  async #showAround({ source, offset }, position, target) {
    try {
      const { lines } = await this.#parts.unfiltered(source, [['around', position], ['limit', String(AROUND)]]);
      target.replaceChildren(...lines.map((one) => {
        const row = element('div', { 'data-level': one.level ?? '' }, show(one.text.slice(0, AROUND_MAX)).text);
        if (one.offset === offset) row.setAttribute('aria-current', 'true');
        return row;
      }));
    } catch (error) {
      target.textContent = error instanceof Error ? error.message : String(error);
    }
    return target;
  }
}
