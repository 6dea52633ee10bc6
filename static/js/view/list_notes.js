// @ts-check
// What is said above the first row of the list and below the last one.

import { element } from './element.js';

export class ListNotes {
  older = element('div', { class: 'older', hidden: '' }, 'Loading older lines…');
  stale = element('div', { class: 'stale', hidden: '' });

  /**
   * Says under the last row that nothing was received since, '' when all is well.
   *
   * @param {string} text
   */
  markStale(text) {
    this.stale.textContent = text;
    this.stale.hidden = text === '';
  }

  /**
   * @param {boolean} hasOlder
   * @param {(() => [number, number]) | null} ends where the rows begin and end on the canvas, where there are any
   */
  place(hasOlder, ends) {
    this.older.hidden = !hasOlder;
    if (ends === null || (this.older.hidden && this.stale.hidden)) return;
    const [start, end] = ends();
    this.older.style.transform = `translateY(${Math.max(start, -1000)}px)`;
    this.stale.style.transform = `translateY(${end}px)`;
  }
}
