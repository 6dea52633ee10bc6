// @ts-check
// Lines per time as bars over the log, errors at the bottom. A click goes to a time, dragging keeps the filter to a
// stretch of it. The box shows what is on the screen.

import { barParts, summed } from '../model/timeline.js';
import { clock, counted, day, number, size } from '../model/wording.js';
import { byId, element, setText } from './element.js';

/** @typedef {import('../model/lines.js').Lines} Lines */
/** @typedef {import('../model/settings.js').Settings} Settings */
/** @typedef {import('../model/timeline.js').Timeline} Timeline */
/** @typedef {import('./filter_bar.js').FilterBar} FilterBar */
/** @typedef {import('./line_list.js').LineList} LineList */
/** @typedef {import('./navigation.js').Navigation} Navigation */

const COLUMN = 6;
const REPAINT_MS = 1000;
/** Shorter drags are clicks, px. */
const DRAG_MIN = 5;
/** The table for those who do not see the bars: so many rows, and as often anew. */
const ROWS = 24;
const LIST_MS = 5000;
/** Bars that end so short a time ago end now. */
const NOW_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

export class TimelineBar {
  #bar = byId('timeline', HTMLElement);
  #plot = byId('timeline-plot', HTMLElement);
  #from = byId('timeline-from', HTMLElement);
  #to = byId('timeline-to', HTMLElement);
  #canvas = element('canvas');
  #box = element('div', { class: 'time-box' });
  #chosen = element('div', { class: 'time-chosen', hidden: '' });
  #tip = element('div', { class: 'time-tip', hidden: '' });
  #table = byId('timeline-table', HTMLTableElement);
  #listedAt = Number.NEGATIVE_INFINITY;
  #timeline;
  #list;
  #lines;
  #settings;
  #navigation;
  #filterBar;
  /** @type {import('../model/timeline.js').Picture} */
  #picture = { from: 0, step: 1, buckets: [] };
  #pressedAt = -1;
  /** Where the mouse is over the bars, -1 elsewhere. */
  #pointedAt = -1;
  #cursor = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{timeline: Timeline, list: LineList, lines: Lines, settings: Settings, navigation: Navigation, filterBar: FilterBar}} parts */
  constructor({ timeline, list, lines, settings, navigation, filterBar }) {
    this.#navigation = navigation;
    this.#filterBar = filterBar;
    this.#timeline = timeline;
    this.#list = list;
    this.#lines = lines;
    this.#settings = settings;
    this.#plot.append(this.#canvas, this.#box, this.#chosen, this.#tip);
    timeline.addEventListener('change', () => {
      this.#listedAt = Number.NEGATIVE_INFINITY;
      this.repaint();
    });
    settings.addEventListener('change', () => this.repaint());
    lines.addEventListener('change', () => {
      this.#timer ??= setTimeout(() => this.repaint(), REPAINT_MS);
    });
    list.addEventListener('painted', () => this.#placeBox());
    this.#plot.addEventListener('pointerdown', (event) => this.#pressed(event));
    this.#plot.addEventListener('pointermove', (event) => this.#moved(event));
    this.#plot.addEventListener('pointerup', (event) => this.#released(event));
    this.#plot.addEventListener('pointerleave', () => {
      this.#pointedAt = -1;
      this.#tip.hidden = true;
    });
    this.#plot.addEventListener('keydown', (event) => this.#keyPressed(event));
    new ResizeObserver(() => this.repaint()).observe(this.#plot);
  }

