// @ts-check
// One row of the list: a line with its gutter, or a mark between lines. Rows are used again for other lines,
// so everything a line sets is set by the next one too.

import { PARSED_MAX } from '../model/fields.js';
import { levelName } from '../model/levels.js';
import { readingOf } from '../model/reading.js';
import { movedRow } from '../model/rows.js';
import { counted, markText, size } from '../model/wording.js';
import { element } from './element.js';
import { fieldTree } from './field_tree.js';
import { Gutter } from './gutter.js';
import { drawText } from './line_text.js';

/** @typedef {import('../model/reading.js').Reading} Reading */
/** @typedef {import('../model/stored_lines.js').Line} Line */
/** @typedef {import('../model/lines.js').Mark} Mark */

/**
 * How lines look at the moment; the same for all rows.
 *
 * @typedef {object} Look
 * @property {import('../model/settings.js').Choices['time']} time
 * @property {number} base the time that others are relative to
 * @property {(line: Line) => number} timeAbove of the line above of the same source
 * @property {(line: Line) => boolean} isBelowItsOwn the row above is of the same source
 * @property {boolean} hasSourceBar sources are told apart by a bar
 * @property {boolean} showsHead the time and level as printed are part of the text
 * @property {boolean} isRaw structured lines stay as they are
 * @property {readonly string[]} columns fields that have columns of their own
 * @property {number} sourceColumns width of the source's column, 0 without one
 * @property {(source: string) => string} nameOf what differs in its name from the others
 * @property {(line: Line) => boolean} isMarked
 * @property {(source: string) => number} colorOf
 * @property {boolean} hasTime
 * @property {boolean} hasLevel
 * @property {boolean} hasOffset where a line begins has a column of its own
 * @property {string} type size of the letters and of the lines
 * @property {boolean} showsDate
 * @property {boolean} isNarrow
 * @property {string} background `#rrggbb`, what colours of the log must be readable on
 * @property {(text: string) => [number, number][]} hits of the search
 * @property {(line: Line) => string} textOf the text of a line, with what was fetched of one that was cut
 */

export class LineRow {
  element = element('div');
  /** The row of the store it is to show. */
  number = -1;
  /** How much of the text's beginning is not drawn. */
  from = 0;
  /** False where the text was put together from the fields of a structured line. */
  isOriginal = true;
  /** It stands for lines that are folded away. */
  isFold = false;

  #text = element('span', { class: 'text' });
  /** What the page adds: buttons, and the fields of a line that is unfolded. */
  #after = element('span', { class: 'after' });
  #gutter = new Gutter();
  #drawnNumber = -1;
  /** @type {Look | null} */
  #look = null;
  #sourceColor = '';
  /** What it is called while the reader is at it. */
  #name = '';

  /** The part of the row that is the line's own text. */
  get text() {
    return this.#text;
  }

  /**
   * Whether it shows its row already, and so.
   *
   * @param {Look} look
   */
  isDrawn(look) {
    return this.#drawnNumber === this.number && this.#look === look;
  }

