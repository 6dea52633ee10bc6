// What of a line is drawn, and in which pieces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headLength } from '../../../static/js/model/line_head.js';
import { cutPieces } from '../../../static/js/model/line_pieces.js';

function rest(line) {
  return line.slice(headLength(line, true, true));
}

test('a timestamp and level at the beginning are left to the gutter', () => {
  for (const head of [
    '2026-11-22T10:47:02.403Z INFO ',
    '2026-11-22 10:47:02,403 [ERROR] ',
    '2026-11-22 10:47:02.403+01:00 WARN: ',
    '[2026-11-22 10:47:02] ',
    '2026/11/22 10:47:02 ',
    '17/06/09 20:10:40 INFO ',
    '03-17 16:13:38.811 ',
    'Nov 22 10:47:02 ',
    'Jun  9 06:06:20 ',
    '10:47:02 DEBUG ',
    '[Sun Dec 04 04:47:44 2005] [notice] ',
  ]) assert.equal(rest(`${head}message`), 'message', head);
});

test('what only looks like it is kept', () => {
  for (const line of ['Error opening file', 'INFORMATION follows', '12 monkeys', 'GET /x 10:47:02 INFO x', '{"ts":"2026-11-22"}']) {
    assert.equal(rest(line), line);
  }
});

test('a line that is nothing but its head is kept', () => {
  assert.equal(rest('2026-11-22T10:47:02Z '), '2026-11-22T10:47:02Z ');
});

test('nothing is left out that the server did not recognise', () => {
  const line = '2026-11-22T10:47:02Z INFO message';
  assert.equal(headLength(line, false, false), 0);
  assert.equal(line.slice(headLength(line, true, false)), 'INFO message');
});

function pieces(text, from, { spans = [], parts = [], extras = [], matches = [], hits = [] }) {
  return cutPieces(text, from, { spans, parts, extras, matches, hits })
    .map((piece) => `${piece.style?.color ?? ''}${piece.isMatch ? 'm' : ''}${piece.isHit ? 'h' : ''}:${piece.text}`);
}

test('without layers a line is one piece', () => {
  assert.deepEqual(pieces('hello', 0, {}), [':hello']);
  assert.deepEqual(pieces('hello', 2, {}), [':llo']);
  assert.deepEqual(pieces('', 0, {}), []);
});

test('layers overlap freely', () => {
  const spans = [{ from: 2, to: 8, style: { color: 1 } }];
  assert.deepEqual(
    pieces('0123456789', 0, { spans, matches: [[0, 3], [9, 10]], hits: [[2, 5]] }),
    ['m:01', '1mh:2', '1h:34', '1:567', ':8', 'm:9'],
  );
});

test('ranges before the drawn part or beyond the text are cut off', () => {
  assert.deepEqual(pieces('0123456789', 4, { matches: [[0, 6], [8, 99]] }), ['m:45', ':67', 'm:89']);
});
