// @ts-check
// Lines per time: what the server counted, and what has come since. Either the whole log, whose bars keep their
// place and only ever merge in pairs when there are too many, or the last five minutes, which end now.

import { ERROR, levelCode, WARN } from './levels.js';

/** @typedef {import('../wire/payloads.js').TimelineEvent} TimelineEvent */
/** @typedef {import('../wire/payloads.js').WireLine} WireLine */

/** @typedef {{total: number, warn: number, error: number}} Bucket */
/** @typedef {{from: number, step: number, buckets: Bucket[]}} Picture */

const SECOND_MS = 1000;
const LIVE_MS = 300 * SECOND_MS;
/** With more seconds than this the server is asked again. */
const SECONDS_MAX = 20_000;

/** Dispatches `change`, and `stale` when the server has to count anew. */
export class Timeline extends EventTarget {
  isLive = false;

  /** @type {TimelineEvent | null} */
  #counted = null;
  /** Lines that came since, by second. @type {Map<number, Bucket>} */
  #seconds = new Map();

  /** True where the log has no times: then it is bytes that are measured. */
  get isOfBytes() {
    return this.#counted?.by === 'bytes';
  }

  get isExact() {
    return this.#counted?.exact ?? false;
  }

  /** Of all lines together, also those that came since. @returns {Bucket} */
  get sum() {
    return summed([...this.#counted?.buckets ?? [], ...this.#seconds.values()]);
  }

  /** The server counts anew, with everything that is there now. */
  begin() {
    this.#seconds.clear();
  }

  /** @param {TimelineEvent} counted */
  load(counted) {
    this.#counted = counted;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {WireLine[]} lines that came */
  add(lines) {
    for (const { time, level, context } of lines) {
      if (time === undefined || context) continue;
      const second = Math.floor(time / SECOND_MS) * SECOND_MS;
      let bucket = this.#seconds.get(second);
      if (bucket === undefined) this.#seconds.set(second, bucket = { total: 0, warn: 0, error: 0 });
      count(bucket, levelCode(level));
    }
    if (this.#seconds.size > SECONDS_MAX) this.dispatchEvent(new Event('stale'));
  }

  /**
   * What is to be drawn.
   *
   * @param {number} columns that there is room for
   * @param {number} now ms
   * @returns {Picture}
   */
  picture(columns, now) {
    const counted = this.#counted ?? { from: now, to: now, step: SECOND_MS, buckets: [] };
    const newest = this.isOfBytes ? 0 : Math.max(...this.#seconds.keys()) + SECOND_MS;
    const end = this.isLive ? Math.floor(now / SECOND_MS + 1) * SECOND_MS : Math.max(counted.to, newest);
    const from = this.isLive ? end - LIVE_MS : counted.from;
    let step = this.isLive ? SECOND_MS : Math.max(counted.step, 1);
    while ((end - from) / step > columns) step *= 2;
    const buckets = Array.from({ length: Math.max(Math.ceil((end - from) / step), 1) }, () => ({ total: 0, warn: 0, error: 0 }));
    const put = (/** @type {number} */ at, /** @type {Bucket} */ bucket) => {
      const into = buckets[Math.floor((at - from) / step)];
      if (into !== undefined) add(into, bucket);
    };
    counted.buckets.forEach((bucket, index) => put(counted.from + index * counted.step, bucket));
    if (!this.isOfBytes) for (const [second, bucket] of this.#seconds) put(second, bucket);
    return { from, step, buckets };
  }
}

/**
 * @param {Bucket} bucket
 * @param {number} level
 */
function count(bucket, level) {
  bucket.total += 1;
  if (level >= ERROR) bucket.error += 1;
  else if (level === WARN) bucket.warn += 1;
}

/**
 * @param {Iterable<Bucket>} buckets
 * @returns {Bucket}
 */
export function summed(buckets) {
  const sum = { total: 0, warn: 0, error: 0 };
  for (const bucket of buckets) add(sum, bucket);
  return sum;
}

/**
 * @param {Bucket} into
 * @param {Bucket} bucket
 */
function add(into, { total, warn, error }) {
  into.total += total;
  into.warn += warn;
  into.error += error;
}

/**
 * How high the parts of a bar are, from its bottom: errors, warnings, the rest. The height of the whole follows the
 * square root, and a single error can always be seen.
 *
 * @param {Bucket} bucket
 * @param {number} most lines in any of them
 * @param {number} height px
 * @returns {[number, number, number]}
 */
export function barParts({ total, warn, error }, most, height) {
  if (total === 0) return [0, 0, 0];
  const whole = Math.max(Math.sqrt(total / most) * height, 1);
  const part = (/** @type {number} */ lines, /** @type {number} */ least) => (lines === 0 ? 0 : Math.max(whole * lines / total, least));
  const errors = Math.min(part(error, 2), height);
  const warnings = Math.min(part(warn, 2), height - errors);
  return [errors, warnings, Math.max(whole - errors - warnings, 0)];
}