  /**
   * The reader is at it, so that it has the focus where the list has it, and a name that is read aloud; or not.
   *
   * @param {string} name '' where it is not
   */
  choose(name) {
    if (this.#name === name) return;
    this.#name = name;
    const { element: row } = this;
    for (const [attribute, value] of Object.entries({ 'aria-current': 'true', tabindex: '0', role: 'group', 'aria-label': name })) {
      if (name === '') row.removeAttribute(attribute);
      else row.setAttribute(attribute, value);
    }
  }

  /** What it shows is not so any more. */
  forget() {
    this.#look = null;
  }

  /** @param {Event} event its row has another number now, and shows the same */
  moved(event) {
    this.number = movedRow(this.number, event);
    this.#drawnNumber = movedRow(this.#drawnNumber, event);
  }

  /**
   * @param {Line} line
   * @param {Look} look
   */
  drawLine(line, look) {
    this.#begin(look, 'row');
    const { dataset } = this.element;
    dataset.source = line.source;
    dataset.segment = line.segment;
    dataset.offset = String(line.offset);
    if (line.level > 0) dataset.level = levelName(line.level);
    if (line.continues) dataset.continues = '';
    if (line.isContext) dataset.context = '';
    if (look.isMarked(line)) dataset.marked = '';
    if (line.isApart) dataset.apart = '';
    this.#showSource(look.hasSourceBar ? `var(--hue-${look.colorOf(line.source)})` : '');
    this.#text.title = line.isLossy ? 'Not UTF-8: bytes that could not be read are shown as \ufffd' : '';
    const gutter = this.#gutter.element;
    if (gutter.parentNode === null) this.element.replaceChildren(gutter, this.#text);
    this.#drawText(line, look);
  }

  /** @param {string} color of the bar that stands for its source, '' for none */
  #showSource(color) {
    if (this.#sourceColor === color) return;
    this.#sourceColor = color;
    this.element.style.setProperty('--source-of-row', color);
  }

  /**
   * @param {number} count of lines that are folded away
   * @param {Look} look
   * @returns {boolean} whether it is another than before
   */
  drawFold(count, look) {
    const words = `▸ ${counted(count, 'more line')}`;
    if (this.isFold && this.isDrawn(look) && this.element.textContent === words) return false;
    this.#begin(look, 'row fold');
    this.#showSource('');
    this.isFold = true;
    this.element.replaceChildren(element('button', { 'data-do': 'open', 'aria-expanded': 'false' }, words));
    return true;
  }

  /**
   * @param {Mark} mark
   * @param {Look} look
   */
  drawMark(mark, look) {
    const isBoundary = mark.kind !== 'gap';
    this.#begin(look, isBoundary ? 'mark boundary' : 'mark gap');
    this.#showSource('');
    if (isBoundary) this.element.dataset.boundary = mark.kind;
    else this.element.dataset.gap = mark.reason;
    this.element.dataset.source = mark.source;
    this.element.replaceChildren(element('span', {}, markText(mark)));
    if (mark.kind === 'rotated' && mark.name !== undefined) this.element.append(element('button', { 'data-do': 'older' }, 'open'), '—');
    if (mark.kind === 'gap' && mark.loadable && mark.segment !== undefined) {
      const words = mark.isLoading ? 'Loading…' : 'Load them';
      this.element.append(element('button', { 'data-do': 'load', ...(mark.isLoading ? { disabled: '' } : {}) }, words));
    }
  }

  /**
   * @param {Look} look
   * @param {string} className
   */
  #begin(look, className) {
    this.#drawnNumber = this.number;
    this.#look = look;
    this.isFold = false;
    this.element.className = className;
    for (const name of Object.keys(this.element.dataset)) delete this.element.dataset[name];
  }

  /**
   * @param {Line} line
   * @param {Look} look
   */
  #drawText(line, look) {
    const whole = look.textOf(line);
    const reading = readingOf(line, whole, look);
    this.from = reading.from;
    this.isOriginal = reading.fields === null;
    this.#gutter.draw(line, look, reading.fields);
    drawText(this.#text, reading, look.background);
    /** @type {(Node | string)[]} */
    const after = [...foldButtons(line, reading), ...restNodes(line, whole, reading)];
    if (line.isUnfolded && reading.fields !== null) after.push(fieldTree(reading.fields, { columns: look.columns, matches: line.matches, hits: look.hits(whole) }));
    this.#after.replaceChildren(...after);
    if (after.length === 0) this.#after.remove();
    else if (this.#after.parentNode === null) this.element.append(this.#after);
  }
}

/**
 * @param {Line} line
 * @param {Reading} reading
 */
function foldButtons({ isUnfolded, fold }, { fields, isOverprinted }) {
  if (fold > 0 || (fields === null && !isOverprinted)) return [];
  const [sign, name] = isOverprinted ? ['↺', 'What was overprinted'] : [isUnfolded ? '▾' : '{…}', 'Fields'];
  return [element('button', { 'data-do': 'open', 'aria-expanded': String(isUnfolded), 'aria-label': name, title: name }, sign)];
}

/**
 * What is not drawn of a long line: how much that is, and ways to it.
 *
 * @param {Line} line
 * @param {string} whole
 * @param {Reading} reading
 */
function restNodes({ cut, text: sent }, whole, { text, length }) {
  const rest = (cut ?? length) - text.length;
  if (rest <= 0) return [];
  const isJson = sent.startsWith('{') && (cut ?? whole.length) > PARSED_MAX;
  return [
    ` … +${size(rest)} of this line${isJson ? ', too long to be read as JSON' : ''} `,
    element('button', { 'data-do': 'more' }, 'show 64 KB more'),
    element('button', { 'data-do': 'download' }, 'download'),
  ];
}
