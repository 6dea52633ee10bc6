// What a search of the whole log found, and which hit comes next.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hits } from '../../../static/js/model/hits.js';

const hit = (segment, offset) => ({ source: 'a', segment, offset, text: 'x' });
const rank = (segment) => ['old', 'new'].indexOf(segment);

function search() {
  const clock = { now: 0 };
  const hits = new Hits(() => clock.now);
  hits.begin();
  return { clock, hits };
}

test('the next hit is the nearest one in the log, whatever the order in which they were found', () => {
  const { hits } = search();
  hits.add([hit('new', 50), hit('new', 10), hit('old', 90), hit('old', 5)]);
  const walk = (from, direction) => {
    const { segment, offset } = hits.next(from, direction, rank);
    return `${segment} ${offset}`;
  };
  assert.equal(walk(hit('old', 5), 1), 'old 90');
  assert.equal(walk(hit('old', 91), 1), 'new 10');
  assert.equal(walk(hit('new', 10), -1), 'old 90');
  assert.equal(walk(hit('new', 50), 1), 'old 5');
  assert.equal(walk(null, -1), 'new 50');
  assert.equal(new Hits(() => 0).next(null, 1, rank), undefined);
});

test('a bar is shown only of a search that takes its time', () => {
  const { clock, hits } = search();
  hits.progress({ scanned: 30, total: 100 });
  assert.equal(hits.share, null);
  clock.now = 500;
  assert.equal(hits.share, 0.3);
  hits.end('exhausted');
  assert.equal(hits.share, null);
});

test('what is said while it runs and when it has ended', () => {
  const { clock, hits } = search();
  assert.equal(hits.report, 'Searching…');
  clock.now = 1000;
  hits.add([hit('new', 1)]);
  hits.progress({ scanned: 1.9e9, total: 3.1e9 });
  assert.equal(hits.report, '61 % · 1.9 GB of 3.1 GB · 1 hit · 1.9 GB/s');
  hits.end('capped', 'new.7');
  assert.equal(hits.report, 'First 1 hits shown (scan stopped at 61 %).');
  hits.begin();
  assert.equal(hits.resume, '');
  hits.progress({ scanned: 1.2e9, total: 1.2e9 });
  hits.end('exhausted');
  assert.equal(hits.report, '1 hit in 3.1 GB');
  hits.clear();
  hits.progress({ scanned: 3.1e9, total: 3.1e9 });
  hits.end('exhausted');
  assert.equal(hits.report, 'No match in 3.1 GB.');
});
