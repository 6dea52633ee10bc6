// @ts-check
// What this page reads: its sources and filter, the stream of what comes, and pages of what was. A filter is in
// force only when the server has taken it; until then the one before it stays.

import { escapePattern, Filter } from '../model/filter.js';
import { subscriptionParameters } from '../model/page_state.js';
import { checkFilter, fetchHistory, fetchSources, offsetOfLine, rawAddress, Refusal } from './api.js';
import { Events } from './events.js';
import { openScan } from './scan.js';

/** @typedef {import('../model/reception.js').Reception} Reception */
/** @typedef {import('../model/sources.js').Sources} Sources */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */

/** Refusals that are about what the reader typed. */
const FILTER_CODES = new Set(['bad_regex', 'regex_too_big', 'filter_too_long', 'bad_query']);
const REFRESH_MS = 1000;
const DOWNLOADS_MAX = 8;

/**
 * Dispatches `taken` when another filter is in force, `leaving` before a stream begins for it, `connection` when that
 * of the stream has changed, `disliked` with an ApiError about a filter, `refused` with a Refusal about something else.
 */
export class Reader extends EventTarget {
  filter;
  title = '';

  #events;
  #sources;
  #reception;
  #timeline;
  /** The parameters the stream was opened with, as one text. */
  #subscribed = '';
  /** The wish being checked by the server. */
  #check = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #refreshTimer;
  #endCounting = () => {};

  /**
   * @param {object} parts
   * @param {Sources} parts.sources
   * @param {Reception} parts.reception
   * @param {Timeline} parts.timeline
   * @param {string} parts.worker
   * @param {{filter: Filter}} parts.opened what the page was opened for, which the server has yet to take
   */
  constructor({ sources, reception, timeline, worker, opened }) {
    super();
    this.filter = opened.filter;
    this.#events = new Events(worker, () => this.#tell('connection'));
    this.#timeline = timeline;
    this.#sources = sources;
    this.#reception = reception;
  }

  get connection() {
    return this.#events.connection;
  }

  get isIdle() {
    return this.connection.phase === 'idle';
  }

  /** @param {import('./events.js').Listener} listener of what the stream brings */
  listen(listener) {
    this.#events.listener = listener;
  }

  /** Connects now rather than later. */
  retry() {
    this.#events.retry();
  }

  /** @param {boolean} isVisible the page is, so that it comes before others that are not */
  show(isVisible) {
    this.#events.show(isVisible);
  }

  /** The page goes, and may come back. */
  leave() {
    this.#events.leave();
  }

  /** It has come back. */
  again() {
    this.#events.again();
  }

