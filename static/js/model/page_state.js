// @ts-check
// What the address bar says: all of a view that a teammate needs, and nothing personal. The parameters are
// those of `/events`, so a link becomes a `curl` by changing its path. Defaults are left out, and parameters this page
// does not know are kept as they are.

import { Filter } from './filter.js';

/**
 * @typedef {object} Link
 * @property {string} at position of a line
 * @property {string} ts its time as RFC 3339, '' where it has none
 * @property {number} n lines from there
 */

/**
 * @typedef {object} PageState
 * @property {readonly string[]} sources none means all
 * @property {Filter} filter
 * @property {string} find
 * @property {boolean} isFollowing
 * @property {Link | null} link the line it is about
 * @property {boolean | null} wraps null: as the reader has set it; so the next two
 * @property {string | null} time
 * @property {readonly string[] | null} columns
 * @property {readonly [string, string][]} others
 */

const OWN = new Set(['source', ...Filter.parameterNames, 'find', 'at', 'ts', 'n', 'follow', 'wrap', 'tz', 'cols']);

/**
 * @param {string} search the query of an address, with or without its `?`
 * @returns {PageState}
 */
export function readPageState(search) {
  const parameters = new URLSearchParams(search);
  const wrap = parameters.get('wrap');
  const at = parameters.get('at');
  const follow = parameters.get('follow');
  return {
    sources: [...new Set(parameters.getAll('source'))],
    filter: Filter.fromParameters(parameters),
    find: parameters.get('find') ?? '',
    isFollowing: at === null ? follow !== '0' : follow === '1',
    link: at === null ? null : { at, ts: parameters.get('ts') ?? '', n: Number.parseInt(parameters.get('n') ?? '', 10) || 1 },
    wraps: wrap === null ? null : wrap !== '0',
    time: parameters.get('tz'),
    columns: parameters.get('cols')?.split(',') ?? null,
    others: [...parameters].filter(([name]) => !OWN.has(name)),
  };
}

/**
 * @param {PageState} state
 * @returns {string} the query with its `?`, or '' where there is nothing to say
 */
export function writePageState({ sources, filter, find, isFollowing, link, wraps, time, columns, others }) {
  const parameters = new URLSearchParams(subscriptionParameters(sources, filter));
  if (find !== '') parameters.append('find', find);
  if (link !== null) {
    parameters.append('at', link.at);
    if (link.n > 1) parameters.append('n', String(link.n));
    if (link.ts !== '') parameters.append('ts', link.ts);
  }
  if (isFollowing !== (link === null)) parameters.append('follow', isFollowing ? '1' : '0');
  if (wraps !== null) parameters.append('wrap', wraps ? '1' : '0');
  if (time !== null) parameters.append('tz', time);
  if (columns !== null && columns.length > 0) parameters.append('cols', columns.join(','));
  for (const [name, value] of others) parameters.append(name, value);
  const query = readable(parameters.toString());
  return query === '' ? '' : `?${query}`;
}

/**
 * The part of the state that the server has to know.
 *
 * @param {readonly string[]} sources
 * @param {Filter} filter
 * @returns {[string, string][]}
 */
export function subscriptionParameters(sources, filter) {
  return [...sources.map((source) => /** @type {[string, string]} */ (['source', source])), ...filter.toParameters()];
}

/**
 * Characters that stand in a query without harm are written plainly, so that links can be read.
 *
 * @param {string} query
 */
function readable(query) {
  return query.replace(/%(2F|3A|2C|40|3D)/g, (escaped) => decodeURIComponent(escaped));
}
