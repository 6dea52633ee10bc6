// @ts-check
// One stream of server-sent events, kept open. When it breaks, it is opened again from the last id heard, so
// that the reader gets exactly what it has not had.
//
// EventSource would reconnect by itself, but without back-off, without telling when, and not at all after an HTTP
// error. One way of our own takes the place of those two.

import { retryDelay } from '../model/backoff.js';

/** @typedef {import('./payloads.js').LogEvent} LogEvent */

/**
 * @typedef {object} Connection
 * @property {'idle' | 'connecting' | 'open' | 'waiting' | 'refused'} phase refused: to who is not signed in
 * @property {number} attempt how many tries failed in a row
 * @property {number} retryAt when the next one comes, ms
 * @property {boolean} isStopped the server said that it was going away
 */

/**
 * @typedef {object} Listener
 * @property {(event: LogEvent, id: string) => void} log
 * @property {(event: import('./payloads.js').SourceEvent) => void} source
 * @property {(event: import('./payloads.js').RotatedEvent) => void} rotated
 * @property {(event: import('./payloads.js').TruncatedEvent) => void} truncated
 * @property {(event: import('./payloads.js').GapEvent) => void} gap
 * @property {(event: import('./payloads.js').PartialEvent) => void} partial
 * @property {(event: import('./payloads.js').PingEvent, id: string) => void} ping
 */

const NAMES = /** @type {const} */ (['log', 'source', 'rotated', 'truncated', 'gap', 'partial', 'ping']);
/** The server pings every 5 s. */
const SILENCE_MAX_MS = 15_000;
const WATCH_MS = 1000;

export class Events {
  /** @type {Listener | undefined} */
  listener;

  #connectionChanged;
  /** @type {EventSource | null} */
  #stream = null;
  /** @type {[string, string][]} */
  #parameters = [];
  #lastId = '';
  #lastHeardAt = 0;
  /** @type {Connection} */
  #connection = { phase: 'idle', attempt: 0, retryAt: 0, isStopped: false };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;

  /** @param {() => void} connectionChanged */
  constructor(connectionChanged) {
    this.#connectionChanged = connectionChanged;
    setInterval(() => this.#watch(), WATCH_MS);
  }

  get connection() {
    return this.#connection;
  }

  /**
   * Leaves the subscription there was and begins another one.
   *
   * @param {[string, string][]} parameters of `/events`
   */
  subscribe(parameters) {
    this.#parameters = parameters;
    this.#lastId = '';
    this.#become({ attempt: 0, isStopped: false });
    this.#connect();
  }

  /** Tries again now rather than later. */
  retry() {
    if (this.#connection.phase === 'waiting' || this.#connection.phase === 'refused') this.#connect();
  }

  /** Nothing can be had before somebody signs in. */
  refuse() {
    this.#drop();
    this.#become({ phase: 'refused', attempt: 0, isStopped: false });
  }

  #connect() {
    this.#drop();
    this.#become({ phase: 'connecting' });
    const query = new URLSearchParams([...this.#parameters, ['lag', 'skip']]);
    if (this.#lastId !== '') query.append('from', this.#lastId);
    const stream = new EventSource(`events?${query}`);
    this.#stream = stream;
    this.#lastHeardAt = Date.now();
    stream.addEventListener('open', () => this.#become({ phase: 'open', attempt: 0, isStopped: false }));
    stream.addEventListener('error', () => this.#lost());
    stream.addEventListener('end', () => this.#become({ isStopped: true }));
    for (const name of NAMES) {
      stream.addEventListener(name, (event) => {
        this.#lastHeardAt = Date.now();
        if (event.lastEventId !== '') this.#lastId = event.lastEventId;
        this.listener?.[name](JSON.parse(event.data), event.lastEventId);
      });
    }
  }

  #lost() {
    this.#drop();
    const attempt = this.#connection.attempt + 1;
    const delay = retryDelay(attempt, Math.random());
    this.#retryTimer = setTimeout(() => this.#connect(), delay);
    this.#become({ phase: 'waiting', attempt, retryAt: Date.now() + delay });
  }

  #drop() {
    clearTimeout(this.#retryTimer);
    this.#stream?.close();
    this.#stream = null;
  }

  #watch() {
    if (this.#stream !== null && Date.now() - this.#lastHeardAt > SILENCE_MAX_MS) this.#lost();
  }

  /** @param {Partial<Connection>} change */
  #become(change) {
    this.#connection = { ...this.#connection, ...change };
    this.#connectionChanged();
  }
}
