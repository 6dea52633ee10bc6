// @ts-check
// The filter: a field with its switches for the term that is being typed, and chips for those that are settled. It says
// what the reader wants; whether that can be had is the server's to say, and its objection is shown under the field.

import { escapePattern, Filter } from '../model/filter.js';
import { byId, element, setText } from './element.js';
import { FilterChips } from './filter_chips.js';

/** @typedef {import('../model/filter.js').Term} Term */
/** @typedef {import('../model/filter_history.js').FilterHistory} FilterHistory */
/** @typedef {import('../wire/payloads.js').ApiError} ApiError */

const TYPING_MS = 250;
const CONTEXTS = [0, 1, 2, 5, 10];

/** Dispatches `wanted` when another filter is. */
export class FilterBar extends EventTarget {
  #input = byId('filter', HTMLInputElement);
  #message = byId('filter-message', HTMLElement);
  #literal = byId('filter-literal', HTMLButtonElement);
  #case = byId('filter-case', HTMLButtonElement);
  #exclude = byId('filter-exclude', HTMLButtonElement);
  #clear = byId('filter-clear', HTMLButtonElement);
  #context = byId('filter-context', HTMLButtonElement);
  #chips = new FilterChips();
  #history;
  #wanted = new Filter();
  /** What is in the field becomes a chip when the server has taken it. */
  #isEntered = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingTimer;

  /** @param {FilterHistory} history */
  constructor(history) {
    super();
    this.#history = history;
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#keyPressed(event));
    this.#input.addEventListener('blur', () => {
      if (!this.#input.ariaInvalid) history.add(this.#input.value);
    });
    this.#literal.addEventListener('click', () => this.#flip({ isLiteral: !this.#wanted.isLiteral }));
    this.#case.addEventListener('click', () => {
      this.#flip({ caseRule: this.#wanted.caseRule === 'match' ? 'smart' : 'match' });
    });
    this.#exclude.addEventListener('click', () => {
      setPressed(this.#exclude, this.#exclude.ariaPressed !== 'true');
      this.#want();
    });
    this.#clear.addEventListener('click', () => this.#write('', false));
    this.#context.addEventListener('click', () => {
      const next = CONTEXTS[CONTEXTS.indexOf(this.#wanted.context) + 1] ?? 0;
      this.#flip({ context: next });
    });
    this.#chips.addEventListener('changed', (event) => this.#want(/** @type {CustomEvent} */ (event).detail));
    this.#chips.addEventListener('edited', (event) => this.#edit(/** @type {CustomEvent} */ (event).detail));
    this.#chips.addEventListener('unlimited', (event) => this.#flip({ [/** @type {CustomEvent} */ (event).detail]: '' }));
  }

  /** What the bar says at the moment; the levels are whatever was last shown. */
  get wanted() {
    return this.#wanted;
  }

  /** @param {Filter} filter a single term stands in the field, several are chips */
  show(filter) {
    this.#wanted = filter;
    const inField = filter.terms.length === 1 && !filter.terms[0].isOff ? filter.terms[0] : null;
    this.#input.value = inField?.text ?? '';
    setPressed(this.#exclude, inField?.isExcluded ?? false);
    this.#render(inField === null ? filter.terms : []);
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /**
   * Keeps only lines with this text, or only those without it, besides what is kept already.
   *
   * @param {string} text
   * @param {boolean} [isExcluded]
   */
  add(text, isExcluded = false, isWord = false) {
    const term = { text: this.#wanted.isLiteral ? text : `${escapePattern(text)}${isWord ? '\\b' : ''}`, isExcluded };
    this.#want([...this.#chips.terms, term]);
  }

  /** Only lines of a stretch of time; '' for no limit. @param {string} since @param {string} until */
  limit(since, until) {
    this.#flip({ since, until });
  }

  clear() {
    this.#wanted = this.#wanted.with({ since: '', until: '' });
    this.#input.value = '';
    setPressed(this.#exclude, false);
    this.#want([]);
  }

  /** The server took it. */
  accept() {
    this.#input.removeAttribute('aria-invalid');
    this.#message.replaceChildren();
    this.#message.hidden = true;
    if (!this.#isEntered) return;
    this.#history.add(this.#input.value);
    this.#settle();
  }

  /** @param {ApiError} error */
  refuse({ message, pattern_offset: at }) {
    this.#isEntered = false;
    this.#input.setAttribute('aria-invalid', 'true');
    this.#message.replaceChildren(element('span', {}, message.charAt(0).toUpperCase() + message.slice(1)));
    if (at !== undefined) this.#message.append(...pointer([...this.#input.value], at));
    this.#message.hidden = false;
  }

  #typed() {
    this.#history.rest();
    this.#changed();
  }

  #changed() {
    this.#isEntered = false;
    this.#clear.hidden = this.#input.value === '';
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#want(), TYPING_MS);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const { key } = event;
    const isEmpty = this.#input.value === '';
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      const text = this.#history.step(key === 'ArrowUp' ? 1 : -1, this.#input.value);
      if (text === null) return;
      this.#input.value = text;
      this.#changed();
      event.preventDefault();
    } else if (key === 'Backspace' && isEmpty && this.#chips.terms.length > 0) {
      this.#edit(this.#chips.terms[this.#chips.terms.length - 1]);
      event.preventDefault();
    } else if (key === 'Enter') {
      this.#isEntered = !isEmpty;
      this.#want();
    } else if (key === 'Escape') {
      event.stopPropagation();
      if (isEmpty) this.#input.blur();
      else this.#write('', false);
    }
  }

  /** What is in the field becomes a chip. */
  #settle() {
    this.#isEntered = false;
    const term = this.#term;
    this.#input.value = '';
    setPressed(this.#exclude, false);
    this.#render(term.text === '' ? this.#chips.terms : [...this.#chips.terms, term]);
  }

  /** @param {Term} term a chip, which goes back into the field */
  #edit(term) {
    this.#settle();
    this.#render(this.#chips.terms.filter((one) => one !== term));
    this.#write(term.text, term.isExcluded);
    this.focus();
  }

  /**
   * @param {string} text
   * @param {boolean} isExcluded
   */
  #write(text, isExcluded) {
    this.#input.value = text;
    setPressed(this.#exclude, isExcluded);
    this.#want();
  }

  /** @param {Partial<import('../model/filter.js').FilterParts>} parts */
  #flip(parts) {
    this.#wanted = this.#wanted.with(parts);
    this.#want();
  }

  get #term() {
    return { text: this.#input.value, isExcluded: this.#exclude.ariaPressed === 'true' };
  }

  /** @param {readonly Term[]} [chips] */
  #want(chips = this.#chips.terms) {
    clearTimeout(this.#typingTimer);
    this.#wanted = this.#wanted.with({ terms: [...chips, this.#term] });
    this.#render(chips);
    this.dispatchEvent(new Event('wanted'));
  }

  /** @param {readonly Term[]} chips */
  #render(chips) {
    const { context, isLiteral, caseRule } = this.#wanted;
    setPressed(this.#literal, !isLiteral);
    setPressed(this.#case, caseRule === 'match');
    this.#clear.hidden = this.#input.value === '';
    setPressed(this.#context, context > 0);
    setText(this.#context, `±${context}`);
    this.#context.ariaLabel = `Lines of context: ${context}`;
    this.#chips.show(chips, this.#wanted);
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isPressed
 */
function setPressed(button, isPressed) {
  button.ariaPressed = String(isPressed);
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
