// @ts-check
// What the page says of its own condition: once a second, and when something changes.

import { size } from '../model/wording.js';

/** @typedef {import('../page.js').Page} Page */

const TICK_MS = 1000;
const COUNTS_MS = 200;

/** @param {Page} page */
export function connectCondition(page) {
  const { reader, reception, following, sources, lines, list, extent, activity, hiddenCount, controls, condition, levelGroup, statusBar, timeline } = page;

  /** Lines that had come when the page began. */
  let first = 0;

  /** In which order lines of several sources stand: as they came, further up by what they say of themselves. */
  function order() {
    if (sources.shown.length < 2 || timeline.isOfBytes || lines.isEmpty) return '';
    const isAsTheyCame = !reception.isBeginning && lines.isAttached && list.topRow >= lines.end - (lines.received - first);
    return isAsTheyCame ? 'merged by arrival' : 'merged by time';
  }

  function tick() {
    activity.tick(Date.now());
    hiddenCount.tick();
    condition.tick();
    // A page that could not be had is asked for again.
    list.invalidate();
    controls.update();
  }

  function updateCounts() {
    controls.update();
    levelGroup.updateCounts();
    const share = extent.shareOfRow(lines, list.topRow);
    const { total } = extent;
    statusBar.showHeld(lines, order(), share === null ? '' : `@ ${size(Math.round(share * total))} of ${size(total)}`);
  }

  following.addEventListener('change', () => {
    if (following.isFollowing) condition.note('');
    tick();
  });
  reader.addEventListener('connection', tick);
  sources.addEventListener('change', () => condition.update());
  reception.addEventListener('began', () => {
    first = lines.received;
    condition.update();
  });
  hiddenCount.addEventListener('change', () => statusBar.showHidden(hiddenCount.counts));
  statusBar.addEventListener('retry', () => reader.retry());
  setInterval(tick, TICK_MS);
  setInterval(updateCounts, COUNTS_MS);
}
