// @ts-check
// Single questions to the server. Every failure is one kind of error, with a sentence for the reader.

/** @typedef {import('./payloads.js').ApiError} ApiError */
/** @typedef {import('./payloads.js').HistoryAnswer} HistoryAnswer */
/** @typedef {import('./payloads.js').SourcesAnswer} SourcesAnswer */

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
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function ask(url, signal) {
  const response = await fetch(url, { signal });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new Refusal(answer?.error ?? { code: 'failed', message: `The server answered ${response.status}.` });
}
