// Following and paused are modes: only what the reader does changes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Following } from '../../../static/js/model/following.js';

function following() {
  const lines = { received: 0, receivedErrors: 0 };
  return { lines, mode: new Following(lines) };
}

test('a page begins by following', () => {
  assert.equal(following().mode.isFollowing, true);
});

test('scrolling alone changes nothing', () => {
  const { mode } = following();
  mode.scrolled(5000);
  assert.equal(mode.isFollowing, true);
  mode.pause();
  mode.scrolled(0);
  assert.equal(mode.isFollowing, false);
});

test('a hand that scrolls to the end follows, one that stops short does not', () => {
  const { mode } = following();
  mode.pause();
  mode.gesture(true);
  mode.scrolled(5);
  assert.equal(mode.isFollowing, false);
  mode.scrolled(4);
  assert.equal(mode.isFollowing, true);
});

test('a hand that moves away from the end does not follow, wherever the list is said to have been', () => {
  const { mode } = following();
  mode.gesture(true);
  mode.gesture(false);
  mode.pause();
  mode.scrolled(0);
  assert.equal(mode.isFollowing, false);
});

test('a gesture from before does not count after following again', () => {
  const { mode } = following();
  mode.gesture(true);
  mode.pause();
  mode.follow();
  mode.pause();
  mode.scrolled(0);
  assert.equal(mode.isFollowing, false);
});

test('paused, what comes is counted; following, nothing is', () => {
  const { lines, mode } = following();
  lines.received = 100;
  mode.pause();
  lines.received = 150;
  lines.receivedErrors = 3;
  assert.deepEqual([mode.newLines, mode.newErrors], [50, 3]);
  mode.follow();
  assert.deepEqual([mode.newLines, mode.newErrors], [0, 0]);
});

test('counting begins again when the store was emptied', () => {
  const { lines, mode } = following();
  lines.received = 100;
  mode.pause();
  lines.received = 0;
  mode.startCounting();
  lines.received = 7;
  assert.equal(mode.newLines, 7);
});

test('a pause by selecting ends with the selection', () => {
  const { mode } = following();
  mode.pause('selecting');
  assert.equal(mode.isSelecting, true);
  mode.selectionCleared();
  assert.equal(mode.isFollowing, true);
});

test('a pause by the reader outlasts a selection', () => {
  const { mode } = following();
  mode.pause();
  mode.pause('selecting');
  mode.selectionCleared();
  assert.equal(mode.isFollowing, false);
  mode.follow();
  mode.pause('selecting');
  mode.pause();
  mode.selectionCleared();
  assert.equal(mode.isFollowing, false);
});

test('only a change is told', () => {
  const { mode } = following();
  let told = 0;
  mode.addEventListener('change', () => { told += 1; });
  mode.follow();
  mode.pause();
  mode.pause();
  mode.follow();
  assert.equal(told, 2);
});

test('where the page itself moves the list to does not count as the hand’s', () => {
  const { mode } = following();
  mode.pause();
  mode.gesture(true);
  mode.forgetGesture();
  mode.scrolled(0);
  assert.equal(mode.isFollowing, false);
});
