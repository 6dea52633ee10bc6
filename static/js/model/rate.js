// @ts-check
// Lines per second, smoothed over about a second so that the figure can be read.

const SMOOTHING = 0.6;

export class Rate {
  #count = 0;
  #at = 0;
  #perSecond = 0;

  get perSecond() {
    return this.#perSecond < 0.5 ? 0 : Math.round(this.#perSecond);
  }

  /** Another count begins: what is there already did not come in the last second. */
  restart() {
    this.#at = 0;
    this.#perSecond = 0;
  }

  /**
   * To be told the count so far about once a second.
   *
   * @param {number} count
   * @param {number} now ms
   */
  update(count, now) {
    const seconds = (now - this.#at) / 1000;
    if (this.#at > 0 && seconds > 0) {
      const current = Math.max(count - this.#count, 0) / seconds;
      this.#perSecond += (current - this.#perSecond) * SMOOTHING;
    }
    this.#count = count;
    this.#at = now;
  }
}
