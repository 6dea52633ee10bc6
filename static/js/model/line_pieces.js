// @ts-check
// Cuts the text of one line into pieces of one appearance each, from layers that overlap freely: colours of
// the log itself, parts that are more than text, matches of the filter, hits of the search.

/** @typedef {import('./ansi.js').Part} Part */
/** @typedef {import('./ansi.js').Span} Span */
/** @typedef {import('./ansi.js').Style} Style */
/** @typedef {readonly [number, number]} Range */

/** @typedef {{text: string, style: Style | null, part: Part | null, isMatch: boolean, isHit: boolean}} Piece */

const RANGES_MAX = 256;
/** The last one has whatever is left of the line, plainly. */
const PIECES_MAX = 256;

/**
 * @param {string} text
 * @param {number} from where drawing begins
 * @param {{spans: Span[], parts: Part[], matches: Range[], hits: Range[]}} layers each in order and without overlap in itself
 * @returns {Piece[]}
 */
export function cutPieces(text, from, layers) {
  const matches = layers.matches.slice(0, RANGES_MAX);
  const hits = layers.hits.slice(0, RANGES_MAX);
  const edges = new Set([from, text.length]);
  for (const { from: start, to } of layers.spans) edges.add(start).add(to);
  for (const { from: start, to } of layers.parts) edges.add(start).add(to);
  for (const [start, end] of matches) edges.add(start).add(end);
  for (const [start, end] of hits) edges.add(start).add(end);

  const cuts = [...edges].filter((edge) => edge >= from && edge <= text.length).sort((a, b) => a - b);
  if (cuts.length > PIECES_MAX) cuts.splice(PIECES_MAX - 1, cuts.length, text.length);
  const style = walker(layers.spans.map((span) => [span.from, span.to]));
  const part = walker(layers.parts.map(({ from: start, to }) => [start, to]));
  const match = walker(matches);
  const hit = walker(hits);
  /** @type {Piece[]} */
  const pieces = [];
  for (let index = 1; index < cuts.length; index += 1) {
    const start = cuts[index - 1];
    const span = style(start);
    const at = part(start);
    pieces.push({
      text: text.slice(start, cuts[index]),
      style: span < 0 ? null : layers.spans[span].style,
      part: at < 0 ? null : layers.parts[at],
      isMatch: match(start) >= 0,
      isHit: hit(start) >= 0,
    });
  }
  return pieces;
}

/**
 * @param {Range[]} ranges
 * @returns {(offset: number) => number} the range that covers the offset, or -1; to be asked in ascending order
 */
function walker(ranges) {
  let index = 0;
  return (offset) => {
    while (index < ranges.length && ranges[index][1] <= offset) index += 1;
    return index < ranges.length && ranges[index][0] <= offset ? index : -1;
  };
}
