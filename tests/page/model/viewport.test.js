// The arithmetic of the virtual list: the end stays at the end, and what is read stays where it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heights } from '../../../static/js/model/heights.js';
import { Lines } from '../../../static/js/model/lines.js';
import { Viewport } from '../../../static/js/model/viewport.js';

const HEIGHT = 800;
const LINE = 20;
const MARK = 28;

function list({ count = 0, canvasMax = 1e6, limits = { lines: 1e9, bytes: 1e9 } } = {}) {
  const lines = new Lines(limits, 0);
  const heights = new Heights(lines);
  heights.layout = { line: LINE, mark: MARK, perLine: 0, hidesHead: true };
  const viewport = new Viewport(lines, heights, canvasMax);
  let next = 0;
  const append = (n, text = () => 'x') => {
    const sent = Array.from({ length: n }, () => ({ offset: next * 10, text: text(next++) }));
    lines.append({ source: 'a', segment: 's', end: next * 10, lines: sent });
  };
  if (count > 0) append(count);
  return { lines, heights, viewport, append };
}

const following = (scrollTop = 0) => ({ scrollTop, height: HEIGHT, isFollowing: true, isScrolling: false });
const paused = (scrollTop, isScrolling = false) => ({ scrollTop, height: HEIGHT, isFollowing: false, isScrolling });

/** Places a paused screen as the list does it: and ties the canvas to what is read. */
function placePaused({ lines, viewport }, scrollTop, isScrolling = false) {
  const placement = viewport.place(paused(scrollTop, isScrolling));
  const top = viewport.rowAt(placement.scrollTop);
  viewport.tieScreen(placement.scrollTop, HEIGHT);
  lines.hold([placement.first, placement.last]);
  return { ...placement, topRow: top, topY: viewport.y(top) - placement.scrollTop };
}

test('an empty list draws nothing', () => {
  assert.equal(list().viewport.place(following()).first, -1);
});

test('a few lines lie at the top of the screen', () => {
  const { viewport } = list({ count: 3 });
  const { first, last, top, scrollTop, canvasHeight } = viewport.place(following());
  assert.deepEqual({ first, last, top, scrollTop, canvasHeight }, { first: 0, last: 2, top: 0, scrollTop: 0, canvasHeight: HEIGHT });
});

test('following, the last line ends at the lower edge of the screen', () => {
  const { viewport, append, lines } = list({ count: 5000 });
  for (const more of [1, 100, 3000]) {
    append(more);
    const { scrollTop, last } = viewport.place(following());
    assert.equal(last, lines.end - 1);
    assert.equal(viewport.y(last) + LINE, scrollTop + HEIGHT);
  }
});

test('following, the last line ends at the lower edge also when the log is higher than the canvas', () => {
  const { viewport, lines } = list({ count: 80_000 });
  const { scrollTop, canvasHeight } = viewport.place(following());
  assert.equal(canvasHeight, 1e6);
  assert.equal(viewport.y(lines.end - 1) + LINE, scrollTop + HEIGHT);
});

test('rows drawn are few, whatever there is', () => {
  const { viewport } = list({ count: 80_000 });
  for (const screen of [following(), paused(5000), { ...paused(5000), height: 5000 }]) {
    const { first, last } = viewport.place(screen);
    assert.ok(last - first < 300, `${last - first} rows`);
  }
});

test('rows drawn cover the screen', () => {
  const { viewport } = list({ count: 80_000 });
  viewport.place(following());
  for (const at of [999_200, 700_000, 650_010]) {
    const { first, last, scrollTop } = viewport.place(paused(at, true));
    assert.ok(viewport.y(first) <= scrollTop);
    assert.ok(viewport.y(last) + LINE >= scrollTop + HEIGHT);
  }
});

test('paused, lines that arrive move nothing', () => {
  const l = list({ count: 5000 });
  l.viewport.place(following());
  const before = placePaused(l, 40_007);
  l.append(20_000);
  const after = placePaused(l, before.scrollTop);
  assert.equal(after.scrollTop, before.scrollTop);
  assert.deepEqual([after.topRow, after.topY, after.first, after.top], [before.topRow, before.topY, before.first, before.top]);
});

test('paused, lines that are dropped move nothing', () => {
  const l = list({ count: 5000, limits: { lines: 6000, bytes: 1e9 } });
  l.viewport.place(following());
  let place = placePaused(l, 80_013);
  const { topRow, topY } = place;
  for (let round = 0; round < 200; round += 1) {
    l.append(500);
    place = placePaused(l, place.scrollTop);
    assert.deepEqual([place.topRow, place.topY], [topRow, topY]);
  }
  assert.ok(l.lines.count <= 6000 + 1024);
});

test('paused, another width keeps the first line where it is', () => {
  const l = list();
  l.append(3000, (n) => 'x'.repeat(n % 400));
  l.viewport.place(following());
  const before = placePaused(l, 30_000);
  l.heights.layout = { ...l.heights.layout, perLine: 80 };
  const after = placePaused(l, before.scrollTop);
  assert.deepEqual([after.topRow, after.topY], [before.topRow, before.topY]);
});