  /** What sources and filter are in the words of the server. */
  get parameters() {
    return subscriptionParameters([...this.#sources.chosen], this.filter);
  }

  /** @returns {[string, string][]} */
  get #withoutContext() {
    return this.parameters.filter(([name]) => name !== 'context');
  }

  /**
   * The reader wants this filter, and the sources that are chosen.
   *
   * @param {Filter} wanted
   */
  async wish(wanted) {
    this.#check.abort();
    this.#check = new AbortController();
    const { signal } = this.#check;
    const parameters = subscriptionParameters([...this.#sources.chosen], wanted);
    let refusal = null;
    try {
      if (parameters.length > 0) await checkFilter(parameters, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && FILTER_CODES.has(error.error.code)) {
        if (this.isIdle) this.#subscribe(new Filter({ levels: wanted.levels }));
        this.#tell('disliked', error.error);
        return;
      }
      refusal = error;
    }
    this.#subscribe(wanted);
    this.#refused(refusal);
  }

  /** What was refused before is to be had now. */
  signedIn() {
    this.refreshSources();
    this.#events.retry();
    this.countLines();
  }

  /** Begins the stream anew with the newest lines. */
  begin() {
    this.#reception.begin();
    this.#events.subscribe(this.parameters);
  }

  /** An event stream cannot say why it was refused, a request can. */
  async explainFailure() {
    try {
      await checkFilter(this.parameters);
    } catch (error) {
      this.#refused(error);
    }
  }

  /**
   * A page of the log, of the sources and filter in force unless it is asked otherwise.
   *
   * @param {[string, string][]} place
   * @param {AbortSignal} [signal]
   */
  history(place, signal) {
    const isOfOneSource = place.some(([name]) => name === 'source');
    const own = subscriptionParameters(isOfOneSource ? [] : [...this.#sources.chosen], this.filter);
    return fetchHistory([...own, ...place], signal);
  }

  /**
   * Lines of one source whether the filter keeps them or not.
   *
   * @param {string} source
   * @param {[string, string][]} place
   */
  unfiltered(source, place) {
    return fetchHistory([['source', source], ...place]);
  }

  /**
   * The place of a line by its number in the current file of a source, or why it has none.
   *
   * @param {number} number
   * @param {string} name '' for the only one that is shown
   */
  async findLine(number, name) {
    if (this.#sources.shown.every(({ segments }) => segments === undefined)) await this.refreshSources();
    const { shown } = this.#sources;
    const source = shown.find(({ source: one }) => one === name || shown.length === 1);
    if (source === undefined) return 'Choose a line or a source first: each file counts its own lines.';
    const { segment } = source.segments?.at(-1) ?? {};
    if (segment === undefined) return `${source.source} has no lines yet.`;
    return { source: source.source, segment, offset: await offsetOfLine(source.source, segment, number) };
  }

  /**
   * Looks for a text in the whole log, as the filter in force shows it.
   *
   * @param {string} text
   * @param {[string, string][]} options
   * @param {Record<string, (data: any) => void>} listener
   * @returns {() => void} ends the search
   */
  search(text, options, listener) {
    const term = this.filter.isLiteral ? text : escapePattern(text);
    return openScan('api/search', [...this.#withoutContext, ['q', term], ...options], listener);
  }

  /** Lets the server count lines per time, of what the filter in force shows; the picture comes again and again. */
  countLines() {
    this.#endCounting();
    this.#timeline.begin();
    /** @type {[string, string][]} */
    const since = this.#timeline.isLive && this.filter.since === '' ? [['since', '-5m']] : [];
    this.#endCounting = openScan('api/timeline', [...this.#withoutContext, ...since, ['buckets', '300']], {
      timeline: (event) => this.#timeline.load(event),
      done: () => {},
    });
  }

  /**
   * How many lines came after a moment, and how many errors; null where that cannot be known.
   *
   * @param {number | null} time
   * @returns {Promise<{lines: number, errors: number} | null>}
   */
  countSince(time) {
    if (time === null) return Promise.resolve(null);
    const others = this.#withoutContext.filter(([name]) => name !== 'since');
    return new Promise((resolve) => {
      const since = { lines: 0, errors: 0 };
      openScan('api/timeline', [...others, ['since', String(time + 1)], ['buckets', '1']], {
        timeline: ({ buckets }) => {
          const [{ total, error }] = buckets;
          Object.assign(since, { lines: total, errors: error });
        },
        done: () => resolve(since),
        failed: () => resolve(null),
      });
    });
  }

  /** What can be downloaded: the files of the sources shown, and what the filter shows of them. */
  get downloads() {
    const files = this.#sources.shown.slice(0, DOWNLOADS_MAX).map(({ source }) => ({ label: source, address: rawAddress(source) }));
    const shown = new URLSearchParams([...this.parameters, ['follow', '0'], ['tail', 'all'], ['download', '1']]);
    return [...files, { label: 'What the filter shows', address: `tail?${shown}` }];
  }

  async refreshSources() {
    try {
      const answer = await fetchSources();
      this.title = answer.title;
      this.#sources.replace(answer.sources, answer.too_many_files);
    } catch (error) {
      // Of everything else the stream says what state the connection is in.
      if (isAboutSession(error)) this.#refused(error);
    }
  }

  /** There is a file that is not known yet. */
  refreshSourcesSoon() {
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = undefined;
      this.refreshSources();
    }, REFRESH_MS);
  }

  /** @param {unknown} error */
  #refused(error) {
    if (isAboutSession(error)) this.#events.refuse();
    else if (error instanceof Refusal) this.#tell('refused', error);
  }

  /** @param {Filter} wanted */
  #subscribe(wanted) {
    this.filter = wanted;
    this.#tell('taken');
    const text = JSON.stringify(this.parameters);
    if (!this.isIdle && text === this.#subscribed) return;
    this.#subscribed = text;
    this.#tell('leaving');
    this.begin();
    this.countLines();
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {unknown} error */
function isAboutSession(error) {
  return error instanceof Refusal && error.error.code === 'auth';
}
