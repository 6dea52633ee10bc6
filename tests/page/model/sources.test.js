// Which sources there are, which are shown, and what is wrong with them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Settings } from '../../../static/js/model/settings.js';
import { COLORS, sourceColor } from '../../../static/js/model/source_color.js';
import { Sources } from '../../../static/js/model/sources.js';

function sources(...list) {
  const made = new Sources();
  made.replace(list.map(([source, state = 'live', reason]) => ({ source, id: source, state, size: 0, reason })));
  return made;
}

test('the label says what is shown', () => {
  assert.equal(sources().label, 'no source');
  assert.equal(sources(['a.log']).label, 'a.log');
  assert.equal(sources(['a.log'], ['b.log']).label, 'a.log + b.log');
  const three = sources(['a.log'], ['b.log'], ['c.log']);
  assert.equal(three.label, 'all 3 sources');
  three.choose(['b.log', 'c.log']);
  assert.equal(three.label, 'b.log + c.log');
  three.choose(['a.log', 'b.log', 'c.log']);
  assert.equal(three.label, 'a.log + 2 more');
});

test('a source that is missing or unreadable is said in words', () => {
  const missing = sources(['a.log', 'waiting']);
  assert.deepEqual([missing.state, missing.complaints], ['waiting', ['a.log does not exist (yet). Watching for it…']]);
  const unreadable = sources(['a.log', 'unreadable', 'permission denied']);
  assert.deepEqual([unreadable.state, unreadable.complaints], ['error', ['The server may not read a.log (permission denied).']]);
});

test('one absent source among many is no reason to complain, unless it was asked for', () => {
  const many = sources(['a.log'], ['b.log', 'gone']);
  assert.deepEqual([many.state, many.complaints], ['live', []]);
  many.choose(['b.log']);
  assert.deepEqual([many.state, many.complaints], ['waiting', ['b.log was removed. Watching for it…']]);
});

test('a source has its colour by its name, and names spread over all colours', () => {
  assert.equal(sourceColor('app.log'), sourceColor('app.log'));
  const used = new Set(Array.from({ length: 100 }, (_, n) => sourceColor(`service-${n}.log`)));
  assert.equal(used.size, COLORS);
});

test('settings survive, and nonsense in the storage does not', () => {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  new Settings(storage).set('theme', 'dark');
  assert.equal(new Settings(storage).get('theme'), 'dark');
  stored.set('logstream', '{"theme":"pink","wraps":"maybe","time":"utc","other":1}');
  const settings = new Settings(storage);
  assert.deepEqual([settings.get('theme'), settings.get('wraps'), settings.get('time')], ['auto', true, 'utc']);
  stored.set('logstream', 'no json');
  assert.equal(new Settings(storage).get('theme'), 'auto');
});

test('settings live without storage', () => {
  const throwing = { getItem() { throw new Error('denied'); }, setItem() { throw new Error('full'); } };
  for (const storage of [null, throwing]) {
    const settings = new Settings(storage);
    settings.set('theme', 'light');
    assert.equal(settings.get('theme'), 'light');
  }
});
