// @ts-check
// Which of many positions comes next.

/** @typedef {import('./stored_lines.js').Position} Position */

/**
 * The nearest position beyond a place in one direction of the log.
 *
 * @template {Position} T
 * @param {T[]} positions
 * @param {Position | null} from
 * @param {1 | -1} direction 1 towards newer lines
 * @param {(segment: string) => number} rank of a segment among all, older ones first
 * @returns {T | undefined} round the end where there is none beyond
 */
export function nearest(positions, from, direction, rank) {
  const sorted = positions.map((position) => ({ position, rank: rank(position.segment), offset: position.offset }))
    .sort((a, b) => (a.rank - b.rank || a.offset - b.offset) * direction);
  const start = from === null ? Number.NEGATIVE_INFINITY : rank(from.segment);
  const beyond = sorted.find((one) => from === null
    || (one.rank - start || one.offset - from.offset) * direction > 0);
  return (beyond ?? sorted[0])?.position;
}
