// @ts-check
// One row of the list: a line with its gutter, or a mark between lines. Rows are used again for other lines,
// so everything a line sets is set by the next one too.

import { DRAWN_MAX } from '../model/chunk.js';
import { show } from '../model/ansi.js';
import { readable } from '../model/contrast.js';
import { cutPieces } from '../model/line_pieces.js';
import { levelName, levelWord } from '../model/levels.js';
import { movedRow } from '../model/rows.js';
import { clock, day, markText, size } from '../model/wording.js';
import { element } from './element.js';

/** @typedef {import('../model/ansi.js').Style} Style */
/** @typedef {import('../model/line_pieces.js').Piece} Piece */
/** @typedef {import('../model/stored_lines.js').Line} Line */
/** @typedef {import('../model/lines.js').Mark} Mark */

/**
 * How lines look at the moment; the same for all rows.
 *
 * @typedef {object} Look
 * @property {'local' | 'utc' | 'logged'} time
 * @property {number} sourceColumns width of the source's column, 0 without one
 * @property {(source: string) => number} colorOf
 * @property {boolean} showsDate
 * @property {boolean} isNarrow
 * @property {string} background `#rrggbb`, what colours of the log must be readable on
 * @property {(text: string) => [number, number][]} hits of the search
 * @property {(line: Line) => string} textOf the text of a line, with what was fetched of one that was cut
 */

/** Between the columns of the gutter. */
const SPACE = '  ';
const TIME_COLUMNS = 12;
const DAY_COLUMNS = 11;

const STYLE_CLASSES = /** @type {const} */ (['bold', 'dim', 'italic', 'underline', 'strike', 'inverse']);

export class LineRow {
  element = element('div');
  /** The row of the store it is to show. */
  number = -1;
  /** How much of the text's beginning is not drawn. */
  from = 0;

  #source = element('span');
  #time = document.createTextNode('');
  #level = element('span', { class: 'level' });
  #text = element('span', { class: 'text' });
  #gutter = element('span', { class: 'gutter' }, this.#source, this.#time, this.#level);
  #drawnNumber = -1;
  /** @type {Look | null} */
  #look = null;

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
    if (line.isApart) dataset.apart = '';
    this.#text.title = line.isLossy ? 'Not UTF-8: bytes that could not be read are shown as \ufffd' : '';
    this.#source.className = `hue-${look.colorOf(line.source)}`;
    this.#source.textContent = sourceText(line.source, look);
    this.#time.data = timeText(line, look);
    this.#level.textContent = look.isNarrow ? levelWord(line.level).charAt(0) : levelWord(line.level);
    this.#drawText(line, look);
    if (this.#gutter.parentNode === null) this.element.replaceChildren(this.#gutter, this.#text);
  }

  /**
   * @param {Mark} mark
   * @param {Look} look
   */
  drawMark(mark, look) {
    const isBoundary = mark.kind === 'rotated' || mark.kind === 'truncated';
    this.#begin(look, isBoundary ? 'mark boundary' : 'mark gap');
    if (isBoundary) this.element.dataset.boundary = mark.kind;
    else if (mark.kind === 'gap') this.element.dataset.gap = mark.reason;
    this.element.dataset.source = mark.source;
    this.element.replaceChildren(element('span', {}, markText(mark)));
    if (mark.kind === 'gap' && mark.loadable && mark.segment !== undefined) {
      const words = mark.isLoading ? 'Loading…' : 'Load them';
      this.element.append(element('button', { type: 'button', 'data-do': 'load', ...(mark.isLoading ? { disabled: '' } : {}) }, words));
    }
  }