  repaint() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#bar.hidden = !this.#settings.get('hasTimeline');
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (this.#bar.hidden || width === 0) return;
    this.#picture = this.#timeline.picture(Math.floor(width / COLUMN), Date.now());
    const { from, step, buckets } = this.#picture;
    const to = from + step * buckets.length;
    // Of nothing there is nothing to say.
    const [start, end] = to - from > 1 ? [from, to].map((value) => this.#label(value)) : ['', ''];
    setText(this.#from, start);
    const isNow = !this.#timeline.isOfBytes && to > Date.now() - NOW_MS && to - step < Date.now() + NOW_MS;
    setText(this.#to, this.#timeline.isLive ? 'now' : `${end}${isNow ? ' now' : ''}`);
    this.#bar.classList.toggle('is-rough', !this.#timeline.isExact);
    this.#draw(width, height);
    this.#placeBox();
    if (this.#pointedAt >= 0) this.#cursor = this.#indexAt(this.#pointedAt);
    this.#tell();
    this.#tabulate();
  }

  /** The same as a table. */
  #tabulate() {
    if (performance.now() - this.#listedAt < LIST_MS) return;
    this.#listedAt = performance.now();
    const { buckets } = this.#picture;
    const width = Math.max(Math.ceil(buckets.length / ROWS), 1);
    const rows = Array.from({ length: Math.ceil(buckets.length / width) }, (_, at) => {
      const { total, error, warn } = summed(buckets.slice(at * width, (at + 1) * width));
      const cells = [total, error, warn].map((count) => element('td', {}, number(count)));
      return element('tr', {}, element('th', {}, this.#stretch(at * width, width)), ...cells);
    });
    this.#table.tBodies[0].replaceChildren(...rows);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #draw(width, height) {
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.scale(scale, scale);
    const { buckets } = this.#picture;
    const most = Math.max(...buckets.map(({ total }) => total), 1);
    const colors = ['--error', '--warn', '--field-edge'].map((token) => {
      this.#canvas.style.color = `var(${token})`;
      return getComputedStyle(this.#canvas).color;
    });
    buckets.forEach((bucket, index) => {
      let bottom = height;
      const left = Math.round(this.#x(index, width));
      const breadth = Math.max(Math.round(this.#x(index + 1, width)) - left - 1, 1);
      barParts(bucket, most, height - 2).forEach((part, at) => {
        context.fillStyle = colors[at];
        context.fillRect(left, bottom - part, breadth, part);
        bottom -= part;
      });
    });
  }

  /**
   * @param {number} index
   * @param {number} [width]
   */
  #x(index, width = this.#plot.clientWidth) {
    return index / this.#picture.buckets.length * width;
  }

  /** @param {number} value a time or byte */
  #label(value) {
    if (this.#timeline.isOfBytes) return size(value);
    const isUtc = this.#settings.get('time') === 'utc';
    const { step, buckets } = this.#picture;
    const isLong = step * buckets.length > DAY_MS;
    return isLong ? day(value, isUtc).slice(5) : clock(value, isUtc).slice(0, step * buckets.length > 600_000 ? 5 : 8);
  }

  #placeBox() {
    if (this.#bar.hidden) return;
    const [first, last] = [this.#valueOf(this.#list.topRow, 1), this.#valueOf(this.#list.bottomRow, -1)];
    const { from, step, buckets } = this.#picture;
    this.#box.hidden = !(last >= from && first <= from + step * buckets.length);
    if (this.#box.hidden) return;
    const width = this.#plot.clientWidth;
    const place = (/** @type {number} */ value) => Math.min(Math.max((value - from) / (step * buckets.length), 0), 1) * width;
    const breadth = Math.max(place(last) - place(first), COLUMN);
    this.#box.style.width = `${breadth}px`;
    this.#box.style.transform = `translateX(${Math.min(place(first), width - breadth)}px)`;
  }

  /**
   * The time of the row or the next one that has one.
   *
   * @param {number} row
   * @param {1 | -1} direction
   */
  #valueOf(row, direction) {
    if (row < 0 || this.#timeline.isOfBytes) return Number.NaN;
    const found = this.#lines.nextRow(row - direction, direction, (chunk, at) => !Number.isNaN(chunk.time[at]));
    return found < 0 ? Number.NaN : this.#lines.lineAt(found).time;
  }

  /** @param {number} clientX */
  #indexAt(clientX) {
    const { left, width } = this.#plot.getBoundingClientRect();
    const index = Math.floor((clientX - left) / width * this.#picture.buckets.length);
    return Math.min(Math.max(index, 0), this.#picture.buckets.length - 1);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0) return;
    this.#pressedAt = event.clientX;
    this.#plot.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #moved({ clientX }) {
    this.#pointedAt = clientX;
    this.#cursor = this.#indexAt(clientX);
    this.#tell();
    this.#tip.hidden = false;
    const { left, width } = this.#plot.getBoundingClientRect();
    this.#tip.style.transform = `translateX(clamp(0px, ${clientX - left}px - 50%, ${width}px - 100%))`;
    const isDragging = this.#pressedAt >= 0 && Math.abs(clientX - this.#pressedAt) >= DRAG_MIN;
    this.#chosen.hidden = !isDragging;
    if (!isDragging) return;
    const [first, last] = this.#dragged(clientX);
    this.#chosen.style.transform = `translateX(${this.#x(first)}px)`;
    this.#chosen.style.width = `${this.#x(last + 1) - this.#x(first)}px`;
  }

  /** @param {PointerEvent} event */
  #released({ clientX }) {
    if (this.#pressedAt < 0) return;
    const [first, last] = this.#dragged(clientX);
    const isDrag = Math.abs(clientX - this.#pressedAt) >= DRAG_MIN;
    this.#pressedAt = -1;
    this.#chosen.hidden = true;
    if (!isDrag || this.#timeline.isOfBytes) this.#want(this.#indexAt(clientX));
    else this.#filterBar.limit(this.#timeAt(first), this.#timeAt(last + 1));
  }

  /** @param {number} clientX */
  #dragged(clientX) {
    return [this.#indexAt(this.#pressedAt), this.#indexAt(clientX)].sort((a, b) => a - b);
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') this.#filterBar.limit('', '');
    if (event.key === 'Enter') this.#want(this.#cursor);
    else if (step === undefined) return;
    else this.#cursor = Math.min(Math.max(this.#cursor + step, 0), this.#picture.buckets.length - 1);
    this.#tell();
    event.preventDefault();
  }

  /** @param {number} index */
  #want(index) {
    const value = this.#valueAt(index);
    this.#navigation.toDestination(this.#timeline.isOfBytes ? { byte: value } : { time: String(value) });
  }

  /** @param {number} index */
  #timeAt(index) {
    return new Date(this.#valueAt(index)).toISOString();
  }

  /** @param {number} index */
  #valueAt(index) {
    return this.#picture.from + index * this.#picture.step;
  }

  /**
   * What bars stand for, in words.
   *
   * @param {number} index of the first
   * @param {number} count
   */
  #stretch(index, count) {
    const { step } = this.#picture;
    const isUtc = this.#settings.get('time') === 'utc';
    const [from, to] = [this.#valueAt(index), this.#valueAt(index + count)];
    if (this.#timeline.isOfBytes) return `${size(from)} to ${size(to)}`;
    const time = (/** @type {number} */ value) => (step < DAY_MS ? clock(value, isUtc).slice(0, 8) : day(value, isUtc));
    return `${day(from, isUtc)} ${time(from)} to ${time(to)}`;
  }

  /** Says what the bar at the cursor stands for. */
  #tell() {
    const { buckets } = this.#picture;
    const bucket = buckets[this.#cursor];
    if (bucket === undefined) return;
    const parts = [counted(bucket.total, 'line'), bucket.error > 0 ? counted(bucket.error, 'error') : '', bucket.warn > 0 ? counted(bucket.warn, 'warning') : ''];
    const text = `${this.#stretch(this.#cursor, 1)}: ${this.#timeline.isExact ? '' : 'about '}${parts.filter(Boolean).join(', ')}`;
    setText(this.#tip, text);
    this.#plot.setAttribute('aria-valuemax', String(buckets.length - 1));
    this.#plot.setAttribute('aria-valuenow', String(this.#cursor));
    this.#plot.setAttribute('aria-valuetext', text);
  }
}
