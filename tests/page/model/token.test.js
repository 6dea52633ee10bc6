// What a reader may paste to sign in.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { tokenIn } from '../../../static/js/model/token.js';

test('a token is found in the link, in its end, and alone', () => {
  const texts = [
    'http://192.0.2.1:5647/#t=correct-horse',
    'https://logs.example/app/?q=error#t=correct-horse',
    '#t=correct-horse',
    ' correct-horse\n',
  ];
  for (const text of texts) assert.equal(tokenIn(text), 'correct-horse', text);
  assert.equal(tokenIn('A.b_c~d+e/f=='), 'A.b_c~d+e/f==');
});

test('what can be no token is none', () => {
  for (const text of ['', '#t=', 'two words', 'http://192.0.2.1:5647/', 'naïve', 'a\nb']) {
    assert.equal(tokenIn(text), '', text);
  }
});
