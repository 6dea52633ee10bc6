// @ts-check
// Takes in what the stream brings and keeps account of it: when the last line came, how far behind the reader
// is, whether lines are being left out, and what came in after an interruption.
//
// When another filter or choice of sources begins, the old rows stay until the lines it begins with are
// there, so that the screen does not flicker: these first lines are gathered until there are all that the server has
// said to be there, or, where a filter leaves out lines of them, until nothing has come for a moment.

/** @typedef {import('./lines.js').Lines} Lines */
/** @typedef {import('../wire/payloads.js').LogEvent} LogEvent */
/** @typedef {import('../wire/payloads.js').GapEvent} GapEvent */
/** @typedef {import('../wire/payloads.js').HistoryAnswer} HistoryAnswer */
/** @typedef {import('../wire/payloads.js').RotatedEvent} RotatedEvent */
/** @typedef {import('../wire/payloads.js').TruncatedEvent} TruncatedEvent */
/** @typedef {import('../wire/payloads.js').PingEvent} PingEvent */

import { Unfinished } from './unfinished.js';

/** So close to the end counts as being there. */
const CLOSE_BYTES = 64 * 1024;
const SETTLED_MS = 400;
/** The first lines are complete when nothing has come for this long, */
const GATHERING_PAUSE_MS = 50;
/** or for this long, where the server has said that there are some, */
const EXPECTING_PAUSE_MS = 120;
/** or, where they come without a pause, after this. */
const GATHERING_MAX_MS = 500;
/** The first of those that the server has said to be there are waited for so long. */
const EXPECTING_MAX_MS = 1500;
const SKIPPING_MS = 5000;
const BACKLOG_MAX = 50_000;
/** Leaving out lines for so long is worth a word. */
const FLOODED_MS = 5000;

/**
 * Dispatches `replacing` before rows make room for those of another subscription; `began` when its first lines are there,
 * with whether they are others than before; `flooded`, and `caughtup` with a number of lines.
 */
export class Reception extends EventTarget {
  /** ms, null before the first line. @type {number | null} */
  lastLineAt = null;
  behind = 0;
  unfinished = new Unfinished();

  #lines;
  #now;
  #isBeginning = true;
  #skippedAt = Number.NEGATIVE_INFINITY;
  #skippingSince = 0;
  #hasToldFlood = false;
  /** ms; infinite until the first event after an interruption. */
  #lastEventAt = 0;
  /** Lines since the connection came back; null when nothing is being caught up. @type {number | null} */
  #caughtUp = null;
  /** The first lines of a subscription, as long as they are being gathered, each with its id. @type {[LogEvent, string][] | null} */
  #backlog = null;
  #backlogLines = 0;
  /** The newest lines, as long as they are all there is. @type {HistoryAnswer | null} */
  #preview = null;
  /** A subscription was asked for. */
  #isOpened = false;
  /** The place in the log where the subscription began. */
  #start = '';
  #gatheringSince = 0;
  /** Bytes that the first lines have yet to span, where the server has said that there are some and no filter leaves any out. */
  #expected = Number.POSITIVE_INFINITY;
  #pause = GATHERING_PAUSE_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #gatheringTimer;

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

  /** True until the subscription has brought what it begins with. */
  get isBeginning() {
    return this.#isBeginning || this.#backlog !== null;
  }

