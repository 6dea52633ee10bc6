// @ts-check
// The settings of this reader.

import { LEVELS } from '../model/levels.js';
import { byId } from './element.js';

/** @typedef {import('../model/settings.js').Settings} Settings */
/** @typedef {import('../model/levels.js').Level} Level */

export class Menu extends EventTarget {
  #panel = byId('menu-panel', HTMLElement);
  #form = byId('menu-form', HTMLFormElement);
  #level = byId('menu-level', HTMLSelectElement);
  #settings;

  /** @param {Settings} settings */
  constructor(settings) {
    super();
    this.#settings = settings;
    this.#form.addEventListener('change', () => this.#changed());
    this.#level.addEventListener('change', () => this.dispatchEvent(new Event('level')));
    byId('menu-help', HTMLButtonElement).addEventListener('click', () => {
      this.#panel.hidePopover();
      this.dispatchEvent(new Event('help'));
    });
    settings.addEventListener('change', () => this.#show());
    this.#show();
  }

  /** The least level chosen here. @returns {readonly Level[]} */
  get levels() {
    return LEVELS.slice(LEVELS.indexOf(/** @type {Level} */ (this.#level.value)));
  }

  /** @param {ReadonlySet<Level>} levels */
  showLevels(levels) {
    this.#level.value = LEVELS.find((level) => levels.has(level)) ?? 'trace';
  }

  #changed() {
    const chosen = new FormData(this.#form);
    this.#settings.set('theme', /** @type {'auto'} */ (chosen.get('theme')));
    this.#settings.set('time', /** @type {'local'} */ (chosen.get('time')));
    this.#settings.set('wraps', chosen.has('wraps'));
    this.#settings.set('hasSingleKeys', chosen.has('hasSingleKeys'));
  }

  #show() {
    const { elements } = this.#form;
    for (const name of /** @type {const} */ (['theme', 'time'])) {
      /** @type {RadioNodeList} */ (elements.namedItem(name)).value = this.#settings.get(name);
    }
    for (const name of /** @type {const} */ (['wraps', 'hasSingleKeys'])) {
      /** @type {HTMLInputElement} */ (elements.namedItem(name)).checked = this.#settings.get(name);
    }
  }
}
