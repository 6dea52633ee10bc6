// @ts-check
// The parts of the filter that are settled, one chip each: it can be switched off and on, inverted, edited and removed.
// A stretch of time is a chip that can only be removed.

import { byId, element } from './element.js';

/** @typedef {import('../model/filter.js').Filter} Filter */
/** @typedef {import('../model/filter.js').Term} Term */

/**
 * Dispatches `changed` with the terms that are to be instead, `edited` with the term to be edited, and `unlimited`
 * with `since` or `until` when that limit is to go.
 */
export class FilterChips extends EventTarget {
  #row = byId('filter-chips', HTMLElement);
  /** @type {readonly Term[]} */
  #terms = [];

  get terms() {
    return this.#terms;
  }

  /**
   * @param {readonly Term[]} terms
   * @param {Filter} filter for its stretch of time
   */
  show(terms, { since, until }) {
    this.#terms = terms;
    const buttons = [...this.#row.querySelectorAll('button')];
    const focused = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const chips = terms.map((term) => this.#termChip(term));
    if (since !== '') chips.push(this.#timeChip('since', since));
    if (until !== '') chips.push(this.#timeChip('until', until));
    this.#row.replaceChildren(...chips);
    this.#row.hidden = chips.length === 0;
    if (focused >= 0) this.#row.querySelectorAll('button')[focused]?.focus();
  }

  /** @param {Term} term */
  #termChip(term) {
    const { text, isExcluded, isOff = false } = term;
    const become = (/** @type {Partial<Term>} */ change) => () => this.#replace(term, [{ ...term, ...change }]);
    const edit = element('button', { class: 'word', title: 'Edit' }, text);
    edit.addEventListener('click', () => this.dispatchEvent(new CustomEvent('edited', { detail: term })));
    return chip(
      text,
      pressable(isOff ? '○' : '●', 'In force', !isOff, become({ isOff: !isOff })),
      pressable(isExcluded ? '≠' : '=', 'Leave out lines that match', isExcluded, become({ isExcluded: !isExcluded })),
      edit,
      remover(text, () => this.#replace(term, [])),
    );
  }

  /**
   * @param {'since' | 'until'} name
   * @param {string} time
   */
  #timeChip(name, time) {
    const text = `${name} ${shortTime(time)}`;
    const removed = () => this.dispatchEvent(new CustomEvent('unlimited', { detail: name }));
    return chip(text, element('span', { class: 'word' }, text), remover(text, removed));
  }

  /**
   * @param {Term} term
   * @param {Term[]} others in its place
   */
  #replace(term, others) {
    const detail = this.#terms.flatMap((one) => (one === term ? others : [one]));
    this.dispatchEvent(new CustomEvent('changed', { detail }));
  }
}

/**
 * @param {string} name
 * @param {...HTMLElement} parts
 */
function chip(name, ...parts) {
  return element('span', { class: 'chip', role: 'group', 'aria-label': name }, ...parts);
}

/**
 * @param {string} sign
 * @param {string} label
 * @param {boolean} isPressed
 * @param {() => void} run
 */
function pressable(sign, label, isPressed, run) {
  const button = element('button', { 'aria-label': label, title: label, 'aria-pressed': String(isPressed) }, sign);
  button.addEventListener('click', run);
  return button;
}

/**
 * @param {string} text
 * @param {() => void} run
 */
function remover(text, run) {
  const button = element('button', { 'aria-label': `Remove ${text}`, title: 'Remove' }, '×');
  button.addEventListener('click', run);
  return button;
}

/**
 * A time as a chip can hold it: of one that names a moment, only what the reader has to see.
 *
 * @param {string} time
 */
function shortTime(time) {
  return time.replace(/^\d{4}-(.*?)T(.*?)(?:\.000)?Z$/, '$1 $2');
}
