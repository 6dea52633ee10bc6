// @ts-check
// The fields of a structured line, one below the other, with what can be done with each.

import { valueOf } from '../model/fields.js';
import { isPlain, show } from '../model/ansi.js';
import { extrasIn } from '../model/reading.js';
import { element } from './element.js';
import { drawText } from './line_text.js';

/** @typedef {import('../model/fields.js').Field} Field */
/** @typedef {import('../model/fields.js').Fields} Fields */

const FIELDS_MAX = 300;
const VALUE_MAX = 16 * 1024;

/** @typedef {import('../model/line_pieces.js').Range} Range */

/**
 * @typedef {object} Found
 * @property {readonly string[]} columns fields that have columns of their own
 * @property {Range[]} matches in the whole line
 * @property {Range[]} hits
 */

/**
 * @param {Fields} fields
 * @param {Found} found
 */
export function fieldTree({ text, fields }, found) {
  let left = FIELDS_MAX;
  /** @param {Field} field @param {string} path @returns {Node} */
  const node = (field, path) => {
    left -= 1;
    const { key, kind, fields: inner } = field;
    const name = element('span', { class: 'is-key' }, `${key}: `);
    const isOpen = inner.length > 0;
    const row = element('div', { class: 'pair', tabindex: '-1' }, name, ...(isOpen ? [kind === 'array' ? '[' : '{'] : [value(text, field, found)]));
    row.dataset.path = path;
    if (!isOpen) {
      row.append(actions(found.columns.includes(path)));
      return row;
    }
    return element('div', {}, row, list(inner, path), kind === 'array' ? ']' : '}');
  };
  /** @param {Field[]} among @param {string} path */
  const list = (among, path) => {
    const shown = among.slice(0, Math.max(left, 0));
    const made = shown.map((field) => node(field, path === '' ? field.key : `${path}.${field.key}`));
    if (shown.length < among.length) made.push(element('div', { class: 'is-key' }, `… ${among.length - shown.length} more`));
    return element('div', { class: path === '' ? 'tree' : 'branch' }, ...made);
  };
  return list(fields, '');
}

/**
 * What was clicked in the fields of a line, null where that is no button of one.
 *
 * @param {EventTarget | null} target
 */
export function clickedField(target) {
  const button = target instanceof HTMLButtonElement ? target : null;
  const path = /** @type {HTMLElement | null | undefined} */ (button?.closest('.pair'))?.dataset.path;
  return path === undefined ? null : { action: button?.dataset.do ?? '', path };
}

/**
 * @param {string} text
 * @param {Field} field
 * @param {Found} found
 */
function value(text, field, { matches, hits }) {
  const span = element('span', { class: `is-${field.kind}` });
  const read = valueOf(text, field, VALUE_MAX);
  // Line breaks are real ones here.
  const lines = read.text.split('\n');
  if (!lines.every(isPlain)) {
    span.textContent = lines.map((line) => show(line).text).join('\n');
  } else {
    const inside = (/** @type {Range[]} */ ranges) => ranges
      .filter(([start, end]) => start < field.to && end > read.from)
      .map(([start, end]) => /** @type {Range} */ ([read.place(Math.max(start, read.from)), read.place(Math.min(end, field.to))]));
    drawText(span, { text: read.text, from: 0, spans: [], parts: [], extras: extrasIn(read.text), matches: inside(matches), hits: inside(hits) }, '');
  }
  if (field.to - field.from > VALUE_MAX) span.append('…');
  return span;
}

/** @param {boolean} isColumn */
function actions(isColumn) {
  const button = (/** @type {string} */ name, /** @type {string} */ words) => element('button', { 'data-do': name }, words);
  return element(
    'span',
    { class: 'pair-actions' },
    button('filter-for', 'filter for'),
    button('filter-out', 'filter out'),
    button('copy', 'copy'),
    button('column', isColumn ? 'no column' : 'as column'),
  );
}
