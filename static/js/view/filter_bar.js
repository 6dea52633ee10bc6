// @ts-check
// The filter: one field with its switches, and chips for further terms a link may have brought. It says what
// the reader wants; whether that can be had is the server's to say, and its objection is shown under the field.

import { escapePattern, Filter } from '../model/filter.js';
import { byId, element, setText } from './element.js';

/** @typedef {import('../model/filter.js').Term} Term */
/** @typedef {import('../wire/payloads.js').ApiError} ApiError */

const TYPING_MS = 250;
const CONTEXTS = [0, 1, 2, 5, 10];

export class FilterBar extends EventTarget {
  #input = byId('filter', HTMLInputElement);
  #chips = byId('filter-chips', HTMLElement);
  #message = byId('filter-message', HTMLElement);
  #literal = byId('filter-literal', HTMLButtonElement);
  #case = byId('filter-case', HTMLButtonElement);
  #exclude = byId('filter-exclude', HTMLButtonElement);
  #clear = byId('filter-clear', HTMLButtonElement);
  #context = byId('filter-context', HTMLButtonElement);
  #wanted = new Filter();
  /** Terms beside the one in the field. @type {readonly Term[]} */
  #others = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingTimer;

  constructor() {
    super();
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#keyPressed(event));
    this.#literal.addEventListener('click', () => this.#flip({ isLiteral: !this.#wanted.isLiteral }));
    this.#case.addEventListener('click', () => {
      this.#flip({ caseRule: this.#wanted.caseRule === 'match' ? 'smart' : 'match' });
    });
    this.#exclude.addEventListener('click', () => {
      this.#setPressed(this.#exclude, this.#exclude.ariaPressed !== 'true');
      this.#want();
    });
    this.#clear.addEventListener('click', () => this.clear());
    this.#context.addEventListener('click', () => {
      const next = CONTEXTS[CONTEXTS.indexOf(this.#wanted.context) + 1] ?? 0;
      this.#flip({ context: next });
    });
  }

  /** What the bar says at the moment; the levels are whatever was last shown. */
  get wanted() {
    return this.#wanted;
  }

  /** @param {Filter} filter */
  show(filter) {
    this.#wanted = filter;
    const inField = filter.terms.find((term) => !term.isExcluded) ?? filter.terms[0];
    this.#others = filter.terms.filter((term) => term !== inField);
    this.#input.value = inField?.text ?? '';
    this.#setPressed(this.#exclude, inField?.isExcluded ?? false);
    this.#render();
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** Keeps only lines with this text, besides what is kept already. @param {string} text */
  add(text) {
    const term = { text: this.#wanted.isLiteral ? text : escapePattern(text), isExcluded: false };
    this.show(this.#wanted.with({ terms: [term, ...this.#wanted.terms] }));
    this.dispatchEvent(new Event('wanted'));
  }

  /** Only lines of a stretch of time; '' for no limit. @param {string} since @param {string} until */
  limit(since, until) {
    this.#flip({ since, until });
  }

  clear() {
    this.#input.value = '';
    this.#others = [];
    this.#wanted = this.#wanted.with({ since: '', until: '' });
    this.#setPressed(this.#exclude, false);
    this.#want();
  }

  /** The server took it. */
  accept() {
    this.#input.removeAttribute('aria-invalid');
    this.#message.replaceChildren();
    this.#message.hidden = true;
  }

  /** @param {ApiError} error */
  refuse({ message, pattern_offset: at }) {
    this.#input.setAttribute('aria-invalid', 'true');
    this.#message.replaceChildren(element('span', {}, message.charAt(0).toUpperCase() + message.slice(1)));
    if (at !== undefined) this.#message.append(...pointer([...this.#input.value], at));
    this.#message.hidden = false;
  }

  #typed() {
    this.#clear.hidden = this.#input.value === '';
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#want(), TYPING_MS);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.key === 'Enter') this.#want();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (this.#input.value === '') this.#input.blur();
    else this.clear();
  }

  /** @param {Partial<import('../model/filter.js').FilterParts>} parts */
  #flip(parts) {
    this.#wanted = this.#wanted.with(parts);
    this.#want();
  }

  #want() {
    clearTimeout(this.#typingTimer);
    const inField = { text: this.#input.value, isExcluded: this.#exclude.ariaPressed === 'true' };
    this.#wanted = this.#wanted.with({ terms: [inField, ...this.#others] });
    this.#render();
    this.dispatchEvent(new Event('wanted'));
  }

  #render() {
    this.#setPressed(this.#literal, !this.#wanted.isLiteral);
    this.#setPressed(this.#case, this.#wanted.caseRule === 'match');
    this.#clear.hidden = this.#input.value === '';
    const { context, since, until } = this.#wanted;
    this.#setPressed(this.#context, context > 0);
    setText(this.#context, `±${context}`);
    this.#context.ariaLabel = `Lines of context: ${context}`;
    const chips = this.#others.map((term) => this.#chip(term.isExcluded ? `not ${term.text}` : term.text, () => {
      this.#others = this.#others.filter((other) => other !== term);
      this.#want();
    }));
    if (since !== '') chips.push(this.#chip(`since ${shortTime(since)}`, () => this.#flip({ since: '' })));
    if (until !== '') chips.push(this.#chip(`until ${shortTime(until)}`, () => this.#flip({ until: '' })));
    this.#chips.replaceChildren(...chips);
  }

  /**
   * @param {string} text
   * @param {() => void} removed
   */
  #chip(text, removed) {
    const remove = element('button', { type: 'button', 'aria-label': `Remove ${text}` }, '×');
    remove.addEventListener('click', removed);
    return element('span', { class: 'chip' }, text, remove);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {boolean} isPressed
   */
  #setPressed(button, isPressed) {
    button.ariaPressed = String(isPressed);
  }
}

/**
 * A time as a chip can hold it: of one that names a moment, only what the reader has to see.
 *
 * @param {string} time
 */
function shortTime(time) {
  return time.replace(/^\d{4}-(.*?)T(.*?)(?:\.000)?Z$/, '$1 $2');
}

/**
 * The pattern with the place marked the server complained about.
 *
 * @param {string[]} characters
 * @param {number} at
 */
function pointer(characters, at) {
  const marked = element('mark', {}, characters[at] ?? ' ');
  return [element('code', {}, characters.slice(0, at).join(''), marked, characters.slice(at + 1).join(''))];
}
