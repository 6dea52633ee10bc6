// @ts-check
// The streams of all tabs of a browser, in a worker that they share. Tabs that read the same share one connection.
//
// A browser grants six connections to a server, and pages need some for what is asked once; so at most four
// streams are open. When more are wanted, hidden tabs wait until they are seen, and those that are seen take turns.
// Nothing is lost: a stream that was closed goes on from its last id, and the lines are in the files.
//
// A tab says how far it has read. One that cannot keep up holds its stream back, so that the server learns of
// it and leaves lines out; one that sleeps while others read is let go, and goes on by itself when it wakes.

import { Stream } from './stream.js';

/** @typedef {import('./stream.js').Connection} Connection */
/** @typedef {import('./stream.js').EventName} EventName */

/**
 * What a tab asks for. Each subscription has a number, so that what was sent to an older one is known as such.
 * @typedef {{do: 'subscribe', number: number, query: string, from: string, isAlone: boolean}
 *   | {do: 'read', number: number, length: number} | {do: 'show', isVisible: boolean} | {do: 'retry'} | {do: 'leave'}} Request
 */

/**
 * What it is told. `joined`: the stream goes on after this id, what was before is history. `dropped`: the stream
 * goes on without this tab.
 * @typedef {{number: number} & ({is: 'event', name: EventName, data: string, id: string}
 *   | {is: 'connection', connection: Connection} | {is: 'joined', id: string} | {is: 'dropped'})} Notice
 */

/** A tab. @typedef {{tell: (notice: Notice) => void, number: number, isVisible: boolean, unread: number, stream: Shared | null}} Seat */

const OPEN_MAX = 4;
const TURN_MS = 1000;
const TICK_MS = 500;
/** UTF-16 units sent to a tab that it has not read yet: more hold the stream back, */
const UNREAD_MAX = 8_000_000;
/** until there are less. */
const UNREAD_FEW = 1_000_000;

export class Hub {
  /** @type {Shared[]} */
  #streams = [];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * A tab comes.
   *
   * @param {(notice: Notice) => void} tell
   * @returns {(request: Request) => void}
   */
  seat(tell) {
    /** @type {Seat} */
    const seat = { tell, number: 0, isVisible: true, unread: 0, stream: null };
    return (request) => this.#take(seat, request);
  }

  /**
   * @param {Seat} seat
   * @param {Request} request
   */
  #take(seat, request) {
    switch (request.do) {
      case 'subscribe':
        this.#leave(seat);
        seat.number = request.number;
        this.#subscribe(seat, request);
        break;
      case 'read':
        if (request.number === seat.number) seat.unread -= request.length;
        break;
      case 'show':
        seat.isVisible = request.isVisible;
        break;
      case 'retry':
        seat.stream?.retry();
        break;
      default:
        this.#leave(seat);
    }
    this.#schedule();
  }

  /**
   * @param {Seat} seat
   * @param {{query: string, from: string, isAlone: boolean}} wanted
   */
  #subscribe(seat, { query, from, isAlone }) {
    const isSame = (/** @type {Shared} */ stream) => stream.query === query && (from === '' ? stream.isOpen : stream.lastId === from);
    let stream = isAlone ? undefined : this.#streams.find(isSame);
    if (stream === undefined) this.#streams.push(stream = new Shared(query, from));
    stream.add(seat, from);
  }

  /** @param {Seat} seat */
  #leave(seat) {
    seat.stream?.remove(seat);
  }

  /** Opens and closes streams, by who wants to read and can. */
  #schedule() {
    this.#streams = this.#streams.filter((stream) => stream.isWanted);
    this.#merge();
    const waiting = this.#streams.filter((stream) => !stream.isOpen && stream.canBeRead).sort((a, b) => b.urgency - a.urgency);
    for (const stream of waiting) {
      if (this.#streams.filter(({ isOpen }) => isOpen).length >= OPEN_MAX && !this.#makeRoomFor(stream)) break;
      stream.open();
    }
    if (this.#streams.length > 0) this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    else this.#timer = void clearInterval(this.#timer);
  }

  /**
   * One that has had its turn, or that nobody sees, is closed.
   *
   * @param {Shared} waiting
   */
  #makeRoomFor(waiting) {
    if (!waiting.isVisible) return false;
    const isOver = (/** @type {Shared} */ stream) => !stream.isVisible || Date.now() - stream.openedAt > TURN_MS;
    const open = this.#streams.filter((stream) => stream.isOpen && isOver(stream)).sort((a, b) => a.urgency - b.urgency);
    open[0]?.close();
    return open.length > 0;
  }

  /** Two streams of one query that have come to the same place become one. */
  #merge() {
    for (const stream of this.#streams) {
      const other = this.#streams.find((one) => one !== stream && one.query === stream.query && one.lastId === stream.lastId && one.lastId !== '');
      if (other === undefined || !stream.isOpen || !other.canBeRead) continue;
      stream.adopt(other);
      this.#streams = this.#streams.filter((one) => one !== other);
      return;
    }
  }

  #tick() {
    for (const stream of this.#streams) stream.watch();
    this.#schedule();
  }
}

