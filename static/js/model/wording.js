// @ts-check
// The sentences and figures the page says. In one place, so that the same thing is always said the same way.

/** @typedef {import('./lines.js').Mark} Mark */

const NUMBER = new Intl.NumberFormat('en');
const BYTE_UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];
const NEW_LINES_MAX = 99_999;

/** @param {number} count */
export function number(count) {
  return NUMBER.format(count);
}

/**
 * `41k`, `1.2M`: for places of fixed width.
 *
 * @param {number} count
 */
export function shortNumber(count) {
  if (count < 10_000) return number(count);
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1e6).toFixed(count < 99.95e6 ? 1 : 0)}M`;
}

/**
 * @param {number} count
 * @param {string} noun in the singular
 */
export function counted(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * What a filter leaves out.
 *
 * @param {{all: number, hidden: number, errors: number}} counts
 * @returns {[string, string, string]} the second part says enough where there is little room
 */
export function hiddenLines({ all, hidden, errors }) {
  const of = errors > 0 ? `, ${number(errors)} of them ${errors === 1 ? 'an error' : 'errors'}` : '';
  return [`showing ${number(all - hidden)} of ${number(all)} · `, `${number(hidden)} hidden`, of];
}

/** @param {number} bytes */
export function size(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return counted(bytes, 'byte');
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${BYTE_UNITS[unit]}`;
}

/** @param {number} milliseconds since something happened */
export function ago(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return `${Math.max(Math.round(milliseconds / 1000), 1)} s ago`;
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} days ago`;
}

/**
 * @param {number} time ms since the epoch
 * @param {boolean} isUtc
 * @returns {string} `10:47:02.403`
 */
export function clock(time, isUtc) {
  const date = new Date(time);
  const [hour, minute, second] = isUtc
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${two(hour)}:${two(minute)}:${two(second)}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
}

/**
 * @param {number} time
 * @param {boolean} isUtc
 * @returns {string} `2026-11-22`
 */
export function day(time, isUtc) {
  const date = new Date(time);
  return isUtc
    ? `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * What the pill says of lines that came while the page was paused.
 *
 * @param {number} lines
 * @param {number} errors
 */
export function newLines(lines, errors) {
  if (lines > NEW_LINES_MAX) return `↓ ${shortNumber(NEW_LINES_MAX + 1)}+ new`;
  const text = `↓ ${number(lines)} new ${lines === 1 ? 'line' : 'lines'}`;
  return errors === 0 ? text : `${text} · ${counted(errors, 'error')}`;
}

/** @param {Mark} mark */
export function markText(mark) {
  switch (mark.kind) {
    case 'rotated': return rotatedText(mark);
    case 'truncated': return `— ${mark.source} was emptied at ${second(mark.time)} (was ${size(mark.size)}) —`;
    case 'left': return `— you were here ${ago(Date.now() - mark.at)}${sinceText(mark.since)} —`;
    default: return gapText(mark);
  }
}

/** @param {{lines: number, errors: number} | null} since null where it is not known */
export function sinceText(since) {
  if (since === null) return '';
  return `: ${counted(since.lines, 'line')}${since.errors === 0 ? '' : ` and ${counted(since.errors, 'error')}`} since`;
}

/** @param {import('../wire/payloads.js').RotatedEvent} event */
function rotatedText({ source, time, name }) {
  const end = name === undefined ? ' —' : ` · previous file: ${name}`;
  return `— ${source} was rotated ${Number.isNaN(time) ? 'here' : `at ${second(time)}`}${end}`;
}

/** @param {import('../wire/payloads.js').GapEvent} gap */
function gapText({ source, lines, from, to, reason, loadable }) {
  let amount = `Lines of ${source}`;
  if (lines !== undefined) amount = counted(lines, 'line');
  else if (from !== undefined && to !== undefined) amount = `${size(to - from)} of ${source}`;
  if (!loadable) return `✂ ${amount} lost — ${LOST[reason] ?? 'they can no longer be read'}.`;
  return `⤓ ${amount} not shown — ${NOT_SHOWN[reason] ?? 'they are in the file'}.`;
}

/** @type {Record<string, string | undefined>} */
const LOST = {
  rotated: 'the file was replaced before they were read',
  truncated: 'the file was emptied before they were read',
  damaged: 'the compressed file is cut short or damaged from here on',
  cursor: 'the place where this page had stopped reading is gone',
};

/** @type {Record<string, string | undefined>} */
const NOT_SHOWN = {
  lag: 'arrived faster than the page could read',
  cursor: 'the place where this page had stopped reading is gone',
};

/** @param {number} time */
export function second(time) {
  return clock(time, false).slice(0, 8);
}

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, '0');
}
