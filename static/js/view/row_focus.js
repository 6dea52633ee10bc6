// @ts-check
// The focus of the list: on its current row where there is one, so that this row is read aloud, and otherwise on the
// list itself. There is one stop for the key Tab.

export class RowFocus {
  #scroller;
  #box;

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} box in which the rows are
   */
  constructor(scroller, box) {
    this.#scroller = scroller;
    this.#box = box;
  }

  get isHere() {
    const { activeElement } = document;
    return activeElement === this.#scroller || activeElement?.parentNode === this.#box;
  }

  /**
   * Rows were drawn.
   *
   * @param {boolean} hadFocus before that
   * @param {HTMLElement | undefined} row the current one
   */
  keep(hadFocus, row) {
    const stop = row === undefined ? 0 : -1;
    if (this.#scroller.tabIndex !== stop) this.#scroller.tabIndex = stop;
    const target = row ?? this.#scroller;
    if (hadFocus && document.activeElement !== target) target.focus({ preventScroll: true });
  }
}
