// @ts-check
// The button that pauses and follows, which says what a click will do, and the pill that counts what came.

import { newLines } from '../model/wording.js';
import { setText } from './element.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/lines.js').Lines} Lines */

export class FollowControls {
  #button;
  #label;
  #pill;
  #following;
  #lines;

  /**
   * @param {{button: HTMLElement, label: HTMLElement, pill: HTMLElement}} elements
   * @param {{following: Following, lines: Lines}} models
   */
  constructor({ button, label, pill }, { following, lines }) {
    this.#button = button;
    this.#label = label;
    this.#pill = pill;
    this.#following = following;
    this.#lines = lines;
    button.addEventListener('click', () => following.toggle());
    pill.addEventListener('click', () => following.follow());
    following.addEventListener('change', () => this.update());
    this.update();
  }

  update() {
    const { isFollowing, newLines: lines, newErrors } = this.#following;
    this.#button.classList.toggle('is-paused', !isFollowing);
    setText(this.#label, isFollowing ? 'Pause' : 'Follow');
    const isAway = !isFollowing && !this.#lines.isAttached;
    this.#pill.hidden = lines === 0 && !isAway;
    if (!this.#pill.hidden) setText(this.#pill, lines > 0 ? newLines(lines, newErrors) : '↓ follow live');
  }
}
