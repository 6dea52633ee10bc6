// @ts-check
// The live end: what the stream brings, and what becomes of it while the reader is elsewhere.

import { counted, second } from '../model/wording.js';
import { detailOf } from '../page.js';

/** @typedef {import('../page.js').Page} Page */

/** @param {Page} page */
export function connectStream(page) {
  const { announcer, newest, reader, reception, following, lines, list, pager, rate, activity, hiddenCount, sources, extent, timeline, strip, notices, filterBar } = page;
  /** The stream was begun anew to get back to the live end. */
  let isReturning = false;

  reader.listen({
    log: (event, id) => {
      // What a subscription begins with was counted by the server.
      const { isBeginning } = reception;
      reception.log(event, id);
      activity.heard(event.source, event.lines.length, Date.now());
      if (!isBeginning) timeline.add(event.lines);
      if (!extent.grow(event.source, event.segment, event.end)) reader.refreshSourcesSoon();
    },
    gap: (event) => reception.gap(event),
    rotated: (event) => reception.rotated(event),
    truncated: (event) => reception.truncated(event),
    partial: (event) => reception.unfinished.tell(event),
    ping: (event, id) => {
      hiddenCount.grown(event.head);
      reception.ping(event, id);
    },
    source: (event) => sources.update(event),
    joined: (page, id) => reception.beginWith(page, id),
  });
  document.addEventListener('visibilitychange', () => reader.show(!document.hidden));
  addEventListener('pagehide', () => reader.leave());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) reader.again();
  });
  reader.addEventListener('connection', () => {
    const { phase, attempt } = reader.connection;
    if (phase === 'waiting' && attempt === 1) reception.resume();
    if (phase === 'waiting' && attempt === 2) reader.explainFailure();
    const isAway = phase === 'waiting' || (phase === 'connecting' && attempt > 0);
    const last = reception.lastLineAt;
    list.markStale(isAway && last !== null ? `last received ${second(last)}` : '');
  });
  sources.addEventListener('change', () => {
    extent.measure(sources.shown);
    strip.update();
  });
  following.addEventListener('change', () => {
    if (!following.isFollowing || lines.isAttached || isReturning) return;
    // From a place far away: the stream begins anew with the newest lines.
    isReturning = true;
    pager.forget();
    reader.begin();
  });
  reception.addEventListener('began', (event) => {
    isReturning = false;
    if (detailOf(event)) following.startCounting();
    rate.restart();
    announcer.restart();
    activity.restart();
  });
  list.addEventListener('painted', () => {
    if (!reception.isBeginning && !isReturning) pager.look(list.topRow, list.bottomRow);
  });
  reception.addEventListener('flooded', () => {
    const actions = [{ label: 'Filter', run: () => filterBar.focus() }, { label: 'Pause', run: () => following.pause() }];
    notices.toast('Too fast to show every line; nothing is lost.', actions);
  });
  reception.addEventListener('caughtup', (event) => {
    notices.toast(`Caught up: ${counted(detailOf(event), 'line')} while away`);
  });
  addEventListener('online', () => reader.retry());
  newest.then((first) => {
    if (first === null || !following.isFollowing) return;
    reception.preview(first);
    announcer.restart();
  });
}
