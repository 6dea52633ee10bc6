// Finding in what the page holds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lines } from '../../../static/js/model/lines.js';
import { Search } from '../../../static/js/model/search.js';

function searchOf(texts) {
  const lines = new Lines(undefined, 0);
  lines.append({ source: 'a', segment: 's', end: 0, lines: texts.map((text, offset) => ({ offset, text })) });
  return { lines, search: new Search(lines) };
}

const always = () => true;

test('hits are plain text; a capital makes the case matter', () => {
  const { search } = searchOf([]);
  search.term = 'a.b';
  assert.deepEqual(search.hits('axb A.B a.b'), [[4, 7], [8, 11]]);
  search.term = 'A.B';
  assert.deepEqual(search.hits('axb A.B a.b'), [[4, 7]]);
  search.term = '';
  assert.deepEqual(search.hits('axb'), []);
});

test('walks both ways and round the ends', () => {
  const { search } = searchOf(['x', 'hit', 'x', 'hit', 'x']);
  search.term = 'hit';
  assert.deepEqual([search.next(0, 1), search.next(1, 1), search.next(3, 1)], [1, 3, 1]);
  assert.deepEqual([search.next(4, -1), search.next(1, -1)], [3, 3]);
  search.term = 'none';
  assert.equal(search.next(0, 1), -1);
});

test('hits are the same before and after walking', () => {
  const { search } = searchOf(['a hit']);
  search.term = 'hit';
  search.next(-1, 1);
  assert.deepEqual(search.hits('hit'), [[0, 3]]);
});

test('an escape inside a word does not hide it, and is not found itself', () => {
  const { search } = searchOf(['time\u001b[31mout', 'x']);
  search.term = 'timeout';
  assert.equal(search.next(-1, 1), 0);
  search.term = '31m';
  assert.equal(search.next(-1, 1), -1);
});

test('counts lines with hits, goes on where it stopped, and keeps up', () => {
  const { lines, search } = searchOf(Array.from({ length: 5000 }, (_, n) => (n % 10 === 0 ? 'hit hit' : 'x')));
  search.term = 'hit';
  let turns = 0;
  const once = () => { turns += 1; return turns === 1; };
  const first = search.count(once);
  assert.equal(first.isComplete, false);
  assert.deepEqual(search.count(always), { lines: 500, isComplete: true });
  lines.append({ source: 'a', segment: 's', end: 0, lines: [{ offset: 9999, text: 'hit' }] });
  assert.deepEqual(search.count(always), { lines: 501, isComplete: true });
});