  /**
   * @param {Look} look
   * @param {string} className
   */
  #begin(look, className) {
    this.#drawnNumber = this.number;
    this.#look = look;
    this.element.className = className;
    for (const name of Object.keys(this.element.dataset)) delete this.element.dataset[name];
  }

  /**
   * @param {Line} line
   * @param {Look} look
   */
  #drawText(line, look) {
    const whole = look.textOf(line);
    const shown = show(whole);
    const text = whole === line.text ? shown.text.slice(0, DRAWN_MAX) : shown.text;
    const from = look.time === 'logged' ? 0 : line.head;
    const layers = {
      spans: shown.spans,
      matches: line.matches.map(([start, end]) => /** @type {const} */ ([shown.place(start), shown.place(end)])),
      hits: look.hits(text),
    };
    const isUniform = layers.spans.length === 0 && layers.matches.length === 0 && layers.hits.length === 0;
    const rest = restText(line, shown.text.length, text.length);
    this.from = from;
    if (isUniform && rest === '') {
      // The same text node stays, because a selection may begin or end in it.
      if (this.#text.childElementCount > 0 || this.#text.textContent !== text.slice(from)) this.#text.textContent = text.slice(from);
      return;
    }
    const pieces = cutPieces(text, from, layers).map((piece) => pieceNode(piece, look));
    if (rest !== '') {
      pieces.push(element(
        'span',
        { class: 'rest' },
        rest,
        element('button', { type: 'button', 'data-do': 'more' }, 'show 64 KB more'),
        element('button', { type: 'button', 'data-do': 'download' }, 'download'),
      ));
    }
    this.#text.replaceChildren(...pieces);
  }
}

/**
 * What is not drawn of a long line, in words.
 *
 * @param {Line} line
 * @param {number} length as shown
 * @param {number} drawn
 */
function restText(line, length, drawn) {
  const rest = line.cut === undefined ? length - drawn : line.cut - drawn;
  return rest > 0 ? ` … +${size(rest)} of this line ` : '';
}

/**
 * Columns of the gutter, with a space at its end. All its text is padded to that, which is cheaper to lay out
 * than boxes of a fixed width.
 *
 * @param {Look} look
 */
export function gutterColumns(look) {
  const source = look.sourceColumns === 0 ? 0 : look.sourceColumns + SPACE.length;
  return source + timeColumns(look) + (look.isNarrow ? 2 : 3 + SPACE.length);
}

/** @param {Look} look */
function timeColumns({ time, showsDate, isNarrow }) {
  if (time === 'logged') return 0;
  return (showsDate ? DAY_COLUMNS : 0) + (isNarrow ? TIME_COLUMNS - 4 : TIME_COLUMNS) + (isNarrow ? 1 : SPACE.length);
}

/**
 * @param {string} source
 * @param {Look} look
 */
function sourceText(source, { sourceColumns }) {
  if (sourceColumns === 0) return '';
  const fitting = source.length > sourceColumns ? `…${source.slice(1 - sourceColumns)}` : source;
  return fitting.padEnd(sourceColumns) + SPACE;
}

/**
 * @param {Line} line
 * @param {Look} look
 */
function timeText({ time, continues }, look) {
  const columns = timeColumns(look);
  if (columns === 0 || Number.isNaN(time) || continues) return ' '.repeat(columns);
  const isUtc = look.time === 'utc';
  const text = look.isNarrow ? clock(time, isUtc).slice(0, -4) : clock(time, isUtc);
  return (look.showsDate ? `${day(time, isUtc)} ${text}` : text).padEnd(columns);
}

/**
 * @param {Piece} piece
 * @param {Look} look
 * @returns {Node}
 */
function pieceNode({ text, style, isMatch, isHit }, look) {
  /** @type {HTMLElement | Text} */
  let node = document.createTextNode(text);
  if (style !== null) node = styledNode(node, style, look);
  if (isMatch) node = element('mark', {}, node);
  if (isHit) node = element('mark', { class: 'hit' }, node);
  return node;
}

/**
 * @param {Text} text
 * @param {Style} style
 * @param {Look} look
 */
function styledNode(text, style, look) {
  const node = element('span', {}, text);
  for (const name of STYLE_CLASSES) if (style[name]) node.classList.add(name);
  if (typeof style.color === 'number') node.classList.add(`color-${style.color}`);
  if (typeof style.color === 'string') node.style.color = readable(style.color, look.background);
  if (style.background !== null) node.classList.add('grounded');
  if (typeof style.background === 'number') node.classList.add(`ground-${style.background}`);
  if (typeof style.background === 'string') node.style.setProperty('--ground', style.background);
  return node;
}
