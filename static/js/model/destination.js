// @ts-check
// Where the reader wants to go, as typed: `123456` a line, `45%` of all bytes, `@3070112233` a byte, anything else is a time and for
// the server to understand.

/** @typedef {{line: number} | {share: number} | {byte: number} | {time: string}} Destination */

/**
 * @param {string} text
 * @returns {Destination}
 */
export function readDestination(text) {
  const typed = text.trim();
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(typed);
  if (percent !== null) return { share: Math.min(Number(percent[1]) / 100, 1) };
  if (/^\d{1,3}(,\d{3})+$|^\d{1,11}$/.test(typed)) return { line: Number(typed.replaceAll(',', '')) };
  const byte = /^@([\d,_ ]+)$/.exec(typed);
  if (byte !== null) return { byte: Number(byte[1].replace(/\D/g, '')) };
  return { time: typed };
}
