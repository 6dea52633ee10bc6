// @ts-check
// What the stream brings to this page. The stream itself is kept in the hub, where other tabs may read it too: then
// it goes on from where it is, and what was before is asked for as history, so that every tab has every line once.

import { fetchHistory } from './api.js';
import { SharedHub } from './shared_hub.js';

/** @typedef {import('./hub.js').Notice} Notice */
/** @typedef {import('./payloads.js').LogEvent} LogEvent */
/** @typedef {import('./stream.js').Connection} Connection */

/**
 * @typedef {object} Listener
 * @property {(event: LogEvent, id: string) => void} log
 * @property {(event: import('./payloads.js').SourceEvent) => void} source
 * @property {(event: import('./payloads.js').RotatedEvent) => void} rotated
 * @property {(event: import('./payloads.js').TruncatedEvent) => void} truncated
 * @property {(event: import('./payloads.js').GapEvent) => void} gap
 * @property {(event: import('./payloads.js').PartialEvent) => void} partial
 * @property {(event: import('./payloads.js').PingEvent, id: string) => void} ping
 * @property {(page: import('./payloads.js').HistoryAnswer, id: string) => void} joined the lines before the stream
 */

const JOINED_LINES = '1000';
/** So much is read before the hub is told, in UTF-16 units. */
const TOLD_AFTER = 250_000;

export class Events {
  /** @type {Listener | undefined} */
  listener;
  /** @type {Connection} */
  connection = { phase: 'idle', attempt: 0, retryAt: 0, isStopped: false };

  #hub;
  #connectionChanged;
  #number = 0;
  /** @type {[string, string][]} */
  #parameters = [];
  #lastId = '';
  #untold = 0;
  /** What came while history is awaited. @type {(Notice & {is: 'event'})[] | null} */
  #aside = null;

  /**
   * @param {string} worker address of its script
   * @param {() => void} connectionChanged
   */
  constructor(worker, connectionChanged) {
    this.#hub = new SharedHub(worker, (notice) => this.#hear(notice), () => this.again());
    this.#connectionChanged = connectionChanged;
  }

  /**
   * Leaves the subscription there was and begins another one.
   *
   * @param {[string, string][]} parameters of `/events`
   */
  subscribe(parameters) {
    this.#parameters = parameters;
    this.#lastId = '';
    this.#ask();
  }

  /** Goes on after having left. */
  again() {
    if (this.#number > 0) this.#ask();
  }

  /** Connects now rather than later. */
  retry() {
    if (this.connection.phase === 'refused') this.#ask();
    else this.#hub.send({ do: 'retry' });
  }

  /** Nothing can be had before somebody signs in. */
  refuse() {
    this.leave();
    this.#number += 1;
    this.connection = { phase: 'refused', attempt: 0, retryAt: 0, isStopped: false };
    this.#connectionChanged();
  }

  /** @param {boolean} isVisible */
  show(isVisible) {
    this.#hub.send({ do: 'show', isVisible });
  }

  /** No more is read. */
  leave() {
    this.#hub.send({ do: 'leave' });
  }

  /** @param {boolean} [isAlone] reads a stream of its own */
  #ask(isAlone = false) {
    this.#number += 1;
    this.#untold = 0;
    this.#aside = null;
    this.connection = { phase: 'connecting', attempt: 0, retryAt: 0, isStopped: false };
    const query = new URL(`events?${new URLSearchParams([...this.#parameters, ['lag', 'skip']])}`, location.href).href;
    this.#hub.send({ do: 'subscribe', number: this.#number, query, from: this.#lastId, isAlone });
    this.#connectionChanged();
  }

  /** @param {Notice} notice */
  #hear(notice) {
    if (notice.number !== this.#number) return;
    switch (notice.is) {
      case 'connection':
        this.connection = notice.connection;
        this.#connectionChanged();
        break;
      case 'joined':
        this.#join(notice.id);
        break;
      case 'dropped':
        this.#ask();
        break;
      default:
        this.#tellRead(notice.data.length);
        if (this.#aside === null) this.#deliver(notice);
        else this.#aside.push(notice);
    }
  }

  /** @param {Notice & {is: 'event'}} event */
  #deliver({ name, data, id }) {
    if (id !== '') this.#lastId = id;
    this.listener?.[name](JSON.parse(data), id);
  }

  /** @param {number} length */
  #tellRead(length) {
    this.#untold += length;
    if (this.#untold < TOLD_AFTER) return;
    this.#hub.send({ do: 'read', number: this.#number, length: this.#untold });
    this.#untold = 0;
  }

  /** @param {string} id where the stream is */
  async #join(id) {
    const number = this.#number;
    this.#aside = [];
    const page = await fetchHistory([...this.#parameters, ['before', id], ['limit', JOINED_LINES]]).catch(() => null);
    if (number !== this.#number) return;
    if (page === null) {
      this.#ask(true);
      return;
    }
    const aside = this.#aside;
    this.#aside = null;
    this.#lastId = id;
    this.listener?.joined(page, id);
    for (const event of aside) this.#deliver(event);
  }
}
