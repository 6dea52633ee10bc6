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
 * @param {Pick<Reading, 'text' | 'from' | 'spans' | 'parts' | 'matches' | 'hits'>} reading
 * @param {string} background what colours of the log must be readable on
 */
export function drawText(target, reading, background) {
  const { text, from, spans, parts, matches, hits } = reading;
  if (spans.length + parts.length + matches.length + hits.length > 0) {
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
function pieceNode({ text, style, part, isMatch, isHit }, background) {
  /** @type {HTMLElement | Text} */
  let node = document.createTextNode(text);
  if (style !== null) node = styledNode(node, style, background);
  if (part?.kind === 'link') {
    const { href = '' } = part;
    node = element('a', { href, title: href, target: '_blank', rel: 'noopener noreferrer' }, node);
  } else if (part !== null) {
    node = element('span', { class: `is-${part.kind}` }, node);
  }
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
  const [color, ground] = style.inverse ? [style.background, style.color ?? 7] : [style.color, style.background];
  if (ground !== null) {
    // What stands on a ground of its own has the colour of the page, which differs from it as much as it does from the page.
    node.classList.add('grounded');
    if (typeof ground === 'number') node.classList.add(`ground-${ground}`);
    else node.style.setProperty('--ground', readable(ground, background));
  } else if (typeof color === 'number') {
    node.classList.add(`color-${color}`);
  } else if (color !== null) {
    node.style.color = readable(color, background);
  }
  return node;
}
