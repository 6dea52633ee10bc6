// @ts-check
// The filters this reader has used, newest first, kept in this browser. Up goes to older ones and Down back, as in
// a shell: below the newest is what was being typed.

const KEY = 'logstream-filters';
const TEXTS_MAX = 50;

export class FilterHistory {
  /** @type {Pick<Storage, 'getItem' | 'setItem'> | null} */
  #storage;
  /** @type {string[]} */
  #texts;
  /** Where Up and Down are; -1 at what is being typed. */
  #at = -1;
  #typed = '';

  /** @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage */
  constructor(storage) {
    this.#storage = storage;
    this.#texts = this.#read();
  }

  /** @param {string} text that was used */
  add(text) {
    this.#at = -1;
    if (text === '') return;
    this.#texts = [text, ...this.#texts.filter((other) => other !== text)].slice(0, TEXTS_MAX);
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#texts));
    } catch {
      // Kept for this page alone.
    }
  }

  /**
   * @param {1 | -1} direction 1 towards older ones
   * @param {string} current what stands in the field
   * @returns {string | null} what is to stand there, null where there is no further one
   */
  step(direction, current) {
    const at = this.#at + direction;
    if (at < -1 || at >= this.#texts.length) return null;
    if (this.#at === -1) this.#typed = current;
    this.#at = at;
    return at === -1 ? this.#typed : this.#texts[at];
  }

  /** Something else was typed: Up begins at the newest again. */
  rest() {
    this.#at = -1;
  }

  #read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(KEY) ?? '[]');
      return Array.isArray(stored) ? stored.filter((text) => typeof text === 'string').slice(0, TEXTS_MAX) : [];
    } catch {
      return [];
    }
  }
}
