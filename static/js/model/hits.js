// @ts-check
// What a search of the whole log has found so far, how far it has come and why it ended, and which hit comes next.

import { nearest } from './nearest.js';
import { counted, number, size } from './wording.js';

/** @typedef {import('../wire/payloads.js').HistoryLine} HistoryLine */
/** @typedef {import('./stored_lines.js').Position} Position */

/** @typedef {'exhausted' | 'capped' | 'budget' | 'gone' | 'damaged' | 'stopped' | 'failed'} Reason */

/** A quick search shows no bar. */
const BAR_AFTER_MS = 400;
const REMAINING_MIN_S = 2;

export class Hits extends EventTarget {
  /** In the order in which they were found. @type {HistoryLine[]} */
  all = [];
  /** @type {'newest' | 'oldest'} */
  order = 'newest';
  /** Where to go on, '' where there is nothing more. */
  resume = '';

  #now;
  #isRunning = false;
  /** @type {Reason | null} */
  #reason = null;
  #scanned = 0;
  #total = 0;
  #startedAt = 0;
  #startedFrom = 0;

  /** @param {() => number} now ms */
  constructor(now) {
    super();
    this.#now = now;
  }

  get isRunning() {
    return this.#isRunning;
  }

  /** True where everything was looked through. */
  get isComplete() {
    return this.#reason === 'exhausted';
  }

  /** How much of the log was looked through, 0 to 1; null while that is not worth a bar. */
  get share() {
    const isLong = this.#isRunning && this.#now() - this.#startedAt > BAR_AFTER_MS;
    return isLong && this.#total > 0 ? this.#scanned / this.#total : null;
  }

  /** Forgets what was found. */
  clear() {
    this.all = [];
    this.#isRunning = false;
    this.#reason = null;
    this.#scanned = this.#total = this.#startedFrom = 0;
    this.resume = '';
    this.#changed();
  }

  /** A search begins, or goes on where one had stopped. */
  begin() {
    this.#isRunning = true;
    this.#reason = null;
    this.resume = '';
    this.#startedAt = this.#now();
    this.#startedFrom = this.#scanned;
    this.#changed();
  }

  /** @param {HistoryLine[]} lines */
  add(lines) {
    this.all.push(...lines);
    this.#changed();
  }

  /** @param {{scanned: number, total?: number}} progress of the search that runs, in bytes */
  progress({ scanned, total }) {
    this.#scanned = this.#startedFrom + scanned;
    if (total !== undefined) this.#total = this.#startedFrom + total;
    this.#total = Math.max(this.#total, this.#scanned);
    this.#changed();
  }

  /**
   * @param {Reason} reason
   * @param {string} [resume]
   */
  end(reason, resume = '') {
    this.#isRunning = false;
    this.#reason = reason;
    this.resume = resume;
    this.#changed();
  }

  /** What there is to say of the search. */
  get report() {
    const found = counted(this.all.length, 'hit');
    const at = this.#total === 0 ? '' : ` at ${percent(this.#scanned / this.#total)}`;
    switch (this.#reason) {
      case 'exhausted': return this.all.length === 0 ? `No match in ${size(this.#total)}.` : `${found} in ${size(this.#total)}`;
      case 'capped': return `First ${number(this.all.length)} hits shown (scan stopped${at}).`;
      case 'budget': return `${found}; the search took too long and stopped${at}.`;
      case 'stopped': return `${found}; stopped${at}.`;
      case 'damaged': return `${found}; a compressed file is damaged, the rest of it cannot be read.`;
      case 'gone': return `${found}; a file was replaced meanwhile.`;
      case 'failed': return 'The server could not search now. Try again in a moment.';
      default: return this.#isRunning ? this.#runningReport(found) : '';
    }
  }

  /**
   * The nearest hit beyond a place in one direction of the log.
   *
   * @param {Position | null} from
   * @param {1 | -1} direction 1 towards newer lines
   * @param {(segment: string) => number} rank of a segment among all, older ones first
   * @returns {HistoryLine | undefined} round the end where there is none beyond
   */
  next(from, direction, rank) {
    return nearest(this.all, from, direction, rank);
  }

  /** @param {string} found */
  #runningReport(found) {
    if (this.#total === 0) return 'Searching…';
    const seconds = Math.max((this.#now() - this.#startedAt) / 1000, 0.001);
    const perSecond = (this.#scanned - this.#startedFrom) / seconds;
    const remaining = (this.#total - this.#scanned) / Math.max(perSecond, 1);
    const wait = seconds > 1 && remaining > REMAINING_MIN_S ? ` · ${Math.ceil(remaining)} s left` : '';
    return `${percent(this.#scanned / this.#total)} · ${size(this.#scanned)} of ${size(this.#total)} · ${found} · ${size(perSecond)}/s${wait}`;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {number} share */
function percent(share) {
  return `${Math.floor(share * 100)} %`;
}
