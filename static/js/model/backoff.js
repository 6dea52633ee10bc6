// @ts-check
// How long to wait before trying a lost connection again: longer each time, and never the same for all
// readers, so that a server that comes back is not met by all of them at once.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * @param {number} attempt 1 for the first try
 * @param {number} random 0 to 1
 * @returns {number} ms, between half of the full wait and all of it
 */
export function retryDelay(attempt, random) {
  const full = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  return full * (0.5 + random / 2);
}
