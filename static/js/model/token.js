// @ts-check
// The token, wherever a reader has it from: the link as it was printed, a part of it, or the token alone.

/** What a header and a link can hold. */
const TOKEN = /^[\w.~+/=-]+$/;

/**
 * @param {string} text
 * @returns {string} '' where there is none
 */
export function tokenIn(text) {
  const token = (text.split('#t=').at(-1) ?? '').trim();
  return TOKEN.test(token) ? token : '';
}
