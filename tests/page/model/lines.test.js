// What the page holds: bounded, in order, each line once, and never less than a paused reader is looking at.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lines } from '../../../static/js/model/lines.js';

/** Lines `from` to `to` of a file in which every line is ten bytes long. */
function batch(from, to, { source = 'app.log', segment = 'a1', text = (n) => `line ${n}`, ...rest } = {}) {
  const lines = [];
  for (let n = from; n < to; n += 1) lines.push({ offset: n * 10, text: text(n), ...rest });
  return { source, segment, end: to * 10, lines };
}

function texts(lines) {
  const found = [];
  for (let row = lines.first; row < lines.end; row += 1) {
    const mark = lines.markAt(row);
    found.push(mark === undefined ? lines.lineAt(row).text : mark.kind);
  }
  return found;
}

test('a line comes back as it was sent', () => {
  const lines = new Lines(undefined, 0);
  const line = { offset: 70, text: 'grüße 🦀 \u001b[1mx', time: 1763808422403, level: 'error', matches: [[1, 3], [6, 8]], cut: 70000, continues: true, lossy: true };
  lines.append({ source: 'app.log', segment: 'a1', end: 99, lines: [line] });
  const { row, source, segment, offset, text, time, level, matches, cut, continues, isLossy } = lines.lineAt(lines.first);
  assert.deepEqual(
    { row, source, segment, offset, text, time, level, matches, cut, continues, isLossy },
    { row: 0, source: 'app.log', segment: 'a1', offset: 70, text: line.text, time: line.time, level: 5, matches: line.matches, cut: 70000, continues: true, isLossy: true },
  );
});

test('an optional key that was absent is absent', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 1));
  const { time, level, matches, cut, continues } = lines.lineAt(0);
  assert.deepEqual({ time, level, matches, cut, continues }, { time: NaN, level: 0, matches: [], cut: undefined, continues: false });
});

test('a line sent twice is held once', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 5));
  lines.append(batch(3, 8));
  assert.deepEqual(texts(lines), ['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6', 'line 7']);
  assert.equal(lines.received, 8);
});

test('the same offset in another segment or source is another line', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 1));
  lines.append(batch(0, 1, { segment: 'b2' }));
  lines.append(batch(0, 1, { source: 'worker.log' }));
  assert.equal(lines.count, 3);
});

test('offsets begin again after a truncation', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 2));
  lines.mark({ kind: 'truncated', source: 'app.log', size: 20, time: 0 });
  lines.append(batch(0, 1));
  assert.deepEqual(texts(lines), ['line 0', 'line 1', 'truncated', 'line 0']);
});

test('the oldest rows go first, and the page knows that there were some', () => {
  const lines = new Lines({ lines: 5000, bytes: 1e9 }, 0);
  for (let n = 0; n < 20_000; n += 100) lines.append(batch(n, n + 100));
  assert.ok(lines.count <= 5000 && lines.count > 3900, `${lines.count} lines`);
  assert.equal(lines.lineAt(lines.end - 1).text, 'line 19999');
  assert.equal(lines.received, 20_000);
  assert.equal(lines.hasOlder, true);
});

test('size bounds the page as well as number', () => {
  const lines = new Lines({ lines: 1e9, bytes: 1_000_000 }, 0);
  for (let n = 0; n < 2000; n += 1) lines.append(batch(n, n + 1, { text: () => 'x'.repeat(5000) }));
  assert.ok(lines.bytes <= 1_000_000 + 100_000, `${lines.bytes} bytes`);
});

test('rows a paused reader sees are kept; when there is no more room, what comes is only counted', () => {
  const lines = new Lines({ lines: 4096, bytes: 1e9 }, 0);
  lines.append(batch(0, 1500));
  lines.hold([100, 160]);
  for (let n = 1500; n < 30_000; n += 100) lines.append(batch(n, n + 100));
  assert.equal(lines.lineAt(130).text, 'line 130');
  assert.equal(lines.isAttached, false);
  assert.equal(lines.received, 30_000);
  assert.ok(lines.count <= 4096);
  const held = texts(lines);
  assert.deepEqual(held, held.map((_, n) => `line ${n + Number(held[0].slice(5))}`));
});

test('what came is counted by level, also when it is gone', () => {
  const lines = new Lines({ lines: 2048, bytes: 1e9 }, 0);
  for (let n = 0; n < 5000; n += 100) lines.append(batch(n, n + 100, { level: n % 1000 === 0 ? 'fatal' : 'info' }));
  assert.equal(lines.receivedErrors, 500);
});

test('the next line of a level is found in both directions, across chunks and marks', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 3000));
  lines.append(batch(3000, 3001, { level: 'error' }));
  lines.mark({ kind: 'rotated', source: 'app.log', time: 0 });
  lines.append(batch(0, 3000, { segment: 'b2' }));
  assert.equal(lines.nextOfLevel(5, 1, 5), 3000);
  assert.equal(lines.nextOfLevel(lines.end - 1, -1, 5), 3000);
  assert.equal(lines.nextOfLevel(3000, 1, 5), -1);
});

test('the row of a position is the line itself or the last one before it', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(10, 20));
  assert.equal(lines.lineAt(lines.rowOf({ source: 'app.log', segment: 'a1', offset: 150 })).offset, 150);
  assert.equal(lines.lineAt(lines.rowOf({ source: 'app.log', segment: 'a1', offset: 155 })).offset, 150);
  assert.equal(lines.rowOf({ source: 'app.log', segment: 'a1', offset: 50 }), -1);
  assert.equal(lines.rowOf({ source: 'app.log', segment: 'zz', offset: 150 }), -1);
});

test('a reset forgets lines and offsets, and row numbers go on', () => {
  const lines = new Lines(undefined, 0);
  lines.append(batch(0, 10));
  lines.reset();
  assert.equal(lines.isEmpty, true);
  lines.append(batch(0, 1));
  assert.ok(lines.first > 9);
  assert.equal(lines.count, 1);
});

test('a line longer than a chunk is held whole', () => {
  const lines = new Lines(undefined, 0);
  const text = '€'.repeat(64 * 1024);
  lines.append(batch(0, 1, { text: () => text }));
  lines.append(batch(1, 2));
  assert.equal(lines.lineAt(0).text, text);
  assert.equal(lines.lineAt(1).text, 'line 1');
});

test('the head of a line is not left out where something in it was matched', () => {
  const lines = new Lines(undefined, 0);
  const line = { offset: 0, text: '2026-11-22T10:47:02Z ERROR boom', time: 1, level: 'error' };
  lines.append({ source: 'a', segment: 's', end: 0, lines: [line, { ...line, offset: 40, matches: [[21, 26]] }, { ...line, offset: 80, matches: [[27, 31]] }] });
  assert.deepEqual([0, 1, 2].map((row) => lines.lineAt(row).head), [27, 0, 27]);
});
