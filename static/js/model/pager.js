// @ts-check
// Fetches what the window of lines lacks: older ones as the reader comes near its start, newer ones near its end,
// a page around another place when the reader jumps, the lines of a gap. One page at a time in each direction;
// what was asked for before a jump, another subscription or an empty screen is forgotten.

/** @typedef {import('../wire/payloads.js').GapEvent} GapEvent */
/** @typedef {import('../wire/payloads.js').HistoryAnswer} HistoryAnswer */
/** @typedef {import('./lines.js').Lines} Lines */
/** @typedef {import('./stored_lines.js').Position} Position */

/** @typedef {[string, string][]} Parameters */

/** @typedef {(parameters: Parameters, signal: AbortSignal) => Promise<HistoryAnswer>} Ask */

/** Fewer rows than this between the screen and an end of the window are too few. */
const NEAR = 400;
const PAGE = '500';
const GAP_PAGE = '1000';
/** As many lines of a gap are loaded at once. */
const GAP_MAX = 20_000;
/** After a failure nothing is asked for so long. */
const PAUSE_MS = 2000;

export class Pager extends EventTarget {
  #lines;
  #ask;
  #now;
  #isLoading = { before: false, after: false };
  #pausedUntil = 0;
  #abort = new AbortController();
  #jump = new AbortController();

  /**
   * @param {Lines} lines
   * @param {Ask} ask the server, with sources and filter
   * @param {() => number} now ms
   */
  constructor(lines, ask, now) {
    super();
    this.#lines = lines;
    this.#ask = ask;
    this.#now = now;
    lines.addEventListener('reset', () => this.#forgetPages());
  }

  /** What was asked for is of no use any more. */
  forget() {
    this.stay();
    this.#forgetPages();
  }

  /** A jump whose page did not come so far is not wanted any more. */
  stay() {
    this.#jump.abort();
  }

  /**
   * The reader sees these rows.
   *
   * @param {number} first
   * @param {number} last
   */
  look(first, last) {
    const { older, newer, isAttached } = this.#lines;
    if (older !== null && first - this.#lines.first < NEAR) this.#load('before', older);
    else if (!isAttached && newer !== null && this.#lines.end - last < NEAR) this.#load('after', newer);
  }

  /**
   * A page around another place takes the place of all lines.
   *
   * @param {Parameters} place `around` or `at`
   * @returns {Promise<HistoryAnswer | null>} null when the reader has gone elsewhere meanwhile
   * @throws where the server refused
   */
  async jump(place) {
    this.forget();
    this.#jump = new AbortController();
    const { signal } = this.#jump;
    const page = await this.#ask([...place, ['limit', PAGE]], signal).catch((error) => {
      if (!signal.aborted) throw error;
      return null;
    });
    if (page === null || signal.aborted) return null;
    this.#lines.replace(page);
    return page;
  }

  /** Pages that were to join lines which are gone. */
  #forgetPages() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#isLoading = { before: false, after: false };
    this.#pausedUntil = 0;
  }

  /**
   * The lines of a gap in the place of its row, newest first, so that the row keeps its place above them.
   *
   * @param {number} row
   */
  async fill(row) {
    const mark = this.#lines.markAt(row);
    if (mark?.kind !== 'gap' || mark.isLoading || mark.segment === undefined) return;
    const { signal } = this.#abort;
    /** @type {GapEvent & {kind: 'gap'}} */
    let gap = { ...mark };
    for (let loaded = 0; loaded < GAP_MAX;) {
      this.#remark(gap, { ...gap, isLoading: true });
      const page = await this.#askForGap(gap, signal);
      if (signal.aborted) return;
      const { from = 0, segment } = gap;
      const inside = page?.lines.filter((line) => line.segment === segment && line.offset >= from) ?? [];
      const at = this.#rowOf(gap);
      if (at < 0) return;
      if (page !== null) this.#lines.fill(at + 1, inside);
      const isDone = page !== null && (inside.length < page.lines.length || page.older === null || inside.length === 0);
      const rest = { ...gap, to: inside[0]?.offset ?? gap.to, lines: undefined };
      this.#remark(gap, isDone ? null : rest);
      if (isDone || page === null) return;
      gap = rest;
      loaded += inside.length;
    }
  }

  /**
   * @param {GapEvent} gap
   * @param {AbortSignal} signal
   */
  async #askForGap({ source, segment, to }, signal) {
    const place = /** @type {Parameters} */ ([['source', source], ['before', `${segment}.${to}`], ['limit', GAP_PAGE]]);
    return this.#ask(place, signal).catch((error) => this.#failed(error, signal));
  }

  /** @param {GapEvent} gap */
  #rowOf(gap) {
    for (const chunk of this.#lines.chunks) {
      for (const [at, mark] of chunk.marks) {
        if (mark.kind === 'gap' && mark.segment === gap.segment && mark.from === gap.from) return chunk.first + at;
      }
    }
    return -1;
  }

  /**
   * @param {GapEvent} gap
   * @param {import('./lines.js').Mark | null} mark
   */
  #remark(gap, mark) {
    const row = this.#rowOf(gap);
    if (row >= 0) this.#lines.remark(row, mark);
  }

  /**
   * @param {'before' | 'after'} direction
   * @param {string} token
   */
  async #load(direction, token) {
    if (this.#isLoading[direction] || this.#now() < this.#pausedUntil) return;
    const { signal } = this.#abort;
    this.#isLoading[direction] = true;
    if (direction === 'after') this.#lines.reachOut();
    const page = await this.#ask([[direction, token], ['limit', PAGE]], signal)
      .catch((error) => this.#failed(error, signal));
    if (signal.aborted) return;
    this.#isLoading[direction] = false;
    if (page === null) return;
    if (direction === 'before') this.#lines.prepend(page);
    else this.#extend(page);
  }

  /** @param {HistoryAnswer} page */
  #extend(page) {
    this.#lines.extend(page);
    if (page.newer === null) this.#lines.attach();
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal
   */
  #failed(error, signal) {
    if (signal.aborted) return null;
    this.#pausedUntil = this.#now() + PAUSE_MS;
    this.dispatchEvent(new CustomEvent('failed', { detail: error }));
    return null;
  }
}
