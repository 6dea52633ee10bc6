// @ts-check
// Chooses the sources to read: a field to find one by typing, and a list with the state of each. A click takes
// one alone; its box, or Ctrl, adds it to what is chosen.

import { size } from '../model/wording.js';
import { byId, element, setText } from './element.js';

/** @typedef {import('../model/sources.js').Sources} Sources */
/** @typedef {import('../wire/payloads.js').SourceEvent} Source */

const OPTIONS_MAX = 200;

const STATE_WORDS = Object.freeze({ live: '', waiting: 'waiting', unreadable: 'unreadable', gone: 'removed' });

export class SourcePicker extends EventTarget {
  #button = byId('sources-button', HTMLButtonElement);
  #label = byId('sources-label', HTMLElement);
  #panel = byId('sources-panel', HTMLElement);
  #find = byId('sources-find', HTMLInputElement);
  #all = byId('sources-all', HTMLButtonElement);
  #list = byId('sources-list', HTMLElement);
  #more = byId('sources-more', HTMLElement);
  #sources;
  #active = 0;
  /** @type {Source[]} */
  #offered = [];

  /** @param {Sources} sources */
  constructor(sources) {
    super();
    this.#sources = sources;
    sources.addEventListener('change', () => this.#update());
    this.#panel.addEventListener('toggle', (event) => this.#toggled(/** @type {ToggleEvent} */ (event).newState === 'open'));
    this.#find.addEventListener('input', () => this.#search());
    this.#find.addEventListener('keydown', (event) => this.#keyPressed(event));
    this.#list.addEventListener('click', (event) => this.#clicked(event));
    this.#all.addEventListener('click', () => this.#choose([]));
    this.#update();
  }

  open() {
    this.#panel.showPopover();
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    if (!isOpen) return;
    const { left, bottom } = this.#button.getBoundingClientRect();
    this.#panel.style.left = `${Math.min(left, Math.max(innerWidth - this.#panel.offsetWidth - 8, 8))}px`;
    this.#panel.style.top = `${bottom + 6}px`;
    this.#find.value = '';
    this.#search();
    this.#find.focus();
    this.dispatchEvent(new Event('opened'));
  }

  #update() {
    setText(this.#label, this.#sources.label);
    if (this.#panel.matches(':popover-open')) this.#render();
  }

  #search() {
    this.#active = 0;
    this.#render();
  }

  #render() {
    const wanted = this.#find.value.toLowerCase().split(/\s+/);
    const found = this.#sources.all.filter(({ source }) => wanted.every((part) => source.toLowerCase().includes(part)));
    this.#offered = found.slice(0, OPTIONS_MAX);
    this.#list.replaceChildren(...this.#offered.map((source, index) => this.#option(source, index)));
    this.#all.ariaPressed = String(this.#sources.chosen.size === 0);
    setText(this.#more, found.length > OPTIONS_MAX ? `${found.length - OPTIONS_MAX} more: type to find them` : '');
    if (found.length === 0) setText(this.#more, 'No source has this in its name.');
    this.#markActive();
  }

  /**
   * @param {Source} source
   * @param {number} index
   */
  #option({ source, state, size: bytes, reason }, index) {
    const isChosen = this.#sources.chosen.has(source);
    return element(
      'div',
      { role: 'option', id: `source-${index}`, class: 'option', 'aria-selected': String(isChosen), 'data-state': state, 'data-index': String(index) },
      element('span', { class: 'box', 'data-box': '', title: 'Add to what is shown' }),
      element('span', { class: `name hue-${this.#sources.colorOf(source)}` }, source),
      element('span', { class: 'detail' }, STATE_WORDS[state] === '' ? size(bytes) : reason ?? STATE_WORDS[state]),
    );
  }

  #markActive() {
    [...this.#list.children].forEach((option, index) => {
      option.classList.toggle('is-active', index === this.#active);
    });
    this.#find.setAttribute('aria-activedescendant', this.#offered.length > 0 ? `source-${this.#active}` : '');
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      this.#active = Math.min(Math.max(this.#active + step, 0), this.#offered.length - 1);
      this.#markActive();
      this.#list.children[this.#active]?.scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    }
    if (event.key === 'Enter' && this.#offered.length > 0) {
      this.#take(this.#offered[this.#active].source, event.ctrlKey || event.metaKey || event.shiftKey);
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const option = /** @type {HTMLElement | null} */ (target.closest('[role=option]'));
    if (option === null) return;
    this.#active = Number(option.dataset.index);
    const adds = event.ctrlKey || event.metaKey || event.shiftKey || target.dataset.box !== undefined;
    this.#take(this.#offered[this.#active].source, adds);
  }

  /**
   * @param {string} name
   * @param {boolean} adds to what is chosen, or takes away from it
   */
  #take(name, adds) {
    if (!adds) {
      this.#choose([name]);
      this.#panel.hidePopover();
      return;
    }
    const chosen = new Set(this.#sources.chosen);
    if (!chosen.delete(name)) chosen.add(name);
    this.#choose(chosen);
  }

  /** @param {Iterable<string>} names */
  #choose(names) {
    this.#sources.choose(names);
    this.dispatchEvent(new Event('wanted'));
  }
}
