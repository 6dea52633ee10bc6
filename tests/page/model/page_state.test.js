// The address bar: what is written is read back, and what is not ours is left alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Filter } from '../../../static/js/model/filter.js';
import { FILTER_LEVELS, LEVELS } from '../../../static/js/model/levels.js';
import { readPageState, subscriptionParameters, writePageState } from '../../../static/js/model/page_state.js';

function check(query) {
  assert.equal(writePageState(readPageState(query)), query);
}

test('an address comes out as it went in', () => {
  check('');
  check('?source=app.log&source=worker.log');
  check('?q=status%3D5%5Cd%5Cd&x=healthz&case=match&level=warn'.replace('%3D', '='));
  check('?q=a+b&literal=1');
  check('?level=debug,error');
  check('?find=trace-6277&follow=0&wrap=0');
  check('?q=a&since=-3h&until=2026-11-22T10:47:02Z&context=2');
  check('?at=8c1f2a90.4711&n=12&ts=2026-11-22T10:47:02.403Z');
  check('?at=8c1f2a90.4711&follow=1');
});

test('defaults are left out', () => {
  assert.equal(writePageState(readPageState('?q=&case=smart&literal=0&follow=1&level=trace')), '');
});

test('unknown parameters are kept, and never sent to the server', () => {
  const state = readPageState('?theme=x&q=a');
  assert.equal(writePageState(state), '?q=a&theme=x');
  assert.deepEqual(subscriptionParameters(state.sources, state.filter), [['q', 'a']]);
});

test('nonsense is read as the default', () => {
  const { filter, sources } = readPageState('?case=loud&level=huge&source=a&source=a');
  assert.equal(filter.isEmpty, true);
  assert.deepEqual(sources, ['a']);
});

test('a filter of levels: a minimum is one word, anything else a list', () => {
  const level = (...levels) => new Filter({ levels: new Set(levels) }).toParameters();
  assert.deepEqual(level('warn', 'error', 'fatal'), [['level', 'warn']]);
  assert.deepEqual(level('error', 'info'), [['level', 'info,error']]);
  assert.deepEqual(level(...FILTER_LEVELS), []);
  assert.deepEqual(level(...LEVELS), [['level', LEVELS.join(',')]]);
  assert.deepEqual(level('unknown'), [['level', 'unknown']]);
  for (const levels of [['unknown'], ['unknown', 'fatal'], LEVELS, ['info'], ['warn', 'error', 'fatal'], FILTER_LEVELS]) {
    const read = Filter.fromParameters(new URLSearchParams(level(...levels)));
    assert.deepEqual([...read.levels].sort(), [...levels].sort());
  }
});

test('a term that is switched off asks for nothing, and is kept', () => {
  const filter = new Filter({ terms: [{ text: 'a', isExcluded: false, isOff: true }, { text: 'b', isExcluded: true }] });
  assert.deepEqual(filter.toParameters(), [['x', 'b']]);
  assert.equal(filter.description, 'not /b/');
  assert.equal(filter.with({ context: 1 }).terms.length, 2);
  assert.equal(new Filter({ terms: [{ text: 'a', isExcluded: false, isOff: true }], isLiteral: true }).isEmpty, true);
});

test('one level alone is read back as one level alone', () => {
  const filter = new Filter({ levels: new Set(['warn']) });
  assert.deepEqual([...Filter.fromParameters(new URLSearchParams(filter.toParameters())).levels], ['warn']);
});

test('what says nothing to the server is not said', () => {
  const terms = [{ text: 'a', isExcluded: false }, { text: '', isExcluded: true }];
  assert.deepEqual(new Filter({ terms }).toParameters(), [['q', 'a']]);
  assert.equal(new Filter({ isLiteral: true, caseRule: 'match' }).isEmpty, true);
});

test('a filter in words', () => {
  const terms = [{ text: 'status=5\\d\\d', isExcluded: false }, { text: 'healthz', isExcluded: true }];
  assert.equal(new Filter({ terms }).description, '/status=5\\d\\d/, not /healthz/');
  assert.equal(new Filter({ terms, isLiteral: true }).description, '“status=5\\d\\d”, not “healthz”');
});

test('a link to a line is not followed, unless it says so', () => {
  assert.equal(readPageState('?at=a.1').isFollowing, false);
  assert.equal(readPageState('?at=a.1&follow=1').isFollowing, true);
  assert.deepEqual(readPageState('?at=a.1').link, { at: 'a.1', ts: '', n: 1 });
  assert.equal(readPageState('').link, null);
});

test('context alone keeps every line', () => {
  assert.equal(new Filter({ context: 3 }).isEmpty, true);
  assert.deepEqual(new Filter({ context: 3 }).toParameters(), [['context', '3']]);
});
