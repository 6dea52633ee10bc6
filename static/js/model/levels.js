// @ts-check
// The six levels a line may have, in order of weight. The store keeps them as small numbers
// (0: the line says nothing of its level), the page writes them as three letters.

/** @typedef {'trace'|'debug'|'info'|'warn'|'error'|'fatal'} Level */

/** @type {readonly Level[]} */
export const LEVELS = Object.freeze(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);

/** What a filter may keep: also lines that say no level. @typedef {Level | 'unknown'} FilterLevel */

/** @type {readonly FilterLevel[]} */
export const FILTER_LEVELS = Object.freeze(['unknown', ...LEVELS]);

const WORDS = Object.freeze(['', 'TRC', 'DBG', 'INF', 'WRN', 'ERR', 'FTL']);

export const WARN = 4;
export const ERROR = 5;

/**
 * @param {string | undefined} level
 * @returns {number} 1 to 6, or 0 for a level that is absent or unknown
 */
export function levelCode(level) {
  return level === undefined ? 0 : LEVELS.indexOf(/** @type {Level} */ (level)) + 1;
}

/**
 * @param {number} code
 * @returns {Level | ''}
 */
export function levelName(code) {
  return code === 0 ? '' : LEVELS[code - 1];
}

/** @param {number} code */
export function levelWord(code) {
  return WORDS[code];
}
