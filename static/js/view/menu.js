// @ts-check
// The settings of this reader.

import { FILTER_LEVELS, LEVELS } from '../model/levels.js';
import { byId, element } from './element.js';

/** @typedef {import('../model/settings.js').Settings} Settings */
/** @typedef {import('../model/levels.js').FilterLevel} Level */
/** @typedef {{label: string, address: string}} Download */

export class Menu extends EventTarget {
  #panel = byId('menu-panel', HTMLElement);
  #form = byId('menu-form', HTMLFormElement);
  #level = byId('menu-level', HTMLSelectElement);
  #settings;
  #downloads;

  /**
   * @param {Settings} settings
   * @param {() => Download[]} downloads that there are now
   */
  constructor(settings, downloads) {
    super();
    this.#settings = settings;
    this.#downloads = downloads;
    this.#form.addEventListener('change', () => this.#changed());
    this.#level.addEventListener('change', () => this.dispatchEvent(new Event('level')));
    for (const name of ['help', 'goto', 'clear']) {
      byId(`menu-${name}`, HTMLButtonElement).addEventListener('click', () => {
        this.#panel.hidePopover();
        this.dispatchEvent(new Event(name));
      });
    }
    this.#panel.addEventListener('toggle', () => this.#showDownloads());
    settings.addEventListener('change', () => this.#show());
    this.#show();
  }

  /** The least level chosen here. @returns {readonly Level[]} */
  get levels() {
    const { value } = this.#level;
    return value === LEVELS[0] ? FILTER_LEVELS : FILTER_LEVELS.slice(FILTER_LEVELS.indexOf(/** @type {Level} */ (value)));
  }

  /** @param {ReadonlySet<Level>} levels */
  showLevels(levels) {
    this.#level.value = LEVELS.find((level) => levels.has(level)) ?? 'trace';
  }

  #showDownloads() {
    byId('menu-downloads', HTMLElement).replaceChildren(...this.#downloads().map(({ label, address }) => (
      element('a', { class: 'choice', href: address, download: '' }, label)
    )));
  }

  #changed() {
    for (const control of this.#controls) {
      const { type, checked, value } = control;
      if (type === 'radio' && !checked) continue;
      const chosen = type === 'range' ? Number(value) : type === 'checkbox' ? checked : value;
      this.#settings.set(nameOf(control), /** @type {never} */ (chosen));
    }
  }

  #show() {
    for (const control of this.#controls) {
      const value = this.#settings.get(nameOf(control));
      if (control.type === 'range') control.value = String(value);
      else control.checked = control.type === 'radio' ? control.value === value : value === true;
    }
  }

  get #controls() {
    return /** @type {HTMLInputElement[]} */ ([...this.#form.elements]).filter(({ name }) => name !== undefined && name !== '');
  }
}

/** A control is named as the setting it is for. @param {HTMLInputElement} control */
function nameOf({ name }) {
  return /** @type {keyof import('../model/settings.js').Choices} */ (name);
}
