// @ts-check
// Gives each source one of eight colours by its name, so that it keeps its colour in every page and session.

export const COLORS = 8;

/**
 * @param {string} name
 * @returns {number} 0 to 7
 */
export function sourceColor(name) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & (COLORS - 1);
}
