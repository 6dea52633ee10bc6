// @ts-check
// The last row of the page: what state it is in, how fast lines come, and what it holds. Figures stand beside
// the state and not in it, so that a screen reader announces the state alone.

import { counted, hiddenLines, number, size } from '../model/wording.js';
import { byId, element, setText } from './element.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/settings.js').Settings} Settings */
/** @typedef {import('../model/status.js').Status} Status */

const TIMES = /** @type {const} */ (['local', 'utc', 'logged', 'relative', 'delta']);
const TIME_WORDS = Object.freeze({
  local: 'local time', utc: 'UTC', logged: 'time as logged', relative: 'from the line chosen', delta: 'since the line above',
});
/** Less than this is not worth a word. */
const BEHIND_MIN = 256 * 1024;

export class StatusBar extends EventTarget {
  #chip = byId('status', HTMLElement);
  #symbol = byId('status-symbol', HTMLElement);
  #text = byId('status-text', HTMLElement);
  #detail = byId('status-detail', HTMLElement);
  #behind = byId('status-behind', HTMLElement);
  #retry = byId('status-retry', HTMLButtonElement);
  #held = byId('status-held', HTMLElement);
  #time = byId('status-time', HTMLButtonElement);
  #wrap = byId('status-wrap', HTMLButtonElement);
  #hidden = byId('status-hidden', HTMLElement);
  #settings;

  /** @param {Settings} settings */
  constructor(settings) {
    super();
    this.#settings = settings;
    this.#retry.addEventListener('click', () => this.dispatchEvent(new Event('retry')));
    this.#wrap.addEventListener('click', () => settings.set('wraps', !settings.get('wraps')));
    this.#time.addEventListener('click', () => this.#nextTime());
    settings.addEventListener('change', () => this.#showSettings());
    this.#showSettings();
  }

  /**
   * @param {Status} status
   * @param {number} behind bytes
   */
  show(status, behind) {
    this.#chip.dataset.state = status.state;
    setText(this.#symbol, status.symbol);
    setText(this.#text, status.text);
    setText(this.#detail, status.detail);
    setText(this.#behind, behind >= BEHIND_MIN ? `behind ${size(behind)}` : '');
    this.#retry.hidden = status.state !== 'reconnecting' && status.state !== 'offline';
  }

  /**
   * @param {Lines} lines
   * @param {string} order of several sources, '' of a single one
   * @param {string} place of what is on the screen, '' where it is not known
   */
  showHeld({ count, bytes }, order, place) {
    const held = `${counted(count, 'line')} here · ${size(bytes)}`;
    setText(this.#held, count === 0 ? '' : [order, place, held].filter(Boolean).join(' · '));
    this.#held.title = `This page holds ${number(count)} lines of the log`;
  }

  /** @param {Parameters<typeof hiddenLines>[0] | null} counts null where nothing is hidden, or it is not known */
  showHidden(counts) {
    const [before, words, after] = counts === null ? ['', '', ''] : hiddenLines(counts);
    this.#hidden.replaceChildren(element('span', { class: 'wide-only' }, before), words, element('span', { class: 'wide-only' }, after));
  }

  #nextTime() {
    const at = TIMES.indexOf(this.#settings.get('time'));
    this.#settings.set('time', TIMES[(at + 1) % TIMES.length]);
  }

  #showSettings() {
    setText(this.#time, TIME_WORDS[this.#settings.get('time')]);
    this.#wrap.ariaPressed = String(this.#settings.get('wraps'));
  }
}
