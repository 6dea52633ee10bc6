// The filters that were used: as in a shell.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FilterHistory } from '../../../static/js/model/filter_history.js';

function keep() {
  const stored = new Map();
  return { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
}

test('up goes to older filters, down comes back to what was being typed', () => {
  const history = new FilterHistory(keep());
  history.add('one');
  history.add('two');
  assert.deepEqual([1, 1, 1].map((direction) => history.step(direction, 'typing')), ['two', 'one', null]);
  assert.deepEqual([-1, -1, -1].map((direction) => history.step(direction, 'one')), ['two', 'typing', null]);
});

test('a filter used again is the newest, once; typing begins at the newest', () => {
  const history = new FilterHistory(keep());
  for (const text of ['one', 'two', 'one', '']) history.add(text);
  assert.equal(history.step(1, ''), 'one');
  history.rest();
  assert.deepEqual([history.step(1, ''), history.step(1, 'one'), history.step(1, 'two')], ['one', 'two', null]);
});

test('it outlives the page, and what is stored may be nonsense or forbidden', () => {
  const storage = keep();
  new FilterHistory(storage).add('one');
  assert.equal(new FilterHistory(storage).step(1, ''), 'one');
  for (const nonsense of ['no json', '{"a":1}', '[1,null]']) {
    storage.setItem('logstream-filters', nonsense);
    assert.equal(new FilterHistory(storage).step(1, ''), null);
  }
  const throwing = { getItem() { throw new Error('denied'); }, setItem() { throw new Error('full'); } };
  for (const storage of [null, throwing]) {
    const history = new FilterHistory(storage);
    history.add('one');
    assert.equal(history.step(1, ''), 'one');
  }
});

test('only so many are kept', () => {
  const storage = keep();
  const history = new FilterHistory(storage);
  for (let count = 0; count < 60; count += 1) history.add(`filter ${count}`);
  assert.equal(JSON.parse(storage.getItem('logstream-filters')).length, 50);
});
