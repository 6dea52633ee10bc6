// @ts-check
// Dark or light: as the system has it, or as the reader has chosen.

/** @typedef {import('../model/settings.js').Settings} Settings */

const SCHEMES = Object.freeze({ auto: 'light dark', dark: 'dark', light: 'light' });

export class Theme extends EventTarget {
  #root;
  #settings;
  #system = matchMedia('(prefers-color-scheme: dark)');

  /**
   * @param {HTMLElement} root
   * @param {Settings} settings
   */
  constructor(root, settings) {
    super();
    this.#root = root;
    this.#settings = settings;
    this.#apply();
    settings.addEventListener('change', () => this.#apply());
    this.#system.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  get isDark() {
    const theme = this.#settings.get('theme');
    return theme === 'auto' ? this.#system.matches : theme === 'dark';
  }

  /** What lines are written on, `#rrggbb`. */
  get background() {
    return this.isDark ? '#0f1318' : '#ffffff';
  }

  #apply() {
    const scheme = SCHEMES[this.#settings.get('theme')];
    if (this.#root.style.colorScheme === scheme) return;
    this.#root.style.colorScheme = scheme;
    this.dispatchEvent(new Event('change'));
  }
}
