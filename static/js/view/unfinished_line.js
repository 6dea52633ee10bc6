// @ts-check
// Below the last row, while following: the line that has no end yet.

import { show } from '../model/ansi.js';

/** @typedef {import('../model/following.js').Following} Following */
/** @typedef {import('../model/unfinished.js').Unfinished} Unfinished */

const CHARACTERS_MAX = 1000;

export class UnfinishedLine {
  #line;
  #models;

  /**
   * @param {HTMLElement} line
   * @param {{unfinished: Unfinished, following: Following}} models
   */
  constructor(line, models) {
    this.#line = line;
    this.#models = models;
    models.unfinished.addEventListener('change', () => this.#update());
    models.following.addEventListener('change', () => this.#update());
  }

  #update() {
    const { newest } = this.#models.unfinished;
    this.#line.hidden = newest === null || !this.#models.following.isFollowing;
    this.#line.textContent = newest === null ? '' : show(newest.text.slice(0, CHARACTERS_MAX)).text;
    this.#line.title = newest === null ? '' : `The last line of ${newest.source} has no end yet`;
  }
}