  /** Another subscription was asked for: what comes next replaces what there is. */
  begin() {
    clearTimeout(this.#gatheringTimer);
    this.#backlog = null;
    // The first one is what the page was opened for, and so are the lines that came before it.
    if (this.#isOpened) this.#preview = null;
    this.#isOpened = this.#isBeginning = true;
    this.#caughtUp = null;
    this.behind = 0;
    this.unfinished.clear();
  }

  /**
   * The newest lines, which came before what the subscription begins with.
   *
   * @param {HistoryAnswer} page
   */
  preview(page) {
    if (!this.isBeginning) return;
    this.#preview = page;
    this.#lines.begin(page, '');
  }

  /**
   * The subscription goes on where another tab has brought it: what it begins with comes as a page.
   *
   * @param {HistoryAnswer} page
   * @param {string} id where the stream is
   */
  beginWith(page, id) {
    this.#isBeginning = false;
    this.#backlog = null;
    const events = page.lines.map(({ source, segment, ...line }) => ({ source, segment, end: 0, lines: [line] }));
    const rest = this.#behindPreview(events);
    const isNew = rest === null;
    if (isNew) {
      this.dispatchEvent(new Event('replacing'));
      this.#lines.begin(page, id);
    } else {
      for (const event of rest) this.#lines.append(event, id);
    }
    this.lastLineAt = page.lines.length > 0 ? this.#now() : null;
    this.dispatchEvent(new CustomEvent('began', { detail: isNew }));
  }

  /** The same subscription goes on after an interruption. */
  resume() {
    if (this.#isBeginning) return;
    this.#caughtUp = 0;
    this.#lastEventAt = Number.POSITIVE_INFINITY;
  }

  /**
   * @param {LogEvent} event
   * @param {string} [id]
   */
  log(event, id = '') {
    this.#heard();
    this.unfinished.forget(event.source);
    this.lastLineAt = this.#now();
    if (this.#backlog === null) {
      this.#take(event, id);
      return;
    }
    // The first of them may be long in coming.
    if (this.#backlogLines === 0) this.#gatheringSince = this.#now();
    this.#backlog.push([event, id]);
    this.#backlogLines += event.lines.length;
    this.#expected -= event.end - event.lines[0].offset;
    if (this.#expected <= 0 || this.#backlogLines > BACKLOG_MAX || this.#now() - this.#gatheringSince > GATHERING_MAX_MS) this.#show();
    else this.#showSoon();
  }

  /** @param {GapEvent} event */
  gap(event) {
    this.#heard();
    this.#show();
    if (event.reason === 'lag') this.#skipped();
    this.#lines.mark({ kind: 'gap', ...event });
  }

  /** @param {RotatedEvent} event */
  rotated(event) {
    this.unfinished.forget(event.source);
    this.#heard();
    this.#show();
    this.#lines.mark({ kind: 'rotated', ...event });
  }

  /** @param {TruncatedEvent} event */
  truncated(event) {
    this.unfinished.forget(event.source);
    this.#heard();
    this.#show();
    this.#lines.mark({ kind: 'truncated', ...event });
  }

  /**
   * The first ping comes before the lines this reader is behind: that says nothing of how well it keeps up.
   *
   * @param {PingEvent} event
   * @param {string} [id]
   */
  ping({ behind }, id = '') {
    const isFirst = this.#isBeginning || this.#lastEventAt === Number.POSITIVE_INFINITY;
    this.#heard();
    if (this.#backlog === null) this.#lines.cursor = id;
    else if (this.#backlogLines === 0) {
      this.#start = id;
      this.#expected = behind;
      this.#pause = behind > 0 ? EXPECTING_PAUSE_MS : GATHERING_PAUSE_MS;
      if (behind > 0) this.#showSoon(EXPECTING_MAX_MS);
    }
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
    this.#backlog = [];
    this.#backlogLines = 0;
    this.#start = '';
    this.#expected = Number.POSITIVE_INFINITY;
    this.#pause = GATHERING_PAUSE_MS;
    this.#gatheringSince = this.#now();
    this.#showSoon();
  }

  #showSoon(wait = this.#pause) {
    clearTimeout(this.#gatheringTimer);
    this.#gatheringTimer = setTimeout(() => this.#show(), wait);
  }

  /** The first lines take the place of the old ones. */
  #show() {
    if (this.#backlog === null) return;
    clearTimeout(this.#gatheringTimer);
    const events = this.#backlog;
    this.#backlog = null;
    const heard = events.map(([event]) => event);
    const rest = this.#behindPreview(heard);
    const isNew = rest === null;
    let first = 0;
    if (isNew) {
      first = commonStart(heard);
      this.dispatchEvent(new Event('replacing'));
      this.#lines.reset();
      this.#lines.cursor = first === 0 ? this.#start : events[first - 1][1];
    }
    for (let at = first; at < events.length; at += 1) this.#take((rest ?? heard)[at], events[at][1]);
    if (events.length === 0) this.lastLineAt = null;
    this.dispatchEvent(new CustomEvent('began', { detail: isNew }));
  }

  /**
   * @param {LogEvent} event
   * @param {string} id
   */
  #take(event, id) {
    const before = this.#lines.received;
    this.#lines.append(event, id);
    if (this.#caughtUp !== null) this.#caughtUp += this.#lines.received - before;
  }

  /**
   * What is new in the first lines of the subscription, where they go on from the newest lines that came before: they
   * hold the last one of each file once more. A file that was truncated meanwhile has another one there; then null, and
   * all lines are replaced.
   *
   * @param {LogEvent[]} events
   */
  #behindPreview(events) {
    const nameOf = (/** @type {{source: string, segment: string}} */ { source, segment }) => `${segment} ${source}`;
    const last = new Map(this.#preview?.lines.map((line) => [nameOf(line), line]));
    this.#preview = null;
    const meets = (/** @type {LogEvent} */ event) => {
      const line = last.get(nameOf(event));
      return event.lines.some(({ offset, text }) => offset === line?.offset && text === line.text);
    };
    const files = new Set(events.map(nameOf));
    if (files.size === 0 || files.size !== new Set(events.filter(meets).map(nameOf)).size) return null;
    const isNew = (/** @type {LogEvent} */ event) => (/** @type {{offset: number}} */ { offset }) => offset > (last.get(nameOf(event))?.offset ?? -1);
    return events.map((event) => ({ ...event, lines: event.lines.filter(isNew(event)) }));
  }

  #skipped() {
    if (!this.isSkipping) this.#skippingSince = this.#now();
    this.#skippedAt = this.#now();
    if (this.#hasToldFlood || this.#now() - this.#skippingSince < FLOODED_MS) return;
    this.#hasToldFlood = true;
    this.dispatchEvent(new Event('flooded'));
  }

  #settle() {
    const lines = this.#caughtUp ?? 0;
    this.#caughtUp = null;
    if (lines > 0) this.dispatchEvent(new CustomEvent('caughtup', { detail: lines }));
  }
}

/**
 * Of each source its newest lines come, and those of a busy one reach back less far. In the order of times, older
 * lines of the busy one would be missing between those of the others: there the window begins where the lines of
 * all are whole. What is left out is older, and comes when the reader scrolls there.
 *
 * @param {LogEvent[]} events as they came: merged by time, as far as there are times
 * @returns {number} the first one to be shown
 */
function commonStart(events) {
  const known = new Set();
  let start = 0;
  events.forEach(({ source, lines }, index) => {
    if (!known.has(source) && lines[0]?.offset > 0) start = index;
    known.add(source);
  });
  const time = events[start]?.lines[0]?.time ?? Number.NEGATIVE_INFINITY;
  const isMerged = events.slice(0, start).every(({ lines }) => (lines.at(-1)?.time ?? Number.POSITIVE_INFINITY) <= time);
  return isMerged ? start : 0;
}
