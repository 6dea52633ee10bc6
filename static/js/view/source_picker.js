// @ts-check
// Chooses the sources to read: a field to find one by typing, and a list with the state of each. A click takes
// one alone; its box, or Ctrl, adds it to what is chosen or takes it away; Alt hides it; Shift opens it in a tab of
// its own. The names beside the lines do the same.

import { ago, shortNumber, size } from '../model/wording.js';
import { byId, element, setText } from './element.js';

/** @typedef {import('../model/sources.js').Sources} Sources */
/** @typedef {import('../wire/payloads.js').SourceEntry} Source */

const OPTIONS_MAX = 200;
/** While the list is open its figures are brought up to date. */
const UPDATE_MS = 1000;
const REFRESH_MS = 4000;

const STATE_WORDS = Object.freeze({ live: '', waiting: 'waiting for file', unreadable: 'unreadable', gone: 'removed' });

/**
 * Dispatches `opened` when the list should be fresh, `wanted` with the names that are to be shown, none for all, and
 * `apart` with the name of one that is wanted in a tab of its own.
 */
export class SourcePicker extends EventTarget {
  #button = byId('sources-button', HTMLButtonElement);
  #label = byId('sources-label', HTMLElement);
  #panel = byId('sources-panel', HTMLElement);
  #find = byId('sources-find', HTMLInputElement);
  #all = byId('sources-all', HTMLButtonElement);
  #list = byId('sources-list', HTMLElement);
  #more = byId('sources-more', HTMLElement);
  #sources;
  #activity;
  #active = 0;
  #refreshedAt = 0;
  /** @type {Source[]} */
  #offered = [];
  /** Their names. */
  #names = '';

  /** @param {{sources: Sources, activity: import('../model/activity.js').Activity, log: HTMLElement}} parts */
  constructor({ sources, activity, log }) {
    super();
    this.#sources = sources;
    this.#activity = activity;
    sources.addEventListener('change', () => this.#update());
    this.#panel.addEventListener('toggle', (event) => this.#toggled(/** @type {ToggleEvent} */ (event).newState === 'open'));
    this.#find.addEventListener('input', () => this.#search());
    this.#find.addEventListener('keydown', (event) => this.#keyPressed(event));
    this.#list.addEventListener('click', (event) => this.#clicked(event));
    this.#list.addEventListener('auxclick', (event) => this.#clicked(event));
    this.#all.addEventListener('click', () => this.#choose([]));
    log.addEventListener('click', (event) => {
      const name = /** @type {HTMLElement} */ (event.target);
      const row = /** @type {HTMLElement | null} */ (name.closest('[data-source]'));
      if (name.matches('.source') && row?.dataset.source !== undefined) this.#take(row.dataset.source, event);
    });
    setInterval(() => this.#refresh(), UPDATE_MS);
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
    this.#refreshedAt = 0;
    this.#refresh();
  }

  #refresh() {
    if (!this.#panel.matches(':popover-open')) return;
    [...this.#list.children].forEach((option, index) => {
      setText(/** @type {HTMLElement} */ (option.lastElementChild), this.#detail(this.#offered[index]));
    });
    if (performance.now() - this.#refreshedAt < REFRESH_MS && this.#refreshedAt > 0) return;
    this.#refreshedAt = performance.now();
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
    // One that is being pressed stays where it is.
    const names = this.#offered.map(({ source }) => source).join('\n');
    if (names !== this.#names) this.#list.replaceChildren(...this.#offered.map(({ source }, index) => option(source, index)));
    this.#names = names;
    this.#offered.forEach((entry, index) => this.#tell(/** @type {HTMLElement} */ (this.#list.children[index]), entry));
    this.#all.ariaPressed = String(this.#sources.chosen.size === 0);
    setText(this.#more, found.length > OPTIONS_MAX ? `${found.length - OPTIONS_MAX} more: type to find them` : '');
    if (found.length === 0) setText(this.#more, 'No source has this in its name.');
    this.#markActive();
  }

  /**
   * How a source is, in its option.
   *
   * @param {HTMLElement} shown
   * @param {Source} entry
   */
  #tell(shown, entry) {
    const { source, state } = entry;
    shown.ariaSelected = String(this.#sources.chosen.has(source));
    shown.dataset.state = state;
    const [, , name, detail] = /** @type {HTMLElement[]} */ ([...shown.children]);
    name.style.color = `var(--hue-${this.#sources.colorOf(source)})`;
    setText(detail, this.#detail(entry));
  }

  /** @param {Source} source */
  #detail({ source, state, size: bytes, reason, segments }) {
    if (STATE_WORDS[state] !== '') return reason ?? STATE_WORDS[state];
    const perSecond = this.#activity.perSecond(source);
    const last = Math.max(this.#activity.lastAt(source), segments?.at(-1)?.to ?? 0);
    const parts = [perSecond > 0 ? `${shortNumber(perSecond)}/s` : '', size(bytes), last > 0 ? ago(Math.max(Date.now() - last, 0)) : ''];
    return parts.filter(Boolean).join(' · ');
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
      // The focus goes back to the button, which this key would press.
      event.preventDefault();
      this.#take(this.#offered[this.#active].source, event);
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const option = /** @type {HTMLElement | null} */ (target.closest('[role=option]'));
    if (option === null) return;
    this.#active = Number(option.dataset.index);
    this.#take(this.#offered[this.#active].source, event, target.dataset.box !== undefined);
  }

  /**
   * @param {string} name
   * @param {MouseEvent | KeyboardEvent} event whose keys say what is to become of it
   * @param {boolean} [isBox] it was its box
   */
  #take(name, event, isBox = false) {
    const isMiddle = 'button' in event && event.button === 1;
    if (event.shiftKey || isMiddle) {
      this.dispatchEvent(new CustomEvent('apart', { detail: name }));
    } else if (event.altKey) {
      this.#choose(this.#sources.without(name));
    } else if (isBox || event.ctrlKey || event.metaKey) {
      const chosen = new Set(this.#sources.chosen);
      if (!chosen.delete(name)) chosen.add(name);
      this.#choose(chosen);
    } else {
      this.#choose([name]);
      this.#panel.hidePopover();
    }
  }

  /** @param {Iterable<string>} names */
  #choose(names) {
    this.dispatchEvent(new CustomEvent('wanted', { detail: [...names] }));
  }
}

/**
 * @param {string} source
 * @param {number} index
 */
function option(source, index) {
  return element(
    'div',
    { role: 'option', id: `source-${index}`, class: 'option', 'data-index': String(index) },
    element('span', { class: 'box', 'data-box': '', 'aria-hidden': 'true' }),
    element('span', { class: 'dot' }),
    element('span', { class: 'name', title: source }, source),
    element('span', { class: 'detail' }),
  );
}
