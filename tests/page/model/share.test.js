// What a link for somebody else says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Filter } from '../../../static/js/model/filter.js';
import { readPageState, writePageState } from '../../../static/js/model/page_state.js';
import { asMarkdown, shared } from '../../../static/js/model/share.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const STATE = {
  ...readPageState('?source=app.log&q=timeout&since=-1h30m&find=x&at=8c1f2a90.7&ts=2026-11-22T10:47:02.403Z&other=1'),
  isFollowing: false,
};
const DISPLAY = { wraps: false, time: 'utc', columns: ['status', 'path'] };
const ALL = { hasLine: true, hasFilter: true, hasDisplay: true, isFollowing: false };

function check(choice, expected) {
  assert.equal(writePageState(shared(STATE, DISPLAY, { ...ALL, ...choice }, NOW)), expected);
}

test('all of it: line, filter with its time as a moment, and display', () => check(
  {},
  '?source=app.log&q=timeout&since=2026-11-22T08:30:00.000Z&find=x&at=8c1f2a90.7&ts=2026-11-22T10:47:02.403Z&wrap=0&tz=utc&cols=status,path&other=1',
));

test('each part can be left out', () => {
  check(
    { hasFilter: false, hasDisplay: false },
    '?source=app.log&at=8c1f2a90.7&ts=2026-11-22T10:47:02.403Z&other=1',
  );
  check({ hasLine: false, hasFilter: false, hasDisplay: false, isFollowing: true }, '?source=app.log&other=1');
  check({ hasFilter: false, hasDisplay: false, isFollowing: true }, '?source=app.log&at=8c1f2a90.7&ts=2026-11-22T10:47:02.403Z&follow=1&other=1');
});

test('a moment stays what it is, whatever the unit of what is relative', () => {
  const since = (text) => shared({ ...STATE, filter: new Filter({ since: text }) }, DISPLAY, ALL, NOW).filter.since;
  assert.equal(since('2026-11-22T10:00:00Z'), '2026-11-22T10:00:00Z');
  assert.equal(since('14:02'), '14:02');
  assert.equal(since('-2d'), '2026-11-20T10:00:00.000Z');
  assert.equal(since('-90s'), '2026-11-22T09:58:30.000Z');
});

test('what a link says of the display is read again', () => {
  const { wraps, time, columns } = readPageState('?wrap=0&tz=utc&cols=status,path');
  assert.deepEqual({ wraps, time, columns }, DISPLAY);
  assert.deepEqual(readPageState('').columns, null);
});

test('lines as text: a fence that no line can close, and the link', () => {
  assert.equal(asMarkdown('one\ntwo', 'http://a/'), '```\none\ntwo\n```\nhttp://a/\n');
  assert.equal(asMarkdown('a ```` b', 'http://a/'), '`````\na ```` b\n`````\nhttp://a/\n');
});
