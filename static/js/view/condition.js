// @ts-check
// What the page says of its own condition, once a second and when something changes: the state chip, the title and
// icon of the tab, the banner, and the words in the place of lines where there are none.

import { status } from '../model/status.js';
import { counted, size } from '../model/wording.js';
import { byId } from './element.js';

/** @typedef {import('./notices.js').Action} Action */

/**
 * @typedef {object} Parts
 * @property {import('../model/lines.js').Lines} lines
 * @property {import('../model/following.js').Following} following
 * @property {import('../model/reception.js').Reception} reception
 * @property {import('../model/rate.js').Rate} rate
 * @property {import('../model/sources.js').Sources} sources
 * @property {{connection: import('../wire/stream.js').Connection, filter: import('../model/filter.js').Filter, title: string}} reader
 * @property {import('../model/extent.js').Extent} extent
 * @property {{counts: {all: number} | null}} hiddenCount
 * @property {import('./notices.js').Notices} notices
 * @property {import('./status_bar.js').StatusBar} statusBar
 * @property {import('./tab_sign.js').TabSign} tabSign
 */

const HELD_BACK = 'For 20 s nothing came: a proxy between this page and the server may hold lines back (buffering). Turn it off there, in nginx with proxy_buffering off.';

/** Dispatches `unfiltered` when the reader wants no filter any more. */
export class Condition extends EventTarget {
  #parts;
  #firstRun = byId('first-run', HTMLElement);
  /** What is to be said of the place that is shown. @type {[string, Action[]]} */
  #note = ['', []];

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
  }

  /**
   * Says something of the place that is shown, until it is left.
   *
   * @param {string} text '' for nothing
   * @param {Action[]} [actions]
   */
  note(text, actions = []) {
    const close = { label: 'Close', run: () => this.note('') };
    this.#note = [text, text === '' ? [] : [...actions, close]];
    this.update();
  }

  tick() {
    const { lines, following, reception, rate, sources, statusBar, tabSign } = this.#parts;
    const { connection, filter, title } = this.#parts.reader;
    const now = Date.now();
    reception.tick();
    // What a subscription begins with was there already.
    if (!reception.isBeginning) rate.update(lines.received, now);
    const current = status({
      connection,
      sources: sources.state,
      isFollowing: following.isFollowing,
      isSelecting: following.isSelecting,
      isFiltered: !filter.isEmpty,
      isSkipping: reception.isSkipping,
      newLines: following.newLines,
      perSecond: rate.perSecond,
      lastLineAt: reception.lastLineAt,
      now,
    });
    statusBar.show(current, reception.behind);
    tabSign.show(current, title || sources.label);
    this.update();
  }

  /** The banner and the words in the place of lines. */
  update() {
    const { lines, reception, sources, notices } = this.#parts;
    const { connection, filter } = this.#parts.reader;
    const isOpen = connection.phase === 'open';
    if (connection.isHeldBack) notices.banner(HELD_BACK);
    else if (isOpen && this.#note[0] !== '') notices.banner(...this.#note);
    else if (isOpen) notices.banner(sources.complaints.join(' '));
    const clear = { label: 'Clear filter', run: () => this.dispatchEvent(new Event('unfiltered')) };
    const isReady = !reception.isBeginning && lines.isEmpty && isOpen;
    this.#firstRun.hidden = !(isReady && sources.all.length === 0);
    if (!isReady || sources.all.length === 0 || sources.state !== 'live') notices.empty('');
    else if (lines.isCleared) notices.empty('The screen was cleared. New lines will appear here.', [{ label: 'Show them again', run: () => lines.restore() }]);
    else if (filter.isEmpty) notices.empty(this.#emptyText());
    else notices.empty(lines.older === null ? this.#nothingText() : this.#soFarText(), [clear]);
  }

  /** Everything was looked through. */
  #nothingText() {
    const { extent, hiddenCount } = this.#parts;
    const lines = hiddenCount.counts === null ? '' : ` (${counted(hiddenCount.counts.all, 'line')})`;
    return `No match in ${size(extent.total + extent.others)}${lines}.`;
  }

  /** As far up as was looked; of several sources the place is not known. */
  #soFarText() {
    const { extent, lines, reader } = this.#parts;
    const [segment, offset] = lines.older?.split('.') ?? [];
    const share = extent.share({ source: extent.source, segment, offset: Number(offset) });
    const what = reader.filter.description;
    if (share === null || share === 1) return `Looking further up for ${what}…`;
    return `No line of the last ${size(Math.round((1 - share) * extent.total))} matches ${what}. Looking further up…`;
  }

  #emptyText() {
    const { sources } = this.#parts;
    const isEmpty = sources.shown.every(({ size }) => size === 0);
    if (!isEmpty) return 'No lines yet. New lines will appear here.';
    const those = sources.shown.length === 1 ? `${sources.label} is` : `These ${sources.shown.length} sources are`;
    return `${those} empty. New lines will appear here.`;
  }
}
