// @ts-check
// Draws the text of a line: text nodes, and elements around those that look like something.

import { readable } from '../model/contrast.js';
import { cutPieces } from '../model/line_pieces.js';
import { element } from './element.js';

/** @typedef {import('../model/ansi.js').Style} Style */
/** @typedef {import('../model/line_pieces.js').Piece} Piece */
/** @typedef {import('../model/reading.js').Reading} Reading */

const STYLE_CLASSES = /** @type {const} */ (['bold', 'dim', 'italic', 'underline', 'strike', 'inverse']);

/**
 * @param {HTMLElement} target
 * @param {Pick<Reading, 'text' | 'from' | keyof import('../model/line_pieces.js').Layers>} reading
 * @param {string} background what colours of the log must be readable on
 */
export function drawText(target, reading, background) {
  const { text, from, spans, parts, extras, matches, hits } = reading;
  if (spans.length + parts.length + extras.length + matches.length + hits.length > 0) {
    target.replaceChildren(...cutPieces(text, from, reading).map((piece) => pieceNode(piece, background)));
    return;
  }
  // The same text node stays, because a selection may begin or end in it.
  const drawn = text.slice(from);
  if (target.childElementCount > 0 || target.textContent !== drawn) target.textContent = drawn;
}

/**
 * @param {Piece} piece
 * @param {string} background
 * @returns {Node}
 */
function pieceNode({ text, style, part, extra, isMatch, isHit }, background) {
  /** @type {HTMLElement | Text} */
  let node = document.createTextNode(text);
  if (style !== null) node = styledNode(node, style, background);
  const href = part?.href ?? extra?.href;
  for (const about of [part, extra]) if (about !== null && about.href === undefined) node = element('span', { class: `is-${about.kind}` }, node);
  if (href !== undefined) node = element('a', { href, title: href, target: '_blank', rel: 'noopener noreferrer' }, node);
  if (isMatch) node = element('mark', {}, node);
  if (isHit) node = element('mark', { class: 'hit' }, node);
  return node;
}

/**
 * @param {Text} text
 * @param {Style} style
 * @param {string} background
 */
function styledNode(text, style, background) {
  const node = element('span', {}, text);
  for (const name of STYLE_CLASSES) if (style[name]) node.classList.add(name);
  // The ground of the page itself, in the palette, is none.
  const own = background < '#8' ? 0 : 7;
  const [color, ground] = style.inverse ? [style.background, style.color ?? 7 - own] : [style.color, style.background];
  if (ground !== null && ground !== own) {
    // What stands on a ground of its own has the colour of the page, which differs from it as much as it does from the page.
    node.classList.add('grounded');
    node.style.background = tone(ground, background);
  } else if (color !== null) {
    node.style.color = tone(color, background);
  }
  return node;
}

/**
 * @param {number | string} color
 * @param {string} background
 */
function tone(color, background) {
  return typeof color === 'number' ? `var(--ansi-${color})` : readable(color, background);
}
