// @ts-check
// When a line was written, as its row says it: as a time of day, or as the distance to the line above or to the one
// the reader has chosen. A line that says no time has that of the one above, which is told apart; so is one that
// seems to be older than what stands above it.

import { clock, day } from './wording.js';

/** @typedef {import('./stored_lines.js').Line} Line */

/**
 * @typedef {object} TimeWishes
 * @property {import('./settings.js').Choices['time']} time
 * @property {number} base the time that others are relative to, NaN for none
 * @property {boolean} showsDate
 * @property {boolean} isNarrow
 */

const CLOCK = 12;
const DATE = 11;

/**
 * Characters of the longest such text.
 *
 * @param {TimeWishes} wishes
 */
export function timeWidth({ time, showsDate, isNarrow }) {
  if (time === 'logged') return 0;
  const isDated = showsDate && (time === 'local' || time === 'utc');
  return (isDated ? DATE : 0) + (isNarrow ? CLOCK - 4 : CLOCK);
}

/**
 * @param {Pick<Line, 'time' | 'continues'>} line
 * @param {number} above time of the line above of the same source, NaN where it is not known
 * @param {TimeWishes} wishes
 * @returns {{text: string, kind: '' | 'inherited' | 'unordered'}}
 */
export function timeText(line, above, wishes) {
  if (line.continues || wishes.time === 'logged') return { text: '', kind: '' };
  const isInherited = Number.isNaN(line.time);
  const time = isInherited ? above : line.time;
  const kind = isInherited ? 'inherited' : time < above ? 'unordered' : '';
  return { text: Number.isNaN(time) ? '' : written(time, isInherited ? Number.NaN : above, wishes), kind };
}

/**
 * @param {number} time
 * @param {number} above
 * @param {TimeWishes} wishes
 */
function written(time, above, { time: how, base, showsDate, isNarrow }) {
  if (how === 'delta') return distance(time - above).padStart(isNarrow ? CLOCK - 4 : CLOCK);
  if (how === 'relative' && !Number.isNaN(base)) return distance(time - base).padStart(isNarrow ? CLOCK - 4 : CLOCK);
  const isUtc = how === 'utc';
  const text = isNarrow ? clock(time, isUtc).slice(0, -4) : clock(time, isUtc);
  return showsDate && how !== 'relative' ? `${day(time, isUtc)} ${text}` : text;
}

/**
 * A moment where the reader is and in UTC.
 *
 * @param {number} time
 * @returns {[string, string][]} what clock it is of, and what that says
 */
export function zones(time) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  /** @type {[string, string]} */
  const here = [`Time in ${timeZone}`, `${day(time, false)} ${clock(time, false)}`];
  return timeZone === 'UTC' ? [here] : [here, ['Time in UTC', `${day(time, true)} ${clock(time, true)}`]];
}

/**
 * `+0.137`, `-0:02:05`, `+10:00:00`.
 *
 * @param {number} milliseconds NaN for none
 */
export function distance(milliseconds) {
  if (Number.isNaN(milliseconds)) return '';
  const sign = milliseconds < 0 ? '-' : '+';
  const whole = Math.abs(milliseconds);
  const seconds = whole / 1000;
  if (seconds < 60) return `${sign}${seconds.toFixed(3)}`;
  return `${sign}${Math.floor(seconds / 3600)}:${new Date(whole).toISOString().slice(14, 19)}`;
}
