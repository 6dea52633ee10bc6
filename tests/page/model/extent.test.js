// All bytes of the log as one stretch.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Extent } from '../../../static/js/model/extent.js';
import { Lines } from '../../../static/js/model/lines.js';

const source = (name, ...sizes) => ({
  source: name,
  segments: sizes.map((size, at) => ({ segment: `${name}${at}`, name, size })),
});

function extent(...sources) {
  const made = new Extent();
  made.measure(sources);
  return made;
}

test('files lie one after the other, oldest first', () => {
  const made = extent(source('a', 100, 300));
  assert.equal(made.share({ source: 'a', segment: 'a0', offset: 50 }), 0.125);
  assert.equal(made.share({ source: 'a', segment: 'a1', offset: 100 }), 0.5);
  assert.deepEqual(made.at(0.5), { source: 'a', segment: 'a1', offset: 99 });
  assert.deepEqual(made.start, { segment: 'a0', offset: 0 });
  assert.deepEqual(made.at(1), { source: 'a', segment: 'a1', offset: 299 });
});

test('what is written makes it longer', () => {
  const made = extent(source('a', 100));
  assert.equal(made.grow('a', 'a0', 200), true);
  assert.equal(made.total, 200);
  assert.equal(made.grow('a', 'unknown', 10), false);
  assert.equal(made.grow('other', 'unknown', 10), true);
});

test('of several sources the largest gives the measure, and the others lie beside it', () => {
  const made = extent(source('a', 10), source('b', 100), source('c', 20));
  const lines = new Lines();
  lines.append({ source: 'b', segment: 'b0', end: 0, lines: [{ offset: 40, text: 'x' }] });
  lines.append({ source: 'a', segment: 'a0', end: 0, lines: [{ offset: 0, text: 'x' }] });
  assert.equal(made.shareOfRow(lines, lines.end - 1), 0.4);
  assert.equal(made.share({ source: 'a', segment: 'a0', offset: 0 }), null);
});

test('an unknown place has no share', () => {
  const made = extent();
  assert.equal(made.at(0.5), null);
  assert.equal(made.start, null);
  assert.equal(extent(source('a', 10)).share({ source: 'a', segment: 'x', offset: 0 }), null);
});
