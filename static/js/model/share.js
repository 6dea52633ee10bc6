// @ts-check
// What a link for somebody else says: the line, the filter and how it looks, as far as the reader wants to share them.
// A time that is relative to now is made a moment, since it would be another one tomorrow.

import { Filter } from './filter.js';

/** @typedef {import('./page_state.js').PageState} PageState */

/**
 * @typedef {object} Choice
 * @property {boolean} hasLine
 * @property {boolean} hasFilter
 * @property {boolean} hasDisplay
 * @property {boolean} isFollowing
 */

/** @typedef {Pick<PageState, 'wraps' | 'time' | 'columns'>} Display */

/** Some programs cut longer links. */
export const LINK_MAX = 2000;

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * @param {PageState} state
 * @param {Display} display what the reader sees at the moment
 * @param {Choice} choice
 * @param {number} now ms
 * @returns {PageState}
 */
export function shared(state, display, { hasLine, hasFilter, hasDisplay, isFollowing }, now) {
  const { since, until } = state.filter;
  return {
    ...state,
    ...(hasDisplay ? display : { wraps: null, time: null, columns: null }),
    filter: hasFilter ? state.filter.with({ since: absolute(since, now), until: absolute(until, now) }) : new Filter(),
    find: hasFilter ? state.find : '',
    link: hasLine ? state.link : null,
    isFollowing,
  };
}

/**
 * @param {string} time as the server understands it: `-15m`, or a moment, which stays as it is
 * @param {number} now ms
 */
function absolute(time, now) {
  if (!/^-(\d+[smhd])+$/.test(time)) return time;
  const parts = [...time.matchAll(/(\d+)([smhd])/g)];
  const back = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS_MS[/** @type {'s'} */ (unit)], 0);
  return new Date(now - back).toISOString();
}

/**
 * Lines and their link as Markdown.
 *
 * @param {string} text
 * @param {string} link
 */
export function asMarkdown(text, link) {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}\n${link}\n`;
}
