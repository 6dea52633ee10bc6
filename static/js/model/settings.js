// @ts-check
// What this reader likes, kept in this browser. Storage may be full, forbidden or absent: then the settings
// live as long as the page.

/**
 * @typedef {object} Choices
 * @property {'auto' | 'dark' | 'light'} theme
 * @property {boolean} hasContrast more than usual
 * @property {boolean} wraps
 * @property {'local' | 'utc' | 'logged' | 'relative' | 'delta'} time relative to the line chosen; since the line above
 * @property {boolean} hasSource columns before the text
 * @property {boolean} hasTime
 * @property {boolean} hasLevel
 * @property {boolean} hasOffset
 * @property {number} size of letters in px
 * @property {boolean} isCompact lines are closer together
 * @property {boolean} isRaw structured lines are shown as they are
 * @property {readonly string[]} columns fields of structured lines that have columns of their own
 * @property {boolean} hasSingleKeys
 * @property {boolean} readsAloud
 * @property {boolean} hasTimeline
 * @property {boolean} hasSeenHints
 */

const KEY = 'logstream';

/** @type {Choices} */
const DEFAULTS = {
  theme: 'auto', hasContrast: false, wraps: true, time: 'local', hasSource: true, hasTime: true, hasLevel: true, hasOffset: false, size: 13,
  isCompact: false, isRaw: false, columns: [], hasSingleKeys: true, readsAloud: false, hasTimeline: true, hasSeenHints: false,
};

/** @type {{[K in keyof Choices]?: readonly unknown[]}} */
const ALLOWED = {
  theme: ['auto', 'dark', 'light'],
  time: ['local', 'utc', 'logged', 'relative', 'delta'],
  size: [11, 12, 13, 14, 15, 16, 17, 18],
};

export class Settings extends EventTarget {
  /** @type {Pick<Storage, 'getItem' | 'setItem'> | null} */
  #storage;
  /** @type {Choices} */
  #choices;
  /** What a link asked for: it holds for this page, until the reader decides, and is not kept. @type {Partial<Choices>} */
  #lent = {};

  /** @param {Pick<Storage, 'getItem' | 'setItem'> | null} storage */
  constructor(storage) {
    super();
    this.#storage = storage;
    this.#choices = { ...DEFAULTS, ...this.#read() };
  }

  /**
   * @template {keyof Choices} K
   * @param {K} name
   * @returns {Choices[K]}
   */
  get(name) {
    return this.#lent[name] ?? this.#choices[name];
  }

  /** @param {keyof Choices} name */
  isLent(name) {
    return name in this.#lent;
  }

  /**
   * @template {keyof Choices} K
   * @param {K} name
   * @param {Choices[K]} value
   */
  lend(name, value) {
    if (!isChoice(name, value)) return;
    this.#lent[name] = value;
    this.dispatchEvent(new Event('change'));
  }

  /**
   * @template {keyof Choices} K
   * @param {K} name
   * @param {Choices[K]} value
   */
  set(name, value) {
    if (this.get(name) === value) return;
    delete this.#lent[name];
    this.#choices[name] = value;
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#choices));
    } catch {
      // Kept for this page alone.
    }
    this.dispatchEvent(new Event('change'));
  }

  /** @returns {Partial<Choices>} what was stored and still makes sense */
  #read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(KEY) ?? '{}');
      return Object.fromEntries(Object.entries(stored).filter(([name, value]) => isChoice(name, value)));
    } catch {
      return {};
    }
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function isChoice(name, value) {
  if (!(name in DEFAULTS)) return false;
  const key = /** @type {keyof Choices} */ (name);
  if (Array.isArray(DEFAULTS[key])) return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return ALLOWED[key]?.includes(value) ?? typeof value === typeof DEFAULTS[key];
}
