import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Lines } from '../../../static/js/model/lines.js';
import { Reception } from '../../../static/js/model/reception.js';

const partial = (source, text) => ({ source, offset: 6, text });

test('the line told last is shown until more comes of its source', () => {
  const reception = new Reception(new Lines(), () => 0);
  const { unfinished } = reception;
  assert.equal(unfinished.newest, null);
  unfinished.tell(partial('a.log', 'so'));
  unfinished.tell(partial('b.log', 'other'));
  unfinished.tell(partial('a.log', 'so far'));
  assert.equal(unfinished.newest.text, 'so far');
  reception.log({ source: 'a.log', segment: '1', end: 14, lines: [{ offset: 6, text: 'so far.' }] });
  assert.equal(unfinished.newest.text, 'other');
  reception.truncated({ source: 'b.log', size: 6, time: 0 });
  assert.equal(unfinished.newest, null);
});

test('another subscription has other lines', () => {
  const reception = new Reception(new Lines(), () => 0);
  reception.unfinished.tell(partial('a.log', 'so far'));
  reception.begin();
  assert.equal(reception.unfinished.newest, null);
});
