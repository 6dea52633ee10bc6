// @ts-check
// How much of a line's beginning is only its timestamp and level, as printed. Where the page shows time and
// level in columns of their own, this part is not drawn a second time. It decides nothing about what the time
// or the level is: the server did that, and a line without either keeps its beginning.

const HEAD_MAX = 255;

const TIMESTAMP = new RegExp(
  '^[[(]?'
  + '(?:\\d{4}[-/.]\\d\\d[-/.]\\d\\d[T ]|\\d\\d[-/]\\d\\d[-/]\\d\\d |\\d\\d-\\d\\d |(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \\d]\\d )?'
  + '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: \\d{4}(?=\\]))?'
  + '(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?'
  + '[\\])]?:?\\s+',
);

const LEVEL = new RegExp(
  '^(?:(?:TRACE|TRC|DEBUG|DBG|INFO|INF|NOTICE|WARNING|WARN|WRN|ERROR|ERR|CRITICAL|FATAL|FTL)'
  + '|\\[(?:trace|debug|info|notice|warning|warn|error|crit|critical|alert|emerg|fatal'
  + '|TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|CRITICAL|FATAL)\\])'
  + '(?::\\s*|\\s+)',
);

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
