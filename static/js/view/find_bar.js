// @ts-check
// Finds a text: marks every hit that is on the screen at once, lets the server look through the whole log, lists
// what it found, and walks from one hit to the next.

import { byId, saveText, setText } from './element.js';

/** @typedef {import('../model/hits.js').Hits} Hits */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/search.js').Search} Search */
/** @typedef {import('../model/sources.js').Sources} Sources */
/** @typedef {import('./line_list.js').LineList} LineList */
/** @typedef {import('./navigation.js').Navigation} Navigation */

/**
 * @typedef {object} Parts
 * @property {Search} search of the lines that are here
 * @property {Hits} hits of the search of the whole log
 * @property {Lines} lines
 * @property {Sources} sources
 * @property {LineList} list
 * @property {Navigation} navigation
 * @property {() => import('./line_row.js').Look} look
 */

/** After so long without another key the server is asked. */
const TYPING_MS = 400;
const REPORT_MS = 100;
/** Shorter texts are searched for only when Enter is pressed. */
const LENGTH_MIN = 2;

/**
 * Dispatches `wanted` when the server is to search for the term, `continued` when it is to go on, `stopped`,
 * `filtered` when the term is to be the filter, and `closed`.
 */
export class FindBar extends EventTarget {
  #bar = byId('find-area', HTMLElement);
  #input = byId('find', HTMLInputElement);
  #title = byId('find-title', HTMLElement);
  #progress = byId('find-progress', HTMLProgressElement);
  #report = byId('find-report', HTMLElement);
  #stop = byId('find-stop', HTMLButtonElement);
  #continue = byId('find-continue', HTMLButtonElement);
  #order = byId('find-order', HTMLButtonElement);
  #export = byId('find-export', HTMLButtonElement);
  #parts;
  /** Fetched with the first search. @type {import('./hit_list.js').HitList | undefined} */
  #hitList;
  #searched = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #reportTimer;

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { search, hits, list } = parts;
    this.#input.addEventListener('input', () => this.#typed());
    this.#input.addEventListener('keydown', (event) => this.#keyPressed(event));
    this.#on('find-next', () => this.walk(1));
    this.#on('find-previous', () => this.walk(-1));
    this.#on('find-close', () => this.close());
    this.#on('find-filter', () => this.dispatchEvent(new Event('filtered')));
    this.#on('find-stop', () => this.dispatchEvent(new Event('stopped')));
    this.#on('find-continue', () => this.dispatchEvent(new Event('continued')));
    this.#export.addEventListener('click', () => saveText(`${this.#searched}.log`, hits.all.map(({ text }) => `${text}\n`).join('')));
    this.#on('find-order', () => {
      hits.order = hits.order === 'newest' ? 'oldest' : 'newest';
      this.#want();
    });
    hits.addEventListener('change', () => this.#showSoon());
    search.addEventListener('change', () => this.#hitList?.show(hits.all));
    list.addEventListener('chosen', () => this.#hitList?.mark(this.#current));
    byId('hits', HTMLElement).addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  /** @param {typeof import('./hit_list.js').HitList} HitList how hits are shown */
  showHitsIn(HitList) {
    if (this.#hitList !== undefined) return;
    const { hits, navigation, look } = this.#parts;
    this.#hitList = new HitList(byId('hits', HTMLElement), look);
    this.#hitList.addEventListener('opened', (event) => navigation.toLine(/** @type {CustomEvent} */ (event).detail));
    this.#hitList.addEventListener('left', () => this.dispatchEvent(new Event('left')));
    this.#hitList.show(hits.all);
    this.#hitList.mark(this.#current);
  }

  get isOpen() {
    return !this.#bar.hidden;
  }

  /** True while the reader types in it, when Ctrl-F is left to the browser. */
  get hasFocus() {
    return document.activeElement === this.#input;
  }

  open() {
    const { search } = this.#parts;
    this.#bar.hidden = false;
    const selected = document.getSelection()?.toString() ?? '';
    if (selected !== '' && !selected.includes('\n')) search.term = selected;
    this.#input.value = search.term;
    this.#input.focus();
    this.#input.select();
    if (search.term !== '' && search.term !== this.#searched) this.#want();
  }

  close() {
    clearTimeout(this.#typingTimer);
    this.#bar.hidden = true;
    this.#searched = '';
    this.#parts.search.term = '';
    this.#input.value = '';
    this.dispatchEvent(new Event('closed'));
  }

  /** The log is another one now: what was found may not be in it. */
  again() {
    if (this.isOpen && this.#searched !== '') this.#want();
  }

  /** @param {1 | -1} direction 1 towards newer lines */
  async walk(direction) {
    const { search, hits, sources, list, lines, navigation } = this.#parts;
    if (search.term === '') return;
    const from = this.#current ?? list.place;
    const hit = hits.next(from, direction, (segment) => sources.rank(segment));
    if (hit !== undefined) {
      await navigation.toLine(hit);
      return;
    }
    const row = search.next(list.current >= 0 ? list.current : list.topRow - direction, direction);
    if (row >= 0 && lines.has(row)) list.goTo(row);
  }

  /** The position of the current line. */
  get #current() {
    const { list, lines } = this.#parts;
    if (!lines.has(list.current) || lines.markAt(list.current) !== undefined) return null;
    return lines.lineAt(list.current);
  }

  #typed() {
    const term = this.#input.value;
    this.#parts.search.term = term;
    clearTimeout(this.#typingTimer);
    this.#searched = '';
    this.dispatchEvent(new Event('stopped'));
    if (term.length >= LENGTH_MIN) this.#typingTimer = setTimeout(() => this.#want(), TYPING_MS);
    else this.#parts.hits.clear();
  }

  #want() {
    clearTimeout(this.#typingTimer);
    this.#searched = this.#parts.search.term;
    if (this.#searched !== '') this.dispatchEvent(new Event('wanted'));
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    if (event.key === 'Enter') {
      if (this.#searched !== this.#parts.search.term) this.#want();
      this.walk(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'ArrowDown') byId('hits', HTMLElement).focus();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  }

  #showSoon() {
    this.#reportTimer ??= setTimeout(() => {
      this.#reportTimer = undefined;
      this.#show();
    }, REPORT_MS);
  }

  #show() {
    const { hits, sources } = this.#parts;
    const { share, report, isRunning } = hits;
    setText(this.#title, report === '' ? '' : `Matches “${this.#searched}” in ${sources.label.startsWith('all ') ? '' : 'all of '}${sources.label}`);
    setText(this.#report, report);
    this.#progress.hidden = share === null;
    this.#progress.value = share ?? 0;
    this.#stop.hidden = !isRunning;
    this.#export.hidden = hits.all.length === 0;
    this.#continue.hidden = hits.resume === '';
    setText(this.#order, hits.order === 'newest' ? 'Newest first' : 'Oldest first');
    this.#hitList?.show(hits.all);
    if (isRunning) this.#showSoon();
  }

  /**
   * @param {string} id
   * @param {() => void} run
   */
  #on(id, run) {
    byId(id, HTMLButtonElement).addEventListener('click', run);
  }
}
