// Lines per time: what is drawn, and that it keeps its place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDestination } from '../../../static/js/model/destination.js';
import { barParts, Timeline } from '../../../static/js/model/timeline.js';

const bucket = (total, warn = 0, error = 0) => ({ total, warn, error });
const counted = (rest = {}) => ({ from: 0, to: 4000, step: 1000, exact: true, buckets: [1, 2, 3, 4].map((n) => bucket(n)), ...rest });
const totals = ({ buckets }) => buckets.map(({ total }) => total);

test('what comes after the counting is added at the right edge', () => {
  const timeline = new Timeline();
  timeline.load(counted());
  timeline.add([{ offset: 0, text: '', time: 3500, level: 'error' }, { offset: 1, text: '', time: 5200 }, { offset: 2, text: '' }]);
  const picture = timeline.picture(100, 0);
  assert.deepEqual(totals(picture), [1, 2, 3, 5, 0, 1]);
  assert.equal(picture.buckets[3].error, 1);
});

test('when there are too many bars they merge in pairs, and the first stays the first', () => {
  const timeline = new Timeline();
  timeline.load(counted());
  assert.deepEqual(totals(timeline.picture(2, 0)), [3, 7]);
  timeline.add([{ offset: 0, text: '', time: 4100 }]);
  assert.deepEqual(totals(timeline.picture(2, 0)), [10, 1]);
});

test('the last five minutes end now', () => {
  const timeline = new Timeline();
  timeline.isLive = true;
  timeline.load(counted({ from: 1_000_000, to: 1_004_000 }));
  const { from, step, buckets } = timeline.picture(300, 1_003_500);
  assert.deepEqual([from, step, buckets.length], [704_000, 1000, 300]);
  assert.equal(buckets.at(-1).total, 4);
});

test('a log without times is measured in bytes, and grows only when it is counted again', () => {
  const timeline = new Timeline();
  timeline.load(counted({ by: 'bytes' }));
  timeline.add([{ offset: 0, text: '', time: 9000 }]);
  assert.deepEqual(totals(timeline.picture(100, 0)), [1, 2, 3, 4]);
});

test('errors stand at the bottom, and one among thousands can be seen', () => {
  assert.deepEqual(barParts(bucket(0), 10, 40), [0, 0, 0]);
  assert.deepEqual(barParts(bucket(10), 10, 40), [0, 0, 40]);
  assert.equal(barParts(bucket(5), 20, 40)[2], 20);
  const [errors, warnings, rest] = barParts(bucket(10_000, 1, 1), 10_000, 40);
  assert.deepEqual([errors, warnings, rest], [2, 2, 36]);
});

test('where to go: a part, a byte, or else a time', () => {
  assert.deepEqual(readDestination(' 45 % '), { share: 0.45 });
  assert.deepEqual(readDestination('250%'), { share: 1 });
  assert.deepEqual(readDestination('@3,070,112,233'), { byte: 3_070_112_233 });
  assert.deepEqual(readDestination('10:47:02'), { time: '10:47:02' });
  assert.deepEqual(readDestination('-15m'), { time: '-15m' });
});
