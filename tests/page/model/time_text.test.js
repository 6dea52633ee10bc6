// How the time of a line is written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distance, timeText, timeWidth } from '../../../static/js/model/time_text.js';

const TEN = Date.parse('2026-11-22T10:00:00Z');
const UTC = { time: 'utc', base: Number.NaN, showsDate: false, isNarrow: false };

function check(time, above, wishes, text, kind = '') {
  assert.deepEqual(timeText({ time, continues: false }, above, { ...UTC, ...wishes }), { text, kind });
}

test('a time of day, with its date where that says something', () => {
  check(TEN, TEN, {}, '10:00:00.000');
  check(TEN, TEN, { showsDate: true }, '2026-11-22 10:00:00.000');
  check(TEN, TEN, { isNarrow: true }, '10:00:00');
  check(TEN, TEN, { time: 'logged' }, '');
});

test('a line without a time has that of the one above; one that is older is out of order', () => {
  check(Number.NaN, TEN, {}, '10:00:00.000', 'inherited');
  check(Number.NaN, Number.NaN, {}, '', 'inherited');
  check(TEN, TEN + 1, {}, '10:00:00.000', 'unordered');
  assert.equal(timeText({ time: TEN, continues: true }, TEN, UTC).text, '');
});

test('the distance to the line above, and to the one chosen', () => {
  check(TEN + 137, TEN, { time: 'delta' }, '      +0.137');
  check(Number.NaN, TEN, { time: 'delta' }, '            ', 'inherited');
  check(TEN - 65_000, TEN - 65_000, { time: 'relative', base: TEN }, '    -0:01:05');
  check(TEN, TEN, { time: 'relative' }, '10:00:00.000');
});

test('every distance fits', () => {
  for (const [milliseconds, text] of [
    [0, '+0.000'], [59_999, '+59.999'], [60_000, '+0:01:00'], [-3_599_000, '-0:59:59'], [3_600_000, '+1:00:00'],
    [-365 * 86_400_000, '-8760:00:00'], [Number.NaN, ''],
  ]) {
    assert.equal(distance(milliseconds), text);
    assert.ok(text.length <= timeWidth(UTC), text);
  }
});
