// @ts-check
// Dark or light, and with how much contrast: as the system has it, or as the reader has chosen.

/** @typedef {import('../model/settings.js').Settings} Settings */

/** What the style sheet says the size of text is, in px, but on a phone. */
const DEFAULT_SIZE = 13;
const SCHEMES = Object.freeze({ auto: 'light dark', dark: 'dark', light: 'light' });

export class Theme extends EventTarget {
  #root;
  #settings;
  #system = matchMedia('(prefers-color-scheme: dark)');
  #contrast = matchMedia('(prefers-contrast: more)');

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
    this.#contrast.addEventListener('change', () => this.#apply());
  }

  get isDark() {
    const theme = this.#settings.get('theme');
    return theme === 'auto' ? this.#system.matches : theme === 'dark';
  }

  /** The ground of lines on which colours are hardest to read, `#rrggbb`: --row-link of the style sheet. */
  get background() {
    return this.isDark ? '#12304f' : '#dcebfd';
  }

  #apply() {
    const { style } = this.#root;
    const size = this.#settings.get('size');
    style.setProperty('--larger', `${size - DEFAULT_SIZE}px`);
    style.setProperty('--closer', this.#settings.get('isCompact') ? '3px' : '0px');
    const scheme = SCHEMES[this.#settings.get('theme')];
    const hasContrast = this.#contrast.matches || this.#settings.get('hasContrast');
    const { classList } = this.#root;
    if (style.colorScheme === scheme && classList.contains('has-contrast') === hasContrast) return;
    style.colorScheme = scheme;
    classList.toggle('has-contrast', hasContrast);
    this.dispatchEvent(new Event('change'));
  }
}
