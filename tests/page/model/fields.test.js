// Structured lines: which have fields, what is shown of them, and where in that the filter and the search found something.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldAt, readFields, valueOf } from '../../../static/js/model/fields.js';
import { readingOf } from '../../../static/js/model/reading.js';
import { BARE_LINE } from '../../../static/js/model/stored_lines.js';

const WISHES = { showsHead: false, isRaw: false, columns: [], hits: () => [] };

function read(text, line = {}, wishes = {}) {
  return readingOf({ ...BARE_LINE, text, ...line }, text, { ...WISHES, ...wishes });
}

/** What is shown, or null where it is the line as it is. */
function shown(text, line, wishes) {
  const { text: result, fields } = read(text, line, wishes);
  return fields === null ? null : result;
}

/** Ranges of a word in a text. */
function found(text, word) {
  return Array.from(text.matchAll(new RegExp(word, 'g')), ({ index }) => [index, index + word.length]);
}

function marked({ text, matches }) {
  return matches.map(([from, to]) => text.slice(from, to));
}

test('a JSON line is its message and then its fields as they are written', () => {
  assert.equal(
    shown('{"b":1.50,"msg":"request done","path":"/x","n":12345678901234567890,"e":1e400,"ok":true,"none":null}'),
    'request done b=1.50 path=/x n=12345678901234567890 e=1e400 ok=true none=null',
  );
  assert.equal(shown('{ "a" : { "b" : [ 1, {} ] } , "c":"two words", "d":"" }'), 'a={ "b" : [ 1, {} ] } c="two words" d=""');
});

test('time and level are lifted out where the gutter shows them', () => {
  const line = '{"ts":"2026-11-22T10:47:02Z","level":"warn","msg":"slow"}';
  assert.equal(shown(line, { time: 1, level: 4 }), 'slow');
  assert.equal(shown(line), 'slow ts=2026-11-22T10:47:02Z level=warn');
  assert.equal(shown(line, { time: 1, level: 4 }, { showsHead: true }), 'slow ts=2026-11-22T10:47:02Z');
  assert.equal(shown(line, { time: 1, level: 4, matches: found(line, 'warn') }), 'slow level=warn');
});

test('what stands before the JSON is kept, but for the head', () => {
  const line = '2026-11-22T10:47:02Z api[3]: {"user":"bob"}';
  assert.equal(shown(line, { head: 21 }), 'api[3]: user=bob');
  assert.equal(shown('a {"x" b {"y":1}'), 'a {"x" b y=1');
});

test('logfmt is read, and a sentence with a pair in it is not', () => {
  assert.equal(shown('time=1 level=info msg="a \\"b\\" c" n=3 empty= path=/x', { time: 1, level: 3 }), 'a "b" c n=3 empty="" path=/x');
  for (const line of ['GET /x status=200 n=3', 'status=200', 'a=1 b', 'a=1 =2']) assert.equal(shown(line), null, line);
});

test('broken JSON, and what is no object, is shown as it is', () => {
  for (const line of ['{"a":1', '{"a":1}}', '{a:1}', '{"a":01}', '[1,2]', '"text"', '{}', 'x{}', '}', `${'{"a":'.repeat(9)}1}`]) {
    assert.equal(shown(line), null, line);
  }
  assert.equal(shown('{"a":1}', {}, { isRaw: true }), null);
  assert.equal(shown('{"a":1}', { cut: 99 }), null);
});

test('JSON of more than a megabyte is not read', () => {
  assert.equal(readFields(`{"a":"${'x'.repeat(1024 * 1024)}"}`, 0), null);
});

test('however deep JSON goes, it is read or left alone', () => {
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  const result = shown(deep);
  assert.ok(result === null || result.length < 200);
});

test('values are cut, and line breaks in one line are signs', () => {
  assert.equal(shown(`{"a":"${'x'.repeat(121)}","b":1}`), `a=${'x'.repeat(120)}… b=1`);
  assert.equal(shown('{"a":"one\\n\\u0007two"}'), 'a="one↵␇two"');
});

test('matches and hits are found where their text is shown now', () => {
  const line = '{"n":504,"msg":"say \\"hi\\" to timeout","key504":"504x"}';
  assert.deepEqual(marked(read(line, { matches: found(line, '504') })), ['504', '504', '504']);
  assert.deepEqual(marked(read(line, { matches: found(line, 'timeout') })), ['timeout']);
  assert.deepEqual(marked(read(line, { matches: found(line, '"n":504') })), ['n', '504']);
  const { text, hits } = read(line, {}, { hits: (whole) => found(whole, 'hi') });
  assert.deepEqual(hits.map(([from, to]) => text.slice(from, to)), ['hi']);
});

test('keys that mean something elsewhere are only keys', () => {
  assert.equal(shown('{"__proto__":1,"constructor":2,"a":3,"a":4}'), '__proto__=1 constructor=2 a=3 a=4');
});

test('a field that has a column of its own is not repeated', () => {
  assert.equal(shown('{"msg":"x","status":504,"n":1}', {}, { columns: ['status'] }), 'x n=1');
});

test('a field is found by its path, and its value is without escapes', () => {
  const line = '{"a":{"b.c":[1,{"d":"\\u00e9\\ud83e\\udd80\\n"}]}}';
  const { fields } = readFields(line, 0);
  assert.equal(valueOf(line, fieldAt(fields, 'a.b.c.1.d')).text, 'é🦀\n');
  assert.equal(fieldAt(fields, 'a.x'), undefined);
});

test('links are those of the web without the stop after them; what was blackened is a chip', () => {
  const parts = (text) => read(text).extras.map(({ from, to, kind }) => `${kind} ${text.slice(from, to)}`);
  assert.deepEqual(parts('see (https://example.com/a?b=c), http://x. javascript:alert(1) ftp://x'), ['link https://example.com/a?b=c', 'link http://x']);
  assert.deepEqual(parts('token=[redacted:bearer] [redacted:]'), ['redacted [redacted:bearer]']);
});

test('what was found in overprinted text is shown', () => {
  const line = 'password\rharmless';
  assert.equal(read(line).text, 'harmless');
  assert.equal(read(line).isOverprinted, true);
  assert.equal(read(line, { matches: [[0, 4]] }).text, 'password␍harmless');
  assert.equal(read(line, { isUnfolded: true }).text, 'password␍harmless');
});
