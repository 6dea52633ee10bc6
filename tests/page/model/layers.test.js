// The shape of the page's own code: models know no page, the wire knows no document, views no server.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../../static/', import.meta.url);

function files(folder) {
  return readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith('.js')).map((name) => {
    const text = readFileSync(new URL(`${folder}/${name}`, ROOT), 'utf8');
    return { name: `${folder}/${name}`, text, code: text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') };
  });
}

function offenders(folder, pattern) {
  return files(folder).filter(({ code }) => pattern.test(code)).map(({ name }) => name);
}

test('a model names neither document nor window, nor what belongs to them', () => {
  assert.deepEqual(offenders('js/model', /\b(document|window|navigator|localStorage|location|fetch|EventSource)\b/), []);
  assert.deepEqual(offenders('js/model', /from '\.\.\//), []);
});

test('the wire does not touch the page', () => {
  assert.deepEqual(offenders('js/wire', /\b(document|window|view)\b/), []);
});

test('a view does not talk to the server', () => {
  assert.deepEqual(offenders('js/view', /\b(fetch|EventSource|XMLHttpRequest)\b/), []);
  assert.deepEqual(offenders('js/view', /^import .*'\.\.\/wire\//m), []);
});

test('text never becomes markup, and nothing is inline', () => {
  const forbidden = /\b(innerHTML|outerHTML|insertAdjacentHTML|DOMParser|eval)\b|document\.write|setAttribute\('style'|new Function/;
  for (const folder of ['js', 'js/connect', 'js/model', 'js/wire', 'js/view']) assert.deepEqual(offenders(folder, forbidden), []);
  const page = readFileSync(new URL('index.html', ROOT), 'utf8');
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
});

test('only the connections and the door know the whole page', () => {
  for (const folder of ['js/model', 'js/wire', 'js/view']) assert.deepEqual(offenders(folder, /\/(page|connect\/\w+)\.js'/), []);
  assert.deepEqual(offenders('js/connect', /from '\.\/|from '\.\.\/main/), []);
});

test('every file is checked by the compiler and small enough to be read', () => {
  for (const folder of ['js', 'js/connect', 'js/model', 'js/wire', 'js/view']) {
    for (const { name, text } of files(folder)) {
      assert.ok(text.startsWith('// @ts-check\n// '), `${name} opens with what it is for`);
      assert.ok(text.split('\n').length <= 400, `${name} is short`);
    }
  }
});
