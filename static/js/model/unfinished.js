// @ts-check
// The last lines of sources that have no end yet, as they stand. A line that is finished comes with the others.

/** @typedef {import('../wire/payloads.js').PartialEvent} PartialEvent */

export class Unfinished extends EventTarget {
  /** @type {Map<string, PartialEvent>} */
  #lines = new Map();

  /** The one that was told last, null where there is none. */
  get newest() {
    return [...this.#lines.values()].at(-1) ?? null;
  }

  /** @param {PartialEvent} event */
  tell(event) {
    this.#lines.delete(event.source);
    this.#lines.set(event.source, event);
    this.dispatchEvent(new Event('change'));
  }

  /**
   * More came of a source, or something else begins there.
   *
   * @param {string} source
   */
  forget(source) {
    if (this.#lines.delete(source)) this.dispatchEvent(new Event('change'));
  }

  /** Another filter or choice of sources begins. */
  clear() {
    this.#lines.clear();
    this.dispatchEvent(new Event('change'));
  }
}
