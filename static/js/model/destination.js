// @ts-check
// Where the reader wants to go, as typed: `45%` of all bytes, `@3070112233` a byte, anything else is a time and for
// the server to understand.

/** @typedef {{share: number} | {byte: number} | {time: string}} Destination */

/**
 * @param {string} text
 * @returns {Destination}
 */
export function readDestination(text) {
  const typed = text.trim();
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(typed);
  if (percent !== null) return { share: Math.min(Number(percent[1]) / 100, 1) };
  const byte = /^@([\d,_ ]+)$/.exec(typed);
  if (byte !== null) return { byte: Number(byte[1].replace(/\D/g, '')) };
  return { time: typed };
}
