// @ts-check
// The sources the server offers, their states, and which of them the reader has chosen.

import { shortNames } from './short_names.js';
import { sourceColor, sourceColors } from './source_color.js';
import { counted } from './wording.js';

/** @typedef {import('../wire/payloads.js').SourceEntry} Source */

/** More waiting sources than this are counted and not named. */
const NAMED_MAX = 3;
/** Hundreds of sources may change at once: that is told once. */
const TELLING_MS = 50;

export class Sources extends EventTarget {
  /** @type {Map<string, Source>} */
  #known = new Map();
  /** There are more files than the server follows. */
  #isCut = false;
  /** @type {ReadonlySet<string>} */
  #chosen = new Set();
  /** @type {Map<string, number> | null} */
  #colors = null;
  /** @type {Map<string, string> | null} */
  #shortNames = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** All known ones, in the server's order. */
  get all() {
    return [...this.#known.values()];
  }

  /** The names chosen; none means all. */
  get chosen() {
    return this.#chosen;
  }

  /** Those whose lines are shown. */
  get shown() {
    return this.all.filter(({ source }) => this.isShown(source));
  }

  /** @param {string} name */
  isShown(name) {
    return this.#chosen.size === 0 || this.#chosen.has(name);
  }

  /** @param {Iterable<string>} names */
  choose(names) {
    this.#chosen = new Set(names);
    this.#changed();
  }

  /** @param {Source} source */
  update(source) {
    this.#known.set(source.source, { ...this.#known.get(source.source), ...source });
    this.#timer ??= setTimeout(() => this.#changed(), TELLING_MS);
  }

  /** @param {Source[]} sources the whole list */
  replace(sources, isCut = false) {
    this.#isCut = isCut;
    this.#known = new Map(sources.map((source) => [source.source, source]));
    this.#changed();
  }

  /**
   * @param {string} name
   * @returns {number} 0 to 7
   */
  colorOf(name) {
    this.#colors ??= sourceColors([...this.#known.keys()]);
    return this.#colors.get(name) ?? sourceColor(name);
  }

  /**
   * The part of its name in which it differs from the others that are shown.
   *
   * @param {string} name
   */
  shortName(name) {
    this.#shortNames ??= shortNames(this.shown.map(({ source }) => source));
    return this.#shortNames.get(name) ?? name;
  }

  /** The names that are chosen when one of those shown is not to be. @param {string} name */
  without(name) {
    return this.shown.map(({ source }) => source).filter((other) => other !== name);
  }

  /**
   * Where a segment stands among all, older ones of a source first.
   *
   * @param {string} segment
   */
  rank(segment) {
    return this.all.flatMap(({ segments = [] }) => segments.map((one) => one.segment)).indexOf(segment);
  }

  /** What is shown, for the button and the title of the page. */
  get label() {
    const names = this.#chosen.size > 0 ? [...this.#chosen] : this.all.map(({ source }) => source);
    if (names.length === 0) return 'no source';
    if (this.#chosen.size === 0 && names.length > 2) return `all ${names.length} sources`;
    return names.length > 2 ? `${names[0]} + ${names.length - 1} more` : names.join(' + ');
  }

  /** Sentences on sources that give no lines, for the banner. */
  get complaints() {
    const cut = this.#isCut ? [`There are too many files: the server follows only ${this.#known.size} of them.`] : [];
    return [...cut, ...this.#complaints()];
  }

  #complaints() {
    const shown = this.shown;
    const unreadable = shown.filter(({ state }) => state === 'unreadable').map(unreadableText);
    const absent = shown.filter(({ state }) => state === 'waiting' || state === 'gone');
    const isAllAbsent = absent.length === shown.length;
    const missed = isAllAbsent || this.#chosen.size > 0 ? absent : absent.filter(({ state }) => state === 'waiting');
    if (shown.length === 1) return [...unreadable, ...missed.map(absentText)];
    if (missed.length > NAMED_MAX) return [...unreadable, `${counted(missed.length, 'source')} of ${shown.length} are waiting for their files.`];
    return [...unreadable, ...missed.map(({ source, state }) => `${source}: ${state === 'gone' ? 'removed' : 'waiting for file'}.`)];
  }

  /** @returns {'live' | 'waiting' | 'error'} of all that is shown, at its best */
  get state() {
    const shown = this.shown;
    if (shown.length === 0 || shown.some(({ state }) => state === 'live')) return 'live';
    return shown.some(({ state }) => state === 'unreadable') ? 'error' : 'waiting';
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#colors = null;
    this.#shortNames = null;
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {Source} source */
function unreadableText({ source, reason }) {
  return `The server may not read ${source}${reason === undefined ? '' : ` (${reason})`}.`;
}

/** @param {Source} source */
function absentText({ source, state }) {
  if (state === 'gone') return `${source} was removed. Watching for it…`;
  return `${source} does not exist (yet). Watching for it…`;
}
