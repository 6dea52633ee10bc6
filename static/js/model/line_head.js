// @ts-check
// How much of a line's beginning is only its timestamp and level, as printed. Where the page shows time and
// level in columns of their own, this part is not drawn a second time. It decides nothing about what the time
// or the level is: the server did that, and a line without either keeps its beginning.

const HEAD_MAX = 255;

const STAMP = '(?:\\d{4}[-/.]\\d\\d[-/.]\\d\\d[T ]|\\d\\d[-/]\\d\\d[-/]\\d\\d |\\d\\d-\\d\\d |(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \\d]\\d )?'
  + '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: \\d{4}(?=\\]))?'
  + '(?: ?(Z|UTC|[+-]\\d\\d:?\\d\\d))?';
const TIMESTAMP = new RegExp(`^[[(]?${STAMP}[\\])]?:?\\s+`);
const ANYWHERE = new RegExp(STAMP);

const WORDS = 'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL';
const LEVEL = new RegExp(
  `^(?:(?:${WORDS}|TRC|DBG|INF|WRN|ERR|FTL)|\\[(?:${WORDS}|${WORDS.toLowerCase()}|crit|alert|emerg)\\])(?::\\s*|\\s+)`,
);

/**
 * The time of a line as it is written in it, where that can be told.
 *
 * @param {string} text
 * @returns {{text: string, hasZone: boolean} | null}
 */
export function loggedTime(text) {
  const found = ANYWHERE.exec(text.slice(0, HEAD_MAX));
  return found === null ? null : { text: found[0], hasZone: found[1] !== undefined };
}

/**
 * @param {string} text as shown, without escapes
 * @param {boolean} hasTime
 * @param {boolean} hasLevel
 * @returns {number} UTF-16 units, at most 255
 */
export function headLength(text, hasTime, hasLevel) {
  let length = 0;
  if (hasTime) length = TIMESTAMP.exec(text)?.[0].length ?? 0;
  if (hasLevel) length += LEVEL.exec(text.slice(length, HEAD_MAX))?.[0].length ?? 0;
  return length < Math.min(text.length, HEAD_MAX) ? length : 0;
}
