// @ts-check
// One stream of server-sent events, kept open. When it breaks, it is opened again from the last id heard, so
// that its readers get exactly what they have not had. It can be closed for a while and goes on in the same way.
//
// EventSource would reconnect by itself, but without back-off, without telling when, and not at all after an HTTP
// error. One way of our own takes the place of those two.

import { retryDelay } from '../model/backoff.js';

/**
 * @typedef {object} Connection
 * @property {'idle' | 'connecting' | 'open' | 'waiting' | 'refused'} phase refused: to who is not signed in
 * @property {number} attempt how many tries failed in a row
 * @property {number} retryAt when the next one comes, ms
 * @property {boolean} isStopped the server said that it was going away
 * @property {boolean} [isHeldBack] not one event came, though the first is sent at once
 */

/** @typedef {(typeof NAMES)[number]} EventName */

const NAMES = /** @type {const} */ (['log', 'source', 'rotated', 'truncated', 'gap', 'partial', 'ping']);
/** The server pings every 5 s. */
const SILENCE_MAX_MS = 15_000;
/** The first event comes at once, unless a proxy gathers what it passes on. */
const FIRST_MAX_MS = 20_000;

export class Stream {
  /** @type {Connection} */
  connection = { phase: 'idle', attempt: 0, retryAt: 0, isStopped: false };
  /** When it was opened, ms; 0 while it is closed. */
  openedAt = 0;
  lastId;

  #query;
  #heard;
  #connectionChanged;
  /** @type {EventSource | null} */
  #source = null;
  #lastHeardAt = 0;
  #hasHeard = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;

  /**
   * @param {string} query of `/events`
   * @param {string} from the id to go on from, '' for a beginning
   * @param {(name: EventName, data: string, id: string) => void} heard
   * @param {() => void} connectionChanged
   */
  constructor(query, from, heard, connectionChanged) {
    this.#query = query;
    this.lastId = from;
    this.#heard = heard;
    this.#connectionChanged = connectionChanged;
  }

  get isOpen() {
    return this.openedAt !== 0;
  }

  open() {
    if (this.isOpen) return;
    this.openedAt = Date.now();
    this.#connect();
  }

  /** What comes meanwhile is had when it is opened again. Nobody need be told. */
  close() {
    this.#drop();
    this.openedAt = 0;
  }

  /** Tries again now rather than later. */
  retry() {
    if (this.isOpen && this.connection.phase === 'waiting') this.#connect();
  }

  /** To be called now and then: a stream that says nothing is dead. */
  watch() {
    if (this.#source === null || Date.now() - this.#lastHeardAt < (this.#hasHeard ? SILENCE_MAX_MS : FIRST_MAX_MS)) return;
    this.#become({ isHeldBack: !this.#hasHeard });
    this.#lost();
  }

  #connect() {
    this.#drop();
    // One that is only opened again is as good as open.
    if (this.connection.phase !== 'open') this.#become({ phase: 'connecting' });
    const from = this.lastId === '' ? '' : `&${new URLSearchParams({ from: this.lastId })}`;
    const source = new EventSource(`${this.#query}${from}`);
    this.#source = source;
    this.#lastHeardAt = Date.now();
    this.#hasHeard = false;
    source.addEventListener('open', () => this.#become({ phase: 'open', attempt: 0, isStopped: false }));
    source.addEventListener('error', () => this.#lost());
    source.addEventListener('end', () => this.#become({ isStopped: true }));
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        this.#lastHeardAt = Date.now();
        this.#hasHeard = true;
        if (this.connection.isHeldBack) this.#become({ isHeldBack: false });
        if (event.lastEventId !== '') this.lastId = event.lastEventId;
        this.#heard(name, event.data, event.lastEventId);
      });
    }
  }

  #lost() {
    this.#drop();
    const attempt = this.connection.attempt + 1;
    const delay = retryDelay(attempt, Math.random());
    this.#retryTimer = setTimeout(() => this.#connect(), delay);
    this.#become({ phase: 'waiting', attempt, retryAt: Date.now() + delay });
  }

  #drop() {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#source = null;
  }

  /** @param {Partial<Connection>} change */
  #become(change) {
    this.connection = { ...this.connection, ...change };
    this.#connectionChanged();
  }
}
