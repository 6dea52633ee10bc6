// @ts-check
// The button that pauses and follows, which says what a click will do, and the pill that counts what came.

import { newLines } from '../model/wording.js';
import { setText } from './element.js';

/** @typedef {import('../model/following.js').Following} Following */

export class FollowControls {
  #button;
  #label;
  #pill;
  #following;

  /**
   * @param {{button: HTMLElement, label: HTMLElement, pill: HTMLElement}} elements
   * @param {Following} following
   */
  constructor({ button, label, pill }, following) {
    this.#button = button;
    this.#label = label;
    this.#pill = pill;
    this.#following = following;
    button.addEventListener('click', () => following.toggle());
    pill.addEventListener('click', () => following.follow());
    following.addEventListener('change', () => this.update());
    this.update();
  }

  update() {
    const { isFollowing, newLines: lines, newErrors } = this.#following;
    this.#button.classList.toggle('is-paused', !isFollowing);
    setText(this.#label, isFollowing ? 'Pause' : 'Follow');
    this.#pill.hidden = lines === 0;
    if (lines > 0) setText(this.#pill, newLines(lines, newErrors));
  }
}
