// What the page says of itself and of what happened, in the words it is to use.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '../../../static/js/model/status.js';
import { ago, markText, newLines, shortNumber, size } from '../../../static/js/model/wording.js';

const OPEN = { phase: 'open', attempt: 0, retryAt: 0, isStopped: false };
const LIVE = {
  connection: OPEN,
  sources: 'live',
  isFollowing: true,
  isSelecting: false,
  isFiltered: false,
  isSkipping: false,
  newLines: 0,
  perSecond: 312,
  lastLineAt: 1000,
  now: 1000,
};

function check(facts, expectedState, expectedText, expectedPrefix) {
  const { state, symbol, text, detail, titlePrefix } = status({ ...LIVE, ...facts });
  assert.deepEqual([state, `${symbol} ${text} ${detail}`.trim(), titlePrefix], [expectedState, expectedText, expectedPrefix]);
}

test('live', () => check({}, 'live', '● LIVE 312 lines/s', '● '));
test('live and filtered', () => check({ isFiltered: true }, 'live', '● LIVE (filtered) 312 lines/s', '● '));
test('live at a huge rate', () => check({ perSecond: 84_000, isSkipping: true }, 'live', '● LIVE 84k lines/s · skipping', '● '));
test('live and quiet', () => check({ perSecond: 0, now: 200_000 }, 'live', '● LIVE last line 3 min ago', '● '));
test('paused', () => check({ isFollowing: false, newLines: 1204 }, 'paused', '❚❚ PAUSED 312 lines/s', '(1,204) '));
test('paused by selecting', () => {
  check({ isFollowing: false, isSelecting: true }, 'paused', '❚❚ PAUSED (selecting) 312 lines/s', '');
});
test('waiting for a file', () => check({ sources: 'waiting' }, 'waiting', '○ WAITING', '○ '));
test('a file that may not be read', () => check({ sources: 'error' }, 'error', '▲ ERROR', '▲ '));
test('connecting', () => check({ connection: { ...OPEN, phase: 'connecting' } }, 'connecting', '◌ Connecting…', '… '));
test('reconnecting', () => {
  const connection = { ...OPEN, phase: 'waiting', attempt: 2, retryAt: 3500 };
  check({ connection }, 'reconnecting', '◌ Reconnecting in 3 s (2)', '… ');
});
test('the server has stopped', () => {
  const connection = { ...OPEN, phase: 'waiting', attempt: 1, isStopped: true };
  check({ connection }, 'offline', '○ OFFLINE — server stopped', '○ ');
});

test('the pill', () => {
  assert.equal(newLines(1, 0), '↓ 1 new line');
  assert.equal(newLines(1204, 3), '↓ 1,204 new lines · 3 errors');
  assert.equal(newLines(2, 1), '↓ 2 new lines · 1 error');
  assert.equal(newLines(100_000, 9), '↓ 100k+ new');
});

test('gaps say how much is missing, why, and whether it is lost', () => {
  const gap = { kind: 'gap', source: 'app.log', reason: 'lag', loadable: true };
  assert.equal(markText({ ...gap, lines: 8412 }), '⤓ 8,412 lines not shown — arrived faster than the page could read.');
  assert.equal(markText({ ...gap, from: 0, to: 3.1e6 }), '⤓ 3.1 MB of app.log not shown — arrived faster than the page could read.');
  assert.equal(
    markText({ ...gap, lines: 1, reason: 'rotated', loadable: false }),
    '✂ 1 line lost — the file was replaced before they were read.',
  );
  assert.equal(markText({ ...gap, reason: 'later', loadable: false }), '✂ Lines of app.log lost — they can no longer be read.');
});

test('rotations and truncations', () => {
  const time = new Date(2026, 10, 22, 10, 48).getTime();
  assert.equal(
    markText({ kind: 'rotated', source: 'app.log', name: 'app.log.1', time }),
    '— app.log was rotated at 10:48:00 · previous file: app.log.1',
  );
  assert.equal(markText({ kind: 'truncated', source: 'app.log', size: 3.1e9, time }), '— app.log was emptied at 10:48:00 (was 3.1 GB) —');
});

test('figures', () => {
  assert.deepEqual([0, 9999, 41_200, 999_999, 1.2e6].map(shortNumber), ['0', '9,999', '41k', '1.0M', '1.2M']);
  assert.deepEqual([1, 999, 1000, 64_000, 3.07e9].map(size), ['1 byte', '999 bytes', '1.0 KB', '64 KB', '3.1 GB']);
  assert.deepEqual([12_000, 180_000, 7.3e6, 5e8].map(ago), ['12 s ago', '3 min ago', '2 h ago', '5 days ago']);
});
