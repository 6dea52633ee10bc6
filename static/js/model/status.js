// @ts-check
// What the page says of itself: one state at a time, in words, for the chip, the title and the icon of the tab.

import { ago, number, shortNumber } from './wording.js';

/** @typedef {'connecting' | 'live' | 'paused' | 'reconnecting' | 'waiting' | 'error' | 'offline' | 'refused'} State */

/**
 * @typedef {object} Facts
 * @property {import('../wire/stream.js').Connection} connection
 * @property {'live' | 'waiting' | 'error'} sources
 * @property {boolean} isFollowing
 * @property {boolean} isSelecting
 * @property {boolean} isFiltered
 * @property {boolean} isSkipping lines are left out because they come too fast
 * @property {number} newLines
 * @property {number} perSecond
 * @property {number | null} lastLineAt when the last line arrived, ms
 * @property {number} now ms
 */

/** @typedef {{state: State, symbol: string, text: string, detail: string, titlePrefix: string}} Status */

const QUIET_MS = 10_000;

/**
 * @param {Facts} facts
 * @returns {Status}
 */
export function status(facts) {
  const { connection } = facts;
  if (connection.phase === 'refused') return say('refused', '▲', 'SIGN IN', '', '▲ ');
  if (connection.phase !== 'open' && connection.isStopped) {
    return say('offline', '○', 'OFFLINE', '— server stopped', '○ ');
  }
  if (connection.phase === 'waiting') return reconnecting(connection, facts.now);
  if (connection.phase === 'connecting') {
    return say('connecting', '◌', connection.attempt > 0 ? 'Reconnecting…' : 'Connecting…', '', '… ');
  }
  if (facts.sources === 'error') return say('error', '▲', 'ERROR', '', '▲ ');
  if (!facts.isFollowing) return paused(facts);
  if (facts.sources === 'waiting') return say('waiting', '○', 'WAITING', '', '○ ');
  return say('live', '●', facts.isFiltered ? 'LIVE (filtered)' : 'LIVE', liveDetail(facts), '● ');
}

/**
 * @param {import('../wire/stream.js').Connection} connection
 * @param {number} now
 */
function reconnecting({ attempt, retryAt }, now) {
  const seconds = Math.max(Math.ceil((retryAt - now) / 1000), 1);
  return say('reconnecting', '◌', 'Reconnecting', `in ${seconds} s (${attempt})`, '… ');
}

/** @param {Facts} facts */
function paused({ isSelecting, newLines, perSecond }) {
  const prefix = newLines > 0 ? `(${number(newLines)}) ` : '';
  return say('paused', '❚❚', isSelecting ? 'PAUSED (selecting)' : 'PAUSED', speed(perSecond), prefix);
}

/** @param {Facts} facts */
function liveDetail({ perSecond, isSkipping, lastLineAt, now }) {
  if (perSecond > 0 || lastLineAt === null) return `${speed(perSecond)}${isSkipping ? ' · skipping' : ''}`;
  const silence = now - lastLineAt;
  return silence < QUIET_MS ? speed(0) : `last line ${ago(silence)}`;
}

/** @param {number} perSecond */
function speed(perSecond) {
  return `${shortNumber(perSecond)} ${perSecond === 1 ? 'line' : 'lines'}/s`;
}

/**
 * @param {State} state
 * @param {string} symbol
 * @param {string} text
 * @param {string} detail
 * @param {string} titlePrefix
 * @returns {Status}
 */
function say(state, symbol, text, detail, titlePrefix) {
  return { state, symbol, text, detail, titlePrefix };
}
