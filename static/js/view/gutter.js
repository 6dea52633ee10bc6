// @ts-check
// What stands before the text of a line, in columns: its source, time and level, where it begins, and those of its
// fields that the reader wants to see there. All is padded with blanks, which is cheaper to lay out than boxes.

import { fieldAt, valueOf } from '../model/fields.js';
import { FURTHER } from '../model/folds.js';
import { levelWord } from '../model/levels.js';
import { timeText, timeWidth } from '../model/time_text.js';
import { element } from './element.js';

/** @typedef {import('../model/fields.js').Fields} Fields */
/** @typedef {import('../model/stored_lines.js').Line} Line */
/** @typedef {import('./line_row.js').Look} Look */

const SPACE = 2;
const OFFSET = 12;
/** Of a field of the reader's choice. */
export const FIELD = 14;

export class Gutter {
  #source = element('span', { class: 'source' });
  /** A click copies a link to the line. */
  #time = element('span', { class: 'time', 'data-do': 'link' });
  #space = document.createTextNode('');
  #level = element('span', { class: 'level' });
  #more = element('span', { class: 'more' });
  element = element('span', { class: 'gutter' }, this.#source, this.#time, this.#space, this.#level, this.#more);

  /**
   * @param {Line} line
   * @param {Look} look
   * @param {Fields | null} fields
   */
  draw(line, look, fields) {
    this.#source.style.color = `var(--hue-${look.colorOf(line.source)})`;
    if (look.sourceColumns > 0) this.#source.title = line.source;
    // What goes on the line above has its source.
    const name = line.continues && look.isBelowItsOwn(line) ? '' : look.nameOf(line.source);
    this.#source.textContent = look.sourceColumns === 0 ? '' : sourceText(name, look.sourceColumns);
    const { text, kind } = timeText(line, look.timeAbove(line), look);
    this.#time.className = `time ${kind}`;
    this.#time.title = kind === 'unordered' ? 'Earlier than the line above' : '';
    this.#time.textContent = look.hasTime ? text : '';
    this.#space.data = ' '.repeat(Math.max(timeColumns(look) - text.length, 0));
    this.#level.textContent = look.isNarrow ? levelWord(line.level).charAt(0) : levelWord(line.level).padEnd(levelColumns(look));
    this.#more.textContent = look.isNarrow ? '' : more(line, look, fields);
    if (line.fold !== FURTHER || !line.isUnfolded) return;
    const fold = element('button', { 'data-do': 'open', 'aria-label': 'Fold', title: 'Fold' }, '▾');
    this.#level.replaceChildren(fold, ' '.repeat(Math.max(levelColumns(look) - 1, 0)));
  }
}

/**
 * Columns of the gutter, with a space at its end.
 *
 * @param {Look} look
 */
export function gutterColumns(look) {
  return fieldsFrom(look) + (look.isNarrow ? 0 : look.columns.length * (FIELD + SPACE));
}

/**
 * Columns before those of fields.
 *
 * @param {Look} look
 */
export function fieldsFrom(look) {
  const source = look.sourceColumns === 0 ? 0 : look.sourceColumns + SPACE;
  return source + timeColumns(look) + levelColumns(look) + (look.hasOffset && !look.isNarrow ? OFFSET + SPACE : 0);
}

/** @param {Look} look */
function timeColumns(look) {
  const width = look.hasTime ? timeWidth(look) : 0;
  return width === 0 ? 0 : width + (look.isNarrow ? 1 : SPACE);
}

/** @param {Look} look */
function levelColumns({ isNarrow, hasLevel }) {
  if (isNarrow) return 2;
  return hasLevel ? 3 + SPACE : 0;
}

/**
 * @param {Line} line
 * @param {Look} look
 * @param {Fields | null} fields
 */
function more(line, look, fields) {
  const offset = look.hasOffset ? column(`@${line.offset}`, OFFSET) : '';
  return offset + look.columns.map((path) => column(fieldText(fields, path), FIELD)).join('');
}

/**
 * @param {Fields | null} fields
 * @param {string} path
 */
function fieldText(fields, path) {
  const field = fields === null ? undefined : fieldAt(fields.fields, path);
  if (fields === null || field === undefined) return '';
  return valueOf(fields.text, field, 6 * FIELD).text.replace(/\s/g, ' ');
}

/**
 * @param {string} name of which the end says most
 * @param {number} width
 */
function sourceText(name, width) {
  return column(name.length > width ? `…${name.slice(1 - width)}` : name, width);
}

/**
 * @param {string} text
 * @param {number} width
 */
function column(text, width) {
  const fitting = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return fitting.padEnd(width + SPACE);
}
