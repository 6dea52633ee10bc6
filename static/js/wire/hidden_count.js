// @ts-check
// How many lines the filter hides, and how many of them are errors: what there is without the filter, less what the
// timeline counted with it. The server reads the log for that, so it is asked again only when the log has grown, and
// the more seldom the longer it took.

import { subscriptionParameters } from '../model/page_state.js';
import { Filter } from '../model/filter.js';
import { summed } from '../model/timeline.js';
import { openScan } from './scan.js';

/** @typedef {import('../model/timeline.js').Bucket} Bucket */

const AGAIN_MS = 8000;
/** The pause is so many times as long as the counting. */
const SHARE = 20;

/** Dispatches `change`. */
export class HiddenCount extends EventTarget {
  #reader;
  #sources;
  #timeline;
  #end = () => {};
  #isCounting = false;
  #askedAt = 0;
  #pausedUntil = 0;
  #head = 0;
  /** The size of the log that was counted. */
  #countedHead = -1;
  /** What there is, and what of it is hidden. @type {{all: number, hidden: number, errors: number} | null} */
  counts = null;

  /** @param {{reader: import('./reader.js').Reader, sources: import('../model/sources.js').Sources, timeline: import('../model/timeline.js').Timeline}} parts */
  constructor({ reader, sources, timeline }) {
    super();
    this.#reader = reader;
    this.#sources = sources;
    this.#timeline = timeline;
    reader.addEventListener('leaving', () => this.#begin());
    timeline.addEventListener('change', () => this.tick());
  }

  /** @param {number} head bytes of the log */
  grown(head) {
    this.#head = head;
  }

  /** To be called about once a second. */
  tick() {
    const { isExact, isLive } = this.#timeline;
    const isNeeded = !this.#reader.filter.isEmpty && isExact && !isLive && this.#head !== this.#countedHead;
    if (isNeeded && !this.#isCounting && Date.now() >= this.#pausedUntil) this.#count();
  }

  #begin() {
    this.#end();
    this.#isCounting = false;
    this.#countedHead = -1;
    this.#pausedUntil = 0;
    this.counts = null;
    this.dispatchEvent(new Event('change'));
  }

  #count() {
    this.#isCounting = true;
    this.#countedHead = this.#head;
    this.#askedAt = Date.now();
    /** @type {import('./payloads.js').TimelineEvent | null} */
    let last = null;
    const parameters = subscriptionParameters([...this.#sources.chosen], new Filter());
    this.#end = openScan('api/timeline', [...parameters, ['buckets', '1']], {
      timeline: (event) => { last = event; },
      done: () => {
        if (last?.exact) this.#counted(last.buckets);
        this.#pause();
      },
      failed: () => this.#pause(),
    });
  }

  #pause() {
    const now = Date.now();
    this.#isCounting = false;
    this.#pausedUntil = now + Math.max(AGAIN_MS, (now - this.#askedAt) * SHARE);
  }

  /** @param {Bucket[]} buckets */
  #counted(buckets) {
    const kept = this.#timeline.sum;
    const { total: all, error } = summed(buckets);
    this.counts = { all, hidden: Math.max(all - kept.total, 0), errors: Math.max(error - kept.error, 0) };
    this.dispatchEvent(new Event('change'));
  }
}
