// @ts-check
// Who comes back sees where they had been, and what came since; also that the program is another one by now.

import { ago, sinceText } from '../model/wording.js';
import { isServed } from '../wire/api.js';

/** @typedef {import('../page.js').Page} Page */

/** Who comes back sooner knows where they were. */
const MOMENT_MS = 60_000;

/** @param {Page} page */
export function connectVisits({ visits, lines, list, following, reader, reception, navigation, notices, opened, worker }) {
  /** Nothing was said yet since the page was opened. */
  let isFirst = opened.link === null;
  let wasAway = false;

  const view = () => JSON.stringify(reader.parameters);

  function leave() {
    if (lines.isEmpty || (following.isFollowing && !lines.isAttached)) return;
    const last = following.isFollowing ? lines.end : list.bottomRow + 1;
    const row = lines.nextRow(last, -1, () => true);
    if (row >= 0) visits.leave(view(), lines.lineAt(row));
  }

  async function comeBack() {
    const left = visits.left(view(), MOMENT_MS);
    if (left === null) return;
    const row = lines.exactRowOf(left);
    const since = row >= 0 ? lines.after(row) : await reader.countSince(left.time);
    if (since?.lines === 0) return;
    /** @type {import('../model/lines.js').Mark} */
    const mark = { kind: 'left', source: left.source, segment: left.segment, at: left.at, since };
    const run = async () => {
      await navigation.toLine(left, 1 / 3);
      lines.markLeft(left, mark);
    };
    lines.markLeft(left, mark);
    notices.toast(`You were here ${ago(Date.now() - left.at)}${sinceText(since)}`, [{ label: 'Go there', run }]);
  }

  reception.addEventListener('began', () => {
    if (isFirst) comeBack();
    isFirst = false;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) leave();
    else comeBack();
  });
  addEventListener('pagehide', leave);

  reader.addEventListener('connection', async () => {
    const { phase } = reader.connection;
    if (phase === 'waiting') wasAway = true;
    if (phase !== 'open' || !wasAway) return;
    wasAway = false;
    // A script has another address in another version.
    if (await isServed(worker)) return;
    notices.toast('logstream was updated.', [{ label: 'Reload', run: () => location.reload() }], true);
  });
}