test('space for words above the first line moves nothing that is read', () => {
  const l = list({ count: 5000 });
  l.viewport.place(following());
  const before = placePaused(l, 30_000);
  l.viewport.leading = MARK;
  const after = placePaused(l, before.scrollTop);
  assert.deepEqual([after.topRow, after.topY], [before.topRow, before.topY]);
});

test('the reader can reach the first line and the last, over a canvas that is smaller than the log', () => {
  const l = list({ count: 200_000, canvasMax: 100_000 });
  l.viewport.place(following());
  let place = placePaused(l, 99_200);
  for (let step = 0; place.topRow > 0 && step < 10_000; step += 1) place = placePaused(l, place.scrollTop - 2000);
  assert.equal(place.topRow, 0);
  assert.equal(place.topY, 0);
  const screen = () => ({ ...paused(place.scrollTop) });
  for (let step = 0; l.viewport.distanceToEnd(screen()) > 0 && step < 10_000; step += 1) {
    place = placePaused(l, Math.min(place.scrollTop + 2000, place.canvasHeight - HEIGHT));
  }
  assert.equal(l.viewport.distanceToEnd(screen()), 0);
  assert.equal(place.last, 199_999);
});

test('the canvas is laid anew without moving the picture, and not under the hand', () => {
  const l = list({ count: 200_000, canvasMax: 100_000 });
  l.viewport.place(following());
  const moving = placePaused(l, 5003, true);
  assert.equal(moving.scrollTop, 5003);
  const resting = placePaused(l, 5003, false);
  assert.equal(resting.scrollTop, 50_000);
  assert.deepEqual([resting.topRow, resting.topY], [moving.topRow, moving.topY]);
});

test('a row is brought to the asked place on the screen', () => {
  const { viewport } = list({ count: 80_000 });
  viewport.place(following());
  for (const row of [40_000, 7]) {
    const scrollTop = viewport.scrollTopFor(row, HEIGHT, 1 / 4);
    const expected = Math.min(HEIGHT / 4, row * LINE);
    assert.equal(viewport.y(row) - scrollTop, expected);
  }
});

test('rows put in before or between leave what is read where it is', () => {
  const l = list({ count: 5000 });
  l.viewport.place(following());
  const before = placePaused(l, 80_013);
  l.lines.addEventListener('moved', (event) => l.viewport.moved(event));
  const page = Array.from({ length: 500 }, (_, n) => ({ source: 'a', segment: 'older', offset: n, text: 'x' }));
  l.lines.prepend({ lines: page, older: null, newer: null });
  const prepended = placePaused(l, before.scrollTop);
  assert.deepEqual([prepended.topRow, prepended.topY], [before.topRow, before.topY]);
  const text = l.lines.lineAt(before.topRow).offset;
  l.lines.fill(before.topRow - 50, page.map((line) => ({ ...line, segment: 'between' })));
  const filled = placePaused(l, prepended.scrollTop);
  assert.equal(l.lines.lineAt(filled.topRow).offset, text);
  assert.equal(filled.topY, before.topY);
});

test('heights: wrapped lines, marks and measured rows', () => {
  const { lines, heights, append } = list();
  append(1, () => 'x'.repeat(81));
  append(1, () => '');
  lines.mark({ kind: 'rotated', source: 'a', time: 0 });
  append(1, () => '字'.repeat(50));
  heights.layout = { line: LINE, mark: MARK, perLine: 80, hidesHead: true };
  assert.deepEqual([0, 1, 2, 3].map((row) => heights.of(row)), [2 * LINE, LINE, MARK, LINE]);
  assert.deepEqual([0, 1, 2, 3].map((row) => heights.isUncertain(row)), [false, false, false, true]);
  assert.equal(heights.measured(3, 2 * LINE), true);
  assert.equal(heights.measured(3, 2 * LINE), false);
  assert.equal(heights.total, 5 * LINE + MARK);
  assert.deepEqual([0, 39, 40, 59, 60, 87, 88, 500].map((y) => heights.rowAt(y)), [0, 0, 1, 1, 2, 2, 3, 3]);
});

test('heights: the row at the top of a row is that row, over many chunks', () => {
  const { lines, heights, append } = list();
  append(5000, (n) => 'x'.repeat((n * 37) % 500));
  heights.layout = { line: LINE, mark: MARK, perLine: 97, hidesHead: true };
  for (let row = 0; row < lines.end; row += 113) {
    assert.equal(heights.rowAt(heights.top(row)), row);
    assert.equal(heights.rowAt(heights.top(row) + heights.of(row) - 1), row);
  }
  assert.equal(heights.total, heights.top(lines.end));
});

test('what can be seen whole stays where it is when the line above it, of which only the end is seen, becomes lower', () => {
  const { heights, viewport, append } = list();
  append(100);
  append(1, () => 'x'.repeat(400));
  append(200);
  const wrapped = { line: LINE, mark: MARK, perLine: 100, hidesHead: true };
  heights.layout = wrapped;
  const screen = viewport.y(100) + 3 * LINE;
  viewport.place(paused(screen));
  viewport.tieScreen(screen, HEIGHT);
  const below = viewport.y(101);
  assert.equal(below, screen + LINE);
  heights.layout = { ...wrapped, perLine: 0 };
  assert.equal(viewport.y(101), below);
});
