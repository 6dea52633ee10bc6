// @ts-check
// Cuts the text of one line into pieces of one appearance each, from layers that overlap freely: colours of
// the log itself, parts that are more than text, matches of the filter, hits of the search.

/** @typedef {import('./ansi.js').Part} Part */
/** @typedef {import('./ansi.js').Span} Span */
/** @typedef {import('./ansi.js').Style} Style */
/** @typedef {readonly [number, number]} Range */

/**
 * @typedef {object} Layers each in order and without overlap in itself
 * @property {Span[]} spans
 * @property {Part[]} parts
 * @property {Part[]} extras
 * @property {Range[]} matches
 * @property {Range[]} hits
 */

/** @typedef {{text: string, style: Style | null, part: Part | null, extra: Part | null, isMatch: boolean, isHit: boolean}} Piece */

const RANGES_MAX = 256;
/** The last one has whatever is left of the line, plainly. */
const PIECES_MAX = 256;

/**
 * @param {string} text
 * @param {number} from where drawing begins
 * @param {Layers} layers
 * @returns {Piece[]}
 */
export function cutPieces(text, from, { spans, parts, extras, matches, hits }) {
  const ranges = [...[spans, parts, extras].map(rangesOf), matches.slice(0, RANGES_MAX), hits.slice(0, RANGES_MAX)];
  const edges = new Set([from, text.length, ...ranges.flat(2)]);
  const cuts = [...edges].filter((edge) => edge >= from && edge <= text.length).sort((a, b) => a - b);
  if (cuts.length > PIECES_MAX) cuts.splice(PIECES_MAX - 1, cuts.length, text.length);
  const walkers = ranges.map(walker);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index];
    const [span, part, extra, match, hit] = walkers.map((walk) => walk(start));
    return {
      text: text.slice(start, end),
      style: spans[span]?.style ?? null,
      part: parts[part] ?? null,
      extra: extras[extra] ?? null,
      isMatch: match >= 0,
      isHit: hit >= 0,
    };
  });
}

/**
 * @param {{from: number, to: number}[]} layer
 * @returns {Range[]}
 */
function rangesOf(layer) {
  return layer.map(({ from, to }) => [from, to]);
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
