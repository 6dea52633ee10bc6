// Marked lines: kept by place, walked in the order of the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Marks } from '../../../static/js/model/marks.js';

function keep() {
  const stored = new Map();
  return { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
}

const line = (segment, offset) => ({ source: 'app.log', segment, offset });
const rank = (segment) => ['old', 'new'].indexOf(segment);

test('marks are walked in both directions, round the end, over files that are there', () => {
  const marks = new Marks(keep());
  for (const mark of [line('new', 5), line('old', 9), line('new', 70), line('gone', 1)]) marks.toggle(mark);
  const places = [];
  let place = line('new', 6);
  for (let count = 0; count < 4; count += 1) {
    place = marks.next(place, 1, rank);
    places.push(`${place.segment}.${place.offset}`);
  }
  assert.deepEqual(places, ['new.70', 'old.9', 'new.5', 'new.70']);
  assert.deepEqual(marks.next(line('new', 70), -1, rank), line('new', 5));
  assert.equal(new Marks(keep()).next(null, 1, rank), undefined);
});

test('a second time unmarks, and both are kept', () => {
  const storage = keep();
  new Marks(storage).toggle(line('new', 5));
  const marks = new Marks(storage);
  assert.equal(marks.has(line('new', 5)), true);
  marks.toggle({ ...line('new', 5), text: 'more than a place' });
  assert.equal(marks.has(line('new', 5)), false);
  assert.deepEqual(new Marks(storage).all, []);
});

test('nonsense in the storage, or none, is no mark', () => {
  const storage = keep();
  storage.setItem('logstream-marks', '{');
  assert.deepEqual(new Marks(storage).all, []);
  const marks = new Marks(null);
  marks.toggle(line('new', 1));
  assert.equal(marks.all.length, 1);
});
