// @ts-check
// Gives each source one of eight colours by its name, so that it keeps its colour wherever it is read.
// Among the first eight sources no colour is given twice: who would get a taken one gets the next.

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

/**
 * @param {string[]} names in an order all readers see
 * @returns {Map<string, number>}
 */
export function sourceColors(names) {
  /** @type {Map<string, number>} */
  const colors = new Map();
  const taken = new Set();
  for (const name of names) {
    let color = sourceColor(name);
    while (taken.has(color) && taken.size < COLORS) color = (color + 1) % COLORS;
    taken.add(color);
    colors.set(name, color);
  }
  return colors;
}
