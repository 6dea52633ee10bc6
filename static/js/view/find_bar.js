// @ts-check
// Finds in the lines the page holds: marks every hit that is on the screen and walks from one to the next.

import { number } from '../model/wording.js';
import { byId, setText } from './element.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/search.js').Search} Search */
/** @typedef {import('./line_list.js').LineList} LineList */

const COUNTING_MS = 6;
const PAUSE_MS = 30;

export class FindBar extends EventTarget {
  #bar = byId('find-bar', HTMLElement);
  #input = byId('find', HTMLInputElement);
  #count = byId('find-count', HTMLElement);
  #search;
  #lines;
  #list;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{search: Search, lines: Lines, list: LineList}} parts */
  constructor({ search, lines, list }) {
    super();
    this.#search = search;
    this.#lines = lines;
    this.#list = list;
    this.#input.addEventListener('input', () => { search.term = this.#input.value; });
    this.#input.addEventListener('keydown', (event) => this.#keyPressed(event));
    byId('find-next', HTMLButtonElement).addEventListener('click', () => this.walk(1));
    byId('find-previous', HTMLButtonElement).addEventListener('click', () => this.walk(-1));
    byId('find-close', HTMLButtonElement).addEventListener('click', () => this.close());
    search.addEventListener('change', () => this.#countSoon(0));
    lines.addEventListener('change', () => this.#countSoon(PAUSE_MS));
  }

  get isOpen() {
    return !this.#bar.hidden;
  }

  /** True while the reader types in it, when Ctrl-F is left to the browser. */
  get hasFocus() {
    return document.activeElement === this.#input;
  }

  open() {
    this.#bar.hidden = false;
    const selected = document.getSelection()?.toString() ?? '';
    if (selected !== '' && !selected.includes('\n')) this.#search.term = selected;
    this.#input.value = this.#search.term;
    this.#input.focus();
    this.#input.select();
    this.#countSoon(0);
  }

  close() {
    this.#bar.hidden = true;
    this.#search.term = '';
    this.#input.value = '';
    this.dispatchEvent(new Event('closed'));
  }

  /** @param {1 | -1} direction 1 towards newer lines */
  walk(direction) {
    if (this.#search.term === '') return;
    const { current } = this.#list;
    const from = current >= 0 ? current : this.#list.topRow - direction;
    const row = this.#search.next(from, direction);
    if (row >= 0) this.#list.goTo(row);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.key === 'Enter') this.walk(event.shiftKey ? -1 : 1);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  }

  /** @param {number} wait ms */
  #countSoon(wait) {
    if (!this.isOpen || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#countOn();
    }, wait);
  }

  /** Counts for a few milliseconds at a time, so that a big store does not stop the page. */
  #countOn() {
    if (this.#search.term === '') {
      setText(this.#count, '');
      return;
    }
    const until = performance.now() + COUNTING_MS;
    const { lines, isComplete } = this.#search.count(() => performance.now() < until);
    const text = `${number(lines)}${isComplete ? '' : '+'} of ${number(this.#lines.count)} lines here`;
    setText(this.#count, lines === 0 && isComplete ? 'Not in the lines here' : text);
    if (!isComplete) this.#countSoon(PAUSE_MS);
  }
}
