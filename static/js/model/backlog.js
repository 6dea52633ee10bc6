// @ts-check
// The lines of the past a subscription begins with. The server sends them source by source; here they are put
// in the order of their times, as far as they have any. A line without a time stays behind the line of its
// source that it followed.

/** @typedef {import('../wire/payloads.js').LogEvent} LogEvent */
/** @typedef {import('../wire/payloads.js').WireLine} WireLine */

/** @typedef {{event: LogEvent, line: WireLine, time: number}} Entry */

const LINES_MAX = 50_000;

export class Backlog {
  /** @type {LogEvent[]} */
  #events = [];
  #lines = 0;

  /** So much has come that it is no beginning any more. */
  get isFull() {
    return this.#lines >= LINES_MAX;
  }

  /** @param {LogEvent} event */
  add(event) {
    this.#events.push(event);
    this.#lines += event.lines.length;
  }

  /**
   * Gives everything out, in order.
   *
   * @returns {LogEvent[]}
   */
  take() {
    const events = this.#events;
    this.#events = [];
    this.#lines = 0;
    const isOneSource = events.every(({ source }) => source === events[0].source);
    return isOneSource ? events : inOrderOfTime(events);
  }
}

/** @param {LogEvent[]} events */
function inOrderOfTime(events) {
  /** @type {Map<string, number>} */
  const latest = new Map();
  const entries = events.flatMap((event) => event.lines.map((line) => {
    const before = latest.get(event.source) ?? Number.NEGATIVE_INFINITY;
    // Never back within a source: its own order is the truth, whatever its clock says.
    const time = Math.max(line.time ?? before, before);
    latest.set(event.source, time);
    return { event, line, time };
  }));
  return grouped(entries.sort((a, b) => (a.time === b.time ? 0 : a.time - b.time)));
}

/**
 * Neighbours of one source go into one event again.
 *
 * @param {Entry[]} entries
 * @returns {LogEvent[]}
 */
function grouped(entries) {
  /** @type {LogEvent[]} */
  const events = [];
  for (const { event: { source, segment, end }, line } of entries) {
    const last = events.at(-1);
    if (last?.source === source && last.segment === segment) last.lines.push(line);
    else events.push({ source, segment, end, lines: [line] });
  }
  return events;
}
