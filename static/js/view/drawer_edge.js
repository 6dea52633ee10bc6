// @ts-check
// The upper edge of the drawer: dragged, or moved with the arrow keys, it makes the list below it higher or lower.

const STEP = 24;
const LEAST = 60;

export class DrawerEdge {
  #edge;
  #list;

  /**
   * @param {HTMLElement} edge
   * @param {HTMLElement} list whose height it sets
   */
  constructor(edge, list) {
    this.#edge = edge;
    this.#list = list;
    edge.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      edge.setPointerCapture(event.pointerId);
    });
    edge.addEventListener('pointermove', ({ pointerId, clientY }) => {
      if (edge.hasPointerCapture(pointerId)) this.#become(list.getBoundingClientRect().bottom - clientY);
    });
    edge.addEventListener('keydown', (event) => {
      const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#become(list.offsetHeight + step);
    });
    new ResizeObserver(() => this.#tell()).observe(list);
  }

  /** @param {number} height px */
  #become(height) {
    this.#list.style.height = `${Math.round(Math.min(Math.max(height, LEAST), innerHeight * 0.6))}px`;
  }

  #tell() {
    this.#edge.setAttribute('aria-valuenow', String(Math.round(this.#list.clientHeight / innerHeight * 100)));
  }
}
