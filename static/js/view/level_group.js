// @ts-check
// Which levels are wanted, with what came of each. Click switches one, Alt-click or double-click leaves only
// this one, Shift-click this one and worse.

import { FILTER_LEVELS, levelCode, levelWord } from '../model/levels.js';
import { shortNumber } from '../model/wording.js';
import { element, setText } from './element.js';

/** @typedef {import('../model/levels.js').FilterLevel} Level */
/** @typedef {import('../model/lines.js').Lines} Lines */

/** Two quick clicks are one wish, not three. */
const SETTLE_MS = 250;

/** Fatal goes with error: five buttons are enough, and one for lines without a level. @type {readonly (readonly Level[])[]} */
const BUTTONS = [['trace'], ['debug'], ['info'], ['warn'], ['error', 'fatal'], ['unknown']];

const ERRORS = 4;
const TITLES = ['Trace', 'Debug', 'Info', 'Warnings', 'Errors', 'Lines that say no level'];

export class LevelGroup extends EventTarget {
  #lines;
  /** @type {Set<Level>} */
  #levels = new Set(FILTER_LEVELS);
  /** @type {{levels: readonly Level[], button: HTMLButtonElement, count: HTMLElement}[]} */
  #buttons;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} group
   * @param {Lines} lines
   */
  constructor(group, lines) {
    super();
    this.#lines = lines;
    this.#buttons = BUTTONS.map((levels, index) => {
      const count = element('span', { class: 'count' });
      const word = levelWord(levelCode(levels[0])) || '?';
      const attributes = { 'data-level': levels[0], title: `${TITLES[index]}: click switches, Alt-click only these, Shift-click these and worse` };
      const button = element('button', attributes, element('span', { class: 'word' }, word), count);
      button.addEventListener('click', (event) => this.#clicked(index, event));
      button.addEventListener('dblclick', () => this.#choose(levels));
      return { levels, button, count };
    });
    group.append(...this.#buttons.map(({ button }) => button));
    this.#render();
  }

  get levels() {
    return this.#levels;
  }

  /** @param {ReadonlySet<Level>} levels */
  show(levels) {
    this.#levels = new Set(levels);
    this.#render();
  }

  /**
   * @param {string} key that stands for a level: 1 for trace to 6 for fatal, 0 for none
   * @param {boolean} isAlone only it is to be on
   */
  press(key, isAlone) {
    const level = FILTER_LEVELS[Number(key)];
    const levels = BUTTONS.find((those) => those.includes(level)) ?? FILTER_LEVELS;
    if (isAlone) this.#choose(levels);
    else this.#toggle(levels);
  }

  /** @param {readonly Level[]} levels */
  #toggle(levels) {
    const next = new Set(this.#levels);
    const isOn = levels.some((level) => next.has(level));
    for (const level of levels) {
      if (isOn) next.delete(level);
      else next.add(level);
    }
    this.#choose(next.size === 0 ? FILTER_LEVELS : next);
  }

  updateCounts() {
    for (const { levels, count } of this.#buttons) {
      const total = levels.reduce((sum, level) => sum + this.#lines.receivedByLevel[levelCode(level)], 0);
      setText(count, total === 0 ? '' : shortNumber(total));
    }
    const unknown = this.#buttons[this.#buttons.length - 1].button;
    unknown.hidden = this.#lines.receivedByLevel[0] === 0 && this.#levels.has('unknown');
  }

  /**
   * @param {number} index
   * @param {MouseEvent} event
   */
  #clicked(index, event) {
    if (event.detail > 1) return;
    if (event.altKey) this.#choose(BUTTONS[index]);
    else if (event.shiftKey && index < ERRORS) this.#choose(BUTTONS.slice(index, ERRORS + 1).flat());
    else this.#toggle(BUTTONS[index]);
  }

  /** @param {Iterable<Level>} levels */
  #choose(levels) {
    this.#levels = new Set(levels);
    this.#render();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dispatchEvent(new Event('wanted')), SETTLE_MS);
  }

  #render() {
    for (const { levels, button } of this.#buttons) {
      button.ariaPressed = String(levels.some((level) => this.#levels.has(level)));
    }
  }
}
