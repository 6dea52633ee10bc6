// @ts-check
// Single questions to the server. Every failure is one kind of error, with a sentence for the reader.

import { subscriptionParameters } from '../model/page_state.js';

/** @typedef {import('./payloads.js').ApiError} ApiError */
/** @typedef {import('./payloads.js').HistoryAnswer} HistoryAnswer */
/** @typedef {import('./payloads.js').SourcesAnswer} SourcesAnswer */

/** More than the largest screen shows. `first.js` asks for as many. */
const NEWEST_LINES = '200';

/** The server's own refusal. */
export class Refusal extends Error {
  /** @param {ApiError} error */
  constructor(error) {
    super(error.message);
    this.error = error;
  }
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<SourcesAnswer>}
 */
export async function fetchSources(signal) {
  return ask('api/sources', signal);
}

/**
 * Lets the server check a subscription before it is opened, because a stream cannot say why it was refused.
 *
 * @param {[string, string][]} parameters
 * @param {AbortSignal} [signal]
 * @throws {Refusal} with the reason, where the server would not take it
 */
export async function checkFilter(parameters, signal) {
  await ask(`api/filter?${new URLSearchParams(parameters)}`, signal);
}

/**
 * @param {[string, string][]} parameters
 * @param {AbortSignal} [signal]
 * @returns {Promise<HistoryAnswer>}
 */
export async function fetchHistory(parameters, signal) {
  return ask(`api/history?${new URLSearchParams(parameters)}`, signal);
}

/**
 * The newest lines of what an address asks for; null where it asks for others, and where the server refuses.
 *
 * @param {import('../model/page_state.js').PageState} opened
 * @returns {Promise<HistoryAnswer | null>}
 */
export function fetchNewest({ sources, filter, isFollowing }) {
  if (!isFollowing) return Promise.resolve(null);
  const parameters = subscriptionParameters(sources, filter);
  const { newestLines } = /** @type {{newestLines?: Promise<HistoryAnswer | null>}} */ (globalThis);
  if (parameters.length === 0 && newestLines !== undefined) return newestLines;
  return fetchHistory([...parameters, ['limit', NEWEST_LINES]]).catch(() => null);
}

/**
 * Where the line of a link is now.
 *
 * @param {string} at
 * @returns {Promise<import('./payloads.js').Resolution>}
 */
export async function resolveLine(at) {
  return ask(`api/resolve?${new URLSearchParams({ at })}`);
}

/**
 * Exchanges the token for a session, which the browser keeps.
 *
 * @param {string} token
 */
export async function beginSession(token) {
  const response = await fetch('api/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Refusal((await response.json()).error);
}

/** Who else can come here, and by which addresses; null where the server does not say. */
export async function fetchSharing() {
  return /** @type {Promise<import('./payloads.js').Sharing | null>} */ (ask('api/share').catch(() => null));
}

/**
 * Whether the server still has this part of the page.
 *
 * @param {string} address
 */
export async function isServed(address) {
  const response = await fetch(address, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return response === null || response.ok;
}

/**
 * The address of the exact bytes of a source, or of one line.
 *
 * @param {string} source
 * @param {string} [position]
 */
export function rawAddress(source, position) {
  return `raw/${encodeURIComponent(source)}${position === undefined ? '' : `?lines=${position}&n=1`}`;
}

/**
 * Where a line of a file begins, in bytes: as many as the lines before it have.
 *
 * @param {string} source
 * @param {string} segment
 * @param {number} number from 1
 */
export async function offsetOfLine(source, segment, number) {
  if (number <= 1) return 0;
  const address = rawAddress(source, `${segment}.0`).replace(/n=1$/, `n=${number - 1}`);
  const response = await fetch(address, { method: 'HEAD' });
  const length = response.headers.get('content-length');
  if (response.ok && length !== null) return Number(length);
  throw new Error('The lines of this file cannot be counted here.');
}

/**
 * The first bytes of a line as text.
 *
 * @param {string} source
 * @param {string} position
 * @param {number} [bytes] all of them where it is not said
 */
export async function fetchLine(source, position, bytes) {
  const text = new TextDecoder().decode(await fetchBytes(source, position, bytes));
  return text.replace(/\r?\n$/, '').replace(/\ufffd{1,3}$/, '');
}

/**
 * The first bytes of a line.
 *
 * @param {string} source
 * @param {string} position
 * @param {number} [bytes] all of them where it is not said
 */
export async function fetchBytes(source, position, bytes) {
  const headers = bytes === undefined ? undefined : { Range: `bytes=0-${bytes - 1}` };
  const response = await fetch(rawAddress(source, position), { headers });
  if (!response.ok) throw new Refusal((await response.json()).error);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function ask(url, signal) {
  const response = await fetch(url, { signal });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new Refusal(answer?.error ?? { code: 'failed', message: `The server answered ${response.status}.` });
}
