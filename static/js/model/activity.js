// @ts-check
// How busy each source is: lines per second, and when its last line came.

import { Rate } from './rate.js';

export class Activity {
  /** @type {Map<string, {rate: Rate, count: number, at: number}>} */
  #known = new Map();

  /**
   * @param {string} source
   * @param {number} lines that came of it
   * @param {number} now ms
   */
  heard(source, lines, now) {
    let known = this.#known.get(source);
    if (known === undefined) this.#known.set(source, known = { rate: new Rate(), count: 0, at: now });
    known.count += lines;
    known.at = now;
  }

  /** To be called about once a second. @param {number} now ms */
  tick(now) {
    for (const { rate, count } of this.#known.values()) rate.update(count, now);
  }

  /** What came so far says nothing of the speed: another subscription begins. */
  restart() {
    for (const { rate } of this.#known.values()) rate.restart();
  }

  /** @param {string} source */
  perSecond(source) {
    return this.#known.get(source)?.rate.perSecond ?? 0;
  }

  /** When its last line came, ms; 0 where none did. @param {string} source */
  lastAt(source) {
    return this.#known.get(source)?.at ?? 0;
  }
}
