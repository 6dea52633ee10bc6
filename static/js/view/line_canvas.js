// @ts-check
// What the list scrolls over: as high as all lines, and as wide as the widest one seen so far, so that it does not jump
// about.

import { element } from './element.js';

export class LineCanvas {
  /** px */
  height = 0;
  element;
  #widest = 0;

  /** @param {...Node} parts */
  constructor(...parts) {
    this.element = element('div', { class: 'canvas' }, ...parts);
  }

  /**
   * @param {number} height px
   * @returns {boolean} whether it had another one
   */
  grow(height) {
    if (height === this.height) return false;
    this.height = height;
    this.element.style.height = `${height}px`;
    return true;
  }

  /**
   * Lines are not wrapped.
   *
   * @param {number} widest of them, px
   * @param {number} room px
   */
  widen(widest, room) {
    if (widest <= this.#widest) return;
    this.#widest = widest;
    this.element.style.width = widest > room ? `${widest}px` : '';
  }

  /** As wide as the list. */
  narrow() {
    this.#widest = 0;
    this.element.style.width = '';
  }
}
