// Which sources there are, which are shown, and what is wrong with them.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Activity } from '../../../static/js/model/activity.js';
import { Settings } from '../../../static/js/model/settings.js';
import { shortNames } from '../../../static/js/model/short_names.js';
import { COLORS, sourceColor, sourceColors } from '../../../static/js/model/source_color.js';
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

test('that there are too many files is said', () => {
  const cut = new Sources();
  cut.replace([{ source: 'a.log', id: 'a', state: 'live', size: 0 }], true);
  assert.deepEqual(cut.complaints, ['There are too many files: the server follows only 1 of them.']);
});

test('one absent source among many is no reason to complain, unless it was asked for', () => {
  const many = sources(['a.log'], ['b.log', 'gone']);
  assert.deepEqual([many.state, many.complaints], ['live', []]);
  many.choose(['b.log']);
  assert.deepEqual([many.state, many.complaints], ['waiting', ['b.log was removed. Watching for it…']]);
});

test('a source that waits among others has a row of its own, and many are counted', () => {
  const two = sources(['a.log'], ['b.log', 'waiting']);
  assert.deepEqual([two.state, two.complaints], ['live', ['b.log: waiting for file.']]);
  const many = sources(['a.log'], ...['b', 'c', 'd', 'e'].map((name) => [name, 'waiting']));
  assert.deepEqual(many.complaints, ['4 sources of 5 are waiting for their files.']);
});

test('names are shortened to what differs', () => {
  const check = (names, expected) => assert.deepEqual([...shortNames(names).values()], expected);
  check([], []);
  check(['a/b.log'], ['b.log']);
  check(['app.log', 'worker.log'], ['app.log', 'worker.log']);
  check(['web/a/app.log', 'web/b/app.log'], ['a', 'b']);
  check(['web/a/app.log', 'web/a/1/app.log', 'web/b.log'], ['a/app.log', 'a/1/app.log', 'b.log']);
  check(['a', 'a/a'], ['a', 'a/a']);
  const some = sources(['x/a.log'], ['x/b.log'], ['y/b.log']);
  assert.equal(some.shortName('x/b.log'), 'x/b.log');
  some.choose(['x/a.log', 'x/b.log']);
  assert.deepEqual([some.shortName('x/b.log'), some.without('x/b.log')], ['b.log', ['x/a.log']]);
});

test('how busy a source is, and when it was last heard', () => {
  const activity = new Activity();
  assert.deepEqual([activity.perSecond('a'), activity.lastAt('a')], [0, 0]);
  activity.heard('a', 5, 1000);
  activity.tick(1000);
  activity.heard('a', 100, 1900);
  activity.tick(2000);
  assert.ok(activity.perSecond('a') > 50);
  assert.equal(activity.lastAt('a'), 1900);
  activity.restart();
  assert.equal(activity.perSecond('a'), 0);
});

test('many changes are told once', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const many = sources();
  let told = 0;
  many.addEventListener('change', () => { told += 1; });
  for (let n = 0; n < 100; n += 1) many.update({ source: `${n}.log`, id: `${n}`, state: 'live', size: 0 });
  mock.timers.tick(1000);
  mock.timers.reset();
  assert.equal(told, 1);
  assert.equal(many.all.length, 100);
});

test('a source has its colour by its name, and names spread over all colours', () => {
  assert.equal(sourceColor('app.log'), sourceColor('app.log'));
  const used = new Set(Array.from({ length: 100 }, (_, n) => sourceColor(`service-${n}.log`)));
  assert.equal(used.size, COLORS);
});

test('the first eight sources have eight colours', () => {
  const names = Array.from({ length: 20 }, (_, n) => `service-${n}.log`);
  const colors = sourceColors(names);
  assert.equal(new Set(names.slice(0, COLORS).map((name) => colors.get(name))).size, COLORS);
  assert.ok([...colors.values()].every((color) => color >= 0 && color < COLORS));
  assert.equal(colors.get(names[0]), sourceColor(names[0]));
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

test('what a link asks for holds until the reader decides, and is not kept', () => {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  const settings = new Settings(storage);
  settings.lend('wraps', false);
  assert.deepEqual([settings.get('wraps'), settings.isLent('wraps'), stored.size], [false, true, 0]);
  settings.set('wraps', true);
  assert.deepEqual([settings.get('wraps'), settings.isLent('wraps')], [true, false]);
});

test('settings live without storage', () => {
  const throwing = { getItem() { throw new Error('denied'); }, setItem() { throw new Error('full'); } };
  for (const storage of [null, throwing]) {
    const settings = new Settings(storage);
    settings.set('theme', 'light');
    assert.equal(settings.get('theme'), 'light');
  }
});
