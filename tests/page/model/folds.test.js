// A record is folded after its first lines; what was looked for is never folded away; heights and numbers stay exact.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heights } from '../../../static/js/model/heights.js';
import { Lines } from '../../../static/js/model/lines.js';

const LINE = 20;

/** Lines of ten bytes; those written with a point continue a record, with an exclamation mark they were matched. */
function event(text, from = 0, source = 'app.log') {
  return {
    source,
    segment: 'a',
    end: 0,
    lines: [...text].map((sign, at) => ({
      offset: (from + at) * 10,
      text: 'line 0123',
      ...('.!'.includes(sign) ? { continues: true } : {}),
      ...(sign === '!' ? { matches: [[0, 4]] } : {}),
    })),
  };
}

function append(text) {
  const lines = new Lines();
  lines.append(event(text));
  return lines;
}

/** `-` a row that is shown, a number for one that stands for so many, nothing for what is folded away. */
function drawn(lines) {
  const heights = new Heights(lines);
  heights.layout = { line: LINE, mark: 28, perLine: 0, hidesHead: true };
  const seen = [];
  for (let row = lines.first; row < lines.end; row += 1) {
    if (heights.of(row) === 0) continue;
    assert.equal(heights.top(row), seen.length * LINE);
    assert.equal(heights.rowAt(seen.length * LINE), row);
    seen.push(lines.foldOf(row) < 6 ? '-' : lines.foldedFrom(row));
  }
  assert.equal(heights.total, seen.length * LINE);
  return seen.join('');
}

test('three further lines are shown, the others counted', () => {
  assert.equal(drawn(append('r...r')), '-----');
  assert.equal(drawn(append('r....r')), '----1-');
  assert.equal(drawn(append('r........rr.')), '----5---');
});

test('a record that comes in pieces, from above and below, is one record', () => {
  const lines = append('r...');
  lines.append(event('...', 4));
  lines.append(event('..r', 7));
  assert.equal(drawn(lines), '----5-');
  const late = new Lines();
  late.append(event('.......r', 10));
  assert.equal(drawn(late), '---4-');
  const above = event('rr.......', 1).lines.map((line) => ({ ...line, source: 'app.log', segment: 'a' }));
  late.prepend({ lines: above, older: null, newer: null });
  assert.equal(drawn(late), '-----11-');
});

test('lines of another source, or with others missing between, are no part of it', () => {
  const lines = append('r...');
  lines.append(event('....', 0, 'other.log'));
  assert.equal(drawn(lines), '-------1');
  const apart = append('r...');
  apart.append(event('....', 50));
  assert.equal(drawn(apart), '-------1');
});

test('a line the filter matched is shown wherever it stands', () => {
  assert.equal(drawn(append('r......!...r')), '----3-3-');
});

test('a record is unfolded and folded, and stays so as it grows', () => {
  const lines = append('r......r');
  lines.unfold(lines.first + 4, true);
  assert.equal(drawn(lines), '--------');
  lines.unfold(lines.first + 6, false);
  assert.equal(drawn(lines), '----3-');
  const growing = append('r.....');
  growing.unfold(growing.first + 4, true);
  growing.append(event('...', 6));
  assert.equal(drawn(growing), '---------');
});

test('a record whose beginning was dropped can still be unfolded', () => {
  const lines = new Lines({ lines: 1000, bytes: 1e9 });
  lines.append(event(`r${'.'.repeat(1023)}`));
  lines.append(event('.'.repeat(8), 1024));
  assert.equal(lines.first > 2 ** 40, true);
  assert.equal(drawn(lines), '---5');
});

test('a record knows its first and last line', () => {
  const lines = append('rr.....r');
  for (const at of [1, 2, 4, 6]) assert.deepEqual(lines.recordOf(lines.first + at), [lines.first + 1, lines.first + 6]);
  assert.deepEqual(lines.recordOf(lines.first), [lines.first, lines.first]);
});
