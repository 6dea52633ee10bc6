// @ts-check
// Keeps the address of the page in step with what it shows, so that it can be sent to somebody at any time, and
// makes each leap a step of the browser's history, so that Back returns to where the reader was. A token does not stay
// in it: what stands there ends up in histories and on screens that are shared.

import { tokenIn } from '../model/token.js';

/** @typedef {import('./line_list.js').LineList['place']} Place null at the live end */

const MARK = '#t=';
const SETTLE_MS = 300;

/** Dispatches `back` with the place to return to. */
export class AddressBar extends EventTarget {
  #address;
  #place;
  #isReturning = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => URL} address of what is shown
   * @param {() => Place} place where the reader is
   */
  constructor(address, place) {
    super();
    this.#address = address;
    this.#place = place;
    addEventListener('popstate', ({ state }) => {
      this.#isReturning = true;
      clearTimeout(this.#timer);
      this.dispatchEvent(new CustomEvent('back', { detail: state?.place ?? null }));
    });
  }

  /** What is shown has changed a little. */
  update() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#replace(), SETTLE_MS);
  }

  /** The reader leaps away from here. */
  leave() {
    if (!this.#isReturning) this.#replace();
  }

  /** The reader has landed. */
  arrive() {
    if (!this.#isReturning) history.pushState(this.#state(), '', this.#address());
    this.#isReturning = false;
  }

  #replace() {
    clearTimeout(this.#timer);
    history.replaceState(this.#state(), '', this.#address());
  }

  #state() {
    return { place: this.#place() };
  }
}

/**
 * The token of the link that was opened. It is gone from the address bar afterwards.
 *
 * @returns {string} '' where there is none
 */
export function takeToken() {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(MARK)) return '';
  history.replaceState(history.state, '', `${pathname}${search}`);
  return tokenIn(hash);
}
