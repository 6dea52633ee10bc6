// @ts-check
// The scrollbar of the log: where the reader is in what the page holds, and where errors and warnings are.
// One row of pixels stands for many lines; the worst of them gives it its colour.

import { ERROR, WARN } from '../model/levels.js';
import { element } from './element.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('./line_list.js').LineList} LineList */

const BOX_MIN = 18;
const REPAINT_MS = 250;
const TICK_HEIGHT = 2;

export class OverviewStrip {
  #strip;
  #canvas = element('canvas');
  #box = element('div', { class: 'strip-box' });
  #lines;
  #list;
  #paintedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} strip
   * @param {{lines: Lines, list: LineList}} parts
   */
  constructor(strip, { lines, list }) {
    this.#strip = strip;
    this.#lines = lines;
    this.#list = list;
    strip.append(this.#canvas, this.#box);
    list.addEventListener('painted', () => this.#update());
    strip.addEventListener('pointerdown', (event) => this.#grab(event));
    strip.addEventListener('pointermove', (event) => {
      if (strip.hasPointerCapture(event.pointerId)) this.#jump(event);
    });
    new ResizeObserver(() => this.repaint()).observe(strip);
  }

  /** Draws the ticks again, for other colours or another size. */
  repaint() {
    this.#paintedAt = performance.now();
    const { clientWidth: width, clientHeight: height } = this.#strip;
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext('2d');
    if (context === null || height === 0) return;
    context.scale(scale, scale);
    const [warn, error] = ['--warn', '--error'].map((name) => this.#color(name));
    const worst = this.#worstPerPixel(height);
    for (const [least, color] of /** @type {const} */ ([[WARN, warn], [ERROR, error]])) {
      context.fillStyle = color;
      worst.forEach((level, y) => {
        if (level >= least) context.fillRect(3, y, width - 6, TICK_HEIGHT);
      });
    }
  }

  #update() {
    const { from, to } = this.#list.visiblePart;
    const height = this.#strip.clientHeight;
    const box = Math.max((to - from) * height, BOX_MIN);
    this.#box.style.height = `${box}px`;
    this.#box.style.transform = `translateY(${Math.min(from * height, height - box)}px)`;
    const percent = to - from >= 1 ? 100 : Math.round(from / (1 - (to - from)) * 100);
    this.#strip.setAttribute('aria-valuenow', String(Math.min(percent, 100)));
    this.#strip.classList.toggle('is-idle', to - from >= 1);
    this.#repaintSoon();
  }

  #repaintSoon() {
    if (this.#timer !== undefined) return;
    const wait = Math.max(this.#paintedAt + REPAINT_MS - performance.now(), 0);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.repaint();
    }, wait);
  }

  /** @param {number} height */
  #worstPerPixel(height) {
    const worst = new Uint8Array(Math.ceil(height));
    const { heights } = this.#list;
    const { total } = heights;
    for (const chunk of this.#lines.chunks) {
      const top = heights.top(chunk.first) / total * height;
      const bottom = heights.top(chunk.end) / total * height;
      for (let at = 0; at < chunk.count; at += 1) {
        const level = chunk.level[at];
        const y = Math.floor(top + (bottom - top) * at / chunk.count);
        if (level > worst[y]) worst[y] = level;
      }
    }
    return worst;
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (this.#lines.isEmpty || event.button !== 0) return;
    event.preventDefault();
    this.#strip.setPointerCapture(event.pointerId);
    this.#jump(event);
  }

  /** The middle of the screen goes where the pointer is. */
  #jump(/** @type {PointerEvent} */ event) {
    const { top, height } = this.#strip.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientY - top) / height, 0), 1);
    const { heights } = this.#list;
    this.#list.jump(heights.rowAt(share * heights.total), 1 / 2);
  }

  /** What a token of the style sheet comes to in the theme of the moment. */
  #color(/** @type {string} */ token) {
    this.#canvas.style.color = `var(${token})`;
    return getComputedStyle(this.#canvas).color;
  }
}