/** A stream and the tabs that read it. */
class Shared extends Stream {
  query;

  #closedAt = 0;
  #isHeldBack = false;
  /** @type {Set<Seat>} */
  #seats = new Set();
  /** The last words on the line of each source that has no end yet. @type {Map<string, string>} */
  #partials = new Map();

  /**
   * @param {string} query
   * @param {string} from
   */
  constructor(query, from) {
    super(query, from, (name, data, id) => this.#heard(name, data, id), () => this.#connectionChanged());
    this.query = query;
  }

  get isWanted() {
    return this.#seats.size > 0;
  }

  get isVisible() {
    return [...this.#seats].some(({ isVisible }) => isVisible);
  }

  /** Whether a tab is ready for more. */
  get canBeRead() {
    return !this.#isHeldBack || [...this.#seats].some(({ unread }) => unread < UNREAD_FEW);
  }

  /** Of several that wait, or are open, who comes first and goes last. */
  get urgency() {
    return (this.isVisible ? 2 ** 50 : 0) + (this.isOpen ? this.openedAt : Date.now() - this.#closedAt);
  }

  open() {
    this.#isHeldBack = false;
    super.open();
  }

  close() {
    if (this.isOpen) this.#closedAt = Date.now();
    super.close();
  }

  /**
   * @param {Seat} seat
   * @param {string} from what it has read up to, '' for nothing
   */
  add(seat, from) {
    seat.stream = this;
    seat.unread = 0;
    this.#seats.add(seat);
    if (this.connection.phase !== 'idle') this.#tell(seat, { is: 'connection', connection: this.connection });
    if (from !== '' || this.lastId === '') return;
    this.#tell(seat, { is: 'joined', id: this.lastId });
    for (const data of this.#partials.values()) this.#send(seat, 'partial', data, '');
  }

  /** @param {Seat} seat */
  remove(seat) {
    this.#seats.delete(seat);
    seat.stream = null;
    if (this.#seats.size === 0) this.close();
  }

  /** @param {Shared} other that is at the same place */
  adopt(other) {
    for (const seat of other.#seats) {
      seat.stream = this;
      this.#seats.add(seat);
    }
    other.#seats.clear();
    other.close();
    this.#connectionChanged();
  }

  /**
   * @param {EventName} name
   * @param {string} data
   * @param {string} id
   */
  #heard(name, data, id) {
    this.#keepPartial(name, data);
    for (const seat of this.#seats) this.#send(seat, name, data, id);
    const behind = [...this.#seats].filter(({ unread }) => unread > UNREAD_MAX);
    if (behind.length === 0) return;
    if (behind.length === this.#seats.size) {
      this.#isHeldBack = true;
      this.close();
      return;
    }
    for (const seat of behind) {
      this.#tell(seat, { is: 'dropped' });
      this.remove(seat);
    }
  }

  /**
   * @param {string} name
   * @param {string} data
   */
  #keepPartial(name, data) {
    if (name !== 'partial' && this.#partials.size === 0) return;
    if (name === 'partial') this.#partials.set(JSON.parse(data).source, data);
    else if (name !== 'ping') this.#partials.delete(JSON.parse(data).source);
  }

  #connectionChanged() {
    for (const seat of this.#seats) this.#tell(seat, { is: 'connection', connection: this.connection });
  }

  /**
   * @param {Seat} seat
   * @param {EventName} name
   * @param {string} data
   * @param {string} id
   */
  #send(seat, name, data, id) {
    seat.unread += data.length;
    this.#tell(seat, { is: 'event', name, data, id });
  }

  /**
   * @param {Seat} seat
   * @param {any} notice
   */
  #tell(seat, notice) {
    seat.tell({ number: seat.number, ...notice });
  }
}
