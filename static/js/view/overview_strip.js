// @ts-check
// The scrollbar of the log: all bytes of all its files, where the reader is in them, and where errors, warnings and
// hits are, as far as that is known. One row of pixels stands for many lines; the worst of them gives it its colour.
// Of what is not here, the lines that the server counted per time tell the worst of each stretch and how many those
// are, in paler colours.

import { ERROR, WARN } from '../model/levels.js';
import { summed } from '../model/timeline.js';
import { element } from './element.js';

/** @typedef {import('../model/extent.js').Extent} Extent */
/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('./line_list.js').LineList} LineList */

const BOX_MIN = 18;
const REPAINT_MS = 250;
const TICK_HEIGHT = 2;
/** So many stretches of the log are told apart where its lines are not here. */
const STRETCHES = 120;
const PALE = 0.6;

/** Dispatches `wanted` with a share of the log, again and again while the reader drags, and `settled` at the end. */
export class OverviewStrip extends EventTarget {
  #strip;
  #canvas = element('canvas');
  #box = element('div', { class: 'strip-box' });
  #lines;
  #list;
  #extent;
  #hits;
  #marks;
  #timeline;
  #reader;
  #paintedAt = 0;
  #isDragging = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} strip
   * @param {object} parts
   * @param {Lines} parts.lines
   * @param {LineList} parts.list
   * @param {Extent} parts.extent
   * @param {import('../model/hits.js').Hits} parts.hits
   * @param {import('../model/marks.js').Marks} parts.marks
   * @param {import('../model/timeline.js').Timeline} parts.timeline
   * @param {{filter: import('../model/filter.js').Filter}} parts.reader
   */
  constructor(strip, { lines, list, extent, hits, marks, timeline, reader }) {
    super();
    this.#strip = strip;
    this.#lines = lines;
    this.#list = list;
    this.#extent = extent;
    this.#hits = hits;
    this.#marks = marks;
    this.#timeline = timeline;
    this.#reader = reader;
    timeline.addEventListener('change', () => this.update());
    strip.append(this.#canvas, this.#box);
    list.addEventListener('painted', () => this.update());
    strip.addEventListener('pointerdown', (event) => this.#grab(event));
    strip.addEventListener('pointermove', (event) => {
      if (this.#isDragging) this.#want(event);
    });
    strip.addEventListener('lostpointercapture', () => {
      this.#isDragging = false;
      this.dispatchEvent(new Event('settled'));
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
    this.#paintCounted(context, width, height);
    const worst = this.#worstPerPixel(height);
    for (const [least, token] of /** @type {const} */ ([[WARN, '--warn'], [ERROR, '--error']])) {
      context.fillStyle = this.#color(token);
      worst.forEach((level, y) => {
        if (level >= least) context.fillRect(4, y, width - 6, TICK_HEIGHT);
      });
    }
    for (const [token, places, left] of /** @type {const} */ ([['--hit', this.#hits.all, 0], ['--accent', this.#marks.all, width - 5]])) {
      context.fillStyle = this.#color(token);
      for (const place of places) {
        const share = this.#extent.share(place);
        if (share !== null) context.fillRect(left, Math.floor(share * (height - TICK_HEIGHT)), 5, TICK_HEIGHT);
      }
    }
  }

  update() {
    if (!this.#isDragging) this.#show(this.#visiblePart());
    if (this.#timer !== undefined) return;
    const wait = Math.max(this.#paintedAt + REPAINT_MS - performance.now(), 0);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.repaint();
    }, wait);
  }

  /** @param {{from: number, to: number}} part of the log that is on the screen */
  #show({ from, to }) {
    const height = this.#strip.clientHeight;
    const box = Math.min(Math.max((to - from) * height, BOX_MIN), height);
    this.#box.style.height = `${box}px`;
    this.#box.style.transform = `translateY(${to - from >= 1 ? 0 : from / (1 - (to - from)) * (height - box)}px)`;
    const percent = to - from >= 1 ? 100 : Math.round(from / (1 - (to - from)) * 100);
    this.#strip.setAttribute('aria-valuenow', String(Math.min(percent, 100)));
    this.#strip.classList.toggle('is-idle', to - from >= 1);
  }

  #visiblePart() {
    const { topRow, bottomRow } = this.#list;
    if (topRow < 0) return { from: 0, to: 1 };
    const isAtStart = topRow === this.#lines.first && this.#lines.older === null;
    const isAtEnd = bottomRow >= this.#lines.end - 1 && this.#lines.isAttached;
    const from = isAtStart ? 0 : this.#extent.shareOfRow(this.#lines, topRow) ?? 0;
    const to = isAtEnd ? 1 : this.#extent.shareOfRow(this.#lines, bottomRow) ?? 1;
    return { from, to: Math.max(from, to) };
  }

  /**
   * What the server counted, outside the lines that are here: in the order of times, a share of the lines is about the
   * same share of the bytes. A tick is as high as the lines of its level would be together.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   */
  #paintCounted(context, width, height) {
    if (this.#timeline.isLive || !this.#reader.filter.isEmpty) return;
    const { buckets } = this.#timeline.picture(STRETCHES, Date.now());
    const { total } = summed(buckets);
    const [error, warn] = [this.#color('--error'), this.#color('--warn')];
    context.globalAlpha = PALE;
    let before = 0;
    for (const bucket of buckets) {
      const top = before / total * height;
      before += bucket.total;
      const worst = bucket.error || bucket.warn;
      context.fillStyle = bucket.error > 0 ? error : warn;
      if (worst > 0) context.fillRect(4, top, width - 6, Math.max(worst / total * height, TICK_HEIGHT));
    }
    context.globalAlpha = 1;
    const [from, to] = [this.#lines.first, this.#lines.end - 1].map((row) => this.#extent.shareOfRow(this.#lines, row));
    if (from !== null && to !== null) context.clearRect(0, from * height, width, ((this.#lines.isAttached ? 1 : to) - from) * height);
  }

  /** @param {number} height */
  #worstPerPixel(height) {
    const worst = new Uint8Array(Math.ceil(height));
    for (const chunk of this.#lines.chunks) {
      let y = 0;
      for (let at = 0; at < chunk.count; at += 1) {
        const level = chunk.level[at];
        if (level < WARN) continue;
        const { source, segment } = this.#lines.origins.at(chunk.origin[at]);
        const share = this.#extent.share({ source, segment, offset: chunk.offset[at] });
        if (share !== null) y = Math.min(Math.floor(share * height), worst.length - 1);
        if (level > worst[y]) worst[y] = level;
      }
    }
    return worst;
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (this.#extent.total === 0 || event.button !== 0) return;
    event.preventDefault();
    this.#isDragging = true;
    this.#strip.setPointerCapture(event.pointerId);
    this.#want(event);
  }

  /** The middle of the screen goes where the pointer is. */
  #want(/** @type {PointerEvent} */ event) {
    const { top, height } = this.#strip.getBoundingClientRect();
    const { from, to } = this.#visiblePart();
    const share = Math.min(Math.max((event.clientY - top) / height, 0), 1);
    const length = Math.min(to - from, 1);
    const start = Math.min(Math.max(share - length / 2, 0), 1 - length);
    this.#show({ from: start, to: start + length });
    this.dispatchEvent(new CustomEvent('wanted', { detail: share }));
  }

  /** What a token of the style sheet comes to in the theme of the moment. */
  #color(/** @type {string} */ token) {
    this.#canvas.style.color = `var(${token})`;
    return getComputedStyle(this.#canvas).color;
  }
}
