// @ts-check
// Takes in what the stream brings and keeps account of it: when the last line came, how far behind the reader
// is, whether lines are being left out, and what came in after an interruption.
//
// When another filter or choice of sources begins, the old rows stay until the new subscription says
// something, so that the screen does not flicker.

/** @typedef {import('./lines.js').Lines} Lines */
/** @typedef {import('../wire/payloads.js').LogEvent} LogEvent */
/** @typedef {import('../wire/payloads.js').GapEvent} GapEvent */
/** @typedef {import('../wire/payloads.js').RotatedEvent} RotatedEvent */
/** @typedef {import('../wire/payloads.js').TruncatedEvent} TruncatedEvent */
/** @typedef {import('../wire/payloads.js').PingEvent} PingEvent */

/** So close to the end counts as being there. */
const CLOSE_BYTES = 64 * 1024;
const SETTLED_MS = 400;
const SKIPPING_MS = 5000;

export class Reception extends EventTarget {
  /** ms, null before the first line. @type {number | null} */
  lastLineAt = null;
  behind = 0;

  #lines;
  #now;
  #isBeginning = true;
  #skippedAt = Number.NEGATIVE_INFINITY;
  /** ms; infinite until the first event after an interruption. */
  #lastEventAt = 0;
  /** Lines since the connection came back; null when nothing is being caught up. @type {number | null} */
  #caughtUp = null;

  /**
   * @param {Lines} lines
   * @param {() => number} now ms
   */
  constructor(lines, now) {
    super();
    this.#lines = lines;
    this.#now = now;
  }

  get isSkipping() {
    return this.#now() - this.#skippedAt < SKIPPING_MS;
  }

  /** True until the subscription has said something. */
  get isBeginning() {
    return this.#isBeginning;
  }

  /** Another subscription was asked for: what comes next replaces what there is. */
  begin() {
    this.#isBeginning = true;
    this.#caughtUp = null;
    this.behind = 0;
  }

  /** The same subscription goes on after an interruption. */
  resume() {
    if (this.#isBeginning) return;
    this.#caughtUp = 0;
    this.#lastEventAt = Number.POSITIVE_INFINITY;
  }

  /** @param {LogEvent} event */
  log(event) {
    this.#heard();
    const before = this.#lines.received;
    this.#lines.append(event);
    if (this.#caughtUp !== null) this.#caughtUp += this.#lines.received - before;
    this.lastLineAt = this.#now();
  }

  /** @param {GapEvent} event */
  gap(event) {
    this.#heard();
    if (event.reason === 'lag') this.#skippedAt = this.#now();
    this.#lines.mark({ kind: 'gap', ...event });
  }

  /** @param {RotatedEvent} event */
  rotated(event) {
    this.#heard();
    this.#lines.mark({ kind: 'rotated', ...event });
  }

  /** @param {TruncatedEvent} event */
  truncated(event) {
    this.#heard();
    this.#lines.mark({ kind: 'truncated', ...event });
  }

  /**
   * The first ping comes before the lines this reader is behind: that says nothing of how well it keeps up.
   *
   * @param {PingEvent} event
   */
  ping({ behind }) {
    const isFirst = this.#isBeginning || this.#lastEventAt === Number.POSITIVE_INFINITY;
    this.#heard();
    if (isFirst) return;
    this.behind = behind;
    if (this.#caughtUp !== null && this.#caughtUp > 0 && behind < CLOSE_BYTES) this.#settle();
  }

  /** To be called now and then: silence also ends the catching up. */
  tick() {
    if (this.#caughtUp !== null && this.#now() - this.#lastEventAt > SETTLED_MS) this.#settle();
  }

  #heard() {
    this.#lastEventAt = this.#now();
    if (!this.#isBeginning) return;
    this.#isBeginning = false;
    this.lastLineAt = null;
    this.#lines.reset();
    this.dispatchEvent(new Event('began'));
  }

  #settle() {
    const lines = this.#caughtUp ?? 0;
    this.#caughtUp = null;
    if (lines > 0) this.dispatchEvent(new CustomEvent('caughtup', { detail: lines }));
  }
}
