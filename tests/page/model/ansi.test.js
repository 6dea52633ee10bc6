// Escapes become colours or vanish; nothing in a line can hide or disguise the rest of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { show } from '../../../static/js/model/ansi.js';

const ESC = '\u001b';

/** Text with its spans written as `[style|text]`. */
function marked(text) {
  const shown = show(text);
  let result = '';
  let at = 0;
  for (const { from, to, style } of shown.spans) {
    const names = Object.entries(style)
      .filter(([, value]) => value !== null && value !== false)
      .map(([name, value]) => (value === true ? name : `${name} ${value}`));
    result += `${shown.text.slice(at, from)}[${names.join(' ')}|${shown.text.slice(from, to)}]`;
    at = to;
  }
  return result + shown.text.slice(at);
}

function check(text, expected) {
  assert.equal(marked(text), expected);
}

test('plain text is left alone', () => check('GET / 200 grüße 字 🦀', 'GET / 200 grüße 字 🦀'));

test('SGR colours and styles become spans', () => {
  check(`${ESC}[32m INFO${ESC}[0m ok`, '[color 2| INFO] ok');
  check(`${ESC}[1;31mE${ESC}[22mF${ESC}[39mG`, '[color 1 bold|E][color 1|F]G');
  check(`${ESC}[2;3;4;9mx${ESC}[m.`, '[dim italic underline strike|x].');
  check(`${ESC}[97;104mx${ESC}[49m.${ESC}[7my`, '[color 15 background 12|x][color 15|.][color 15 inverse|y]');
});

test('256 and true colours, in both notations', () => {
  check(`${ESC}[38;5;208mx`, '[color #ff8700|x]');
  check(`${ESC}[38;5;3mx`, '[color 3|x]');
  check(`${ESC}[48;5;244mx`, '[background #808080|x]');
  check(`${ESC}[38;2;1;2;3;1mx`, '[color #010203 bold|x]');
  check(`${ESC}[38:5:208mx`, '[color #ff8700|x]');
  check(`${ESC}[38:2::1:2:3mx`, '[color #010203|x]');
  check(`${ESC}[38;5;999mx${ESC}[38;2;300;0;0my`, 'xy');
});

test('concealed and blinking text stays visible', () => check(`${ESC}[8mpassword${ESC}[5m!`, 'password!'));

test('all other sequences vanish', () => {
  check(`a${ESC}[2Jb${ESC}[10;20Hc${ESC}[?25ld`, 'abcd');
  check(`a${ESC}]0;title\u0007b${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\c`, 'ablinkc');
  check(`a${ESC}(Bb${ESC}7c\u009b31md`, 'abc[color 1|d]');
});

test('an unfinished sequence hides nothing after it', () => {
  check(`a${ESC}]0;the rest of the line`, 'a0;the rest of the line');
  check(`a${ESC}[31`, 'a31');
  check(`a${ESC}`, 'a␛');
});

test('control characters are shown', () => check('a\u0000bc\u0008d\u007f\u0085\r', 'a␀bc␈d␡<U+0085>␍'));

test('of what is overprinted the last state is shown, and all of it when asked for', () => {
  const line = `${ESC}[31m 10%\r 55%${ESC}[0m\r100% done`;
  check(line, '100% done');
  assert.equal(show(line).isOverprinted, true);
  assert.equal(show(line).place(line.indexOf('done')), 5);
  assert.equal(show(line, true).text, ' 10%␍ 55%␍100% done');
  assert.equal(show('\r\rstart').isOverprinted, false);
});

test('a link has an address of the web, or is text', () => {
  const link = (address) => show(`a${ESC}]8;id=1;${address}${ESC}\\b${ESC}[1mc${ESC}[0m${ESC}]8;;${ESC}\\d`).parts;
  assert.deepEqual(link('https://example.com/x'), [{ from: 1, to: 3, kind: 'link', href: 'https://example.com/x' }]);
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//example.com', 'https://', '']) {
    assert.deepEqual(link(address), [], address);
  }
});

test('what is made visible is marked as such', () => {
  assert.deepEqual(show('a\u0000\u0007b\u202e\tc').parts, [
    { from: 1, to: 3, kind: 'control' }, { from: 4, to: 12, kind: 'control' },
  ]);
});

test('bidirectional and invisible characters are shown', () => {
  check('a\u202egnp.exe', 'a<U+202E>gnp.exe');
  check('\u200b\u2066\ufeff', '<U+200B><U+2066><U+FEFF>');
});

test('tabs go to the next stop', () => check('a\tb\t', 'a       b       '));

test('a line has a bounded number of spans and loses no text', () => {
  const { text, spans } = show(`${ESC}[31mx${ESC}[32my`.repeat(1000));
  assert.equal(text, 'xy'.repeat(1000));
  assert.equal(spans.length, 256);
});

test('offsets of the original are found in what is shown', () => {
  const original = `${ESC}[32mINFO${ESC}[0m\tuser=\u202e${ESC}[1mbob`;
  const { text, place } = show(original);
  for (const word of ['INFO', 'user=', 'bob']) {
    assert.equal(place(original.indexOf(word)), text.indexOf(word), word);
    assert.equal(place(original.indexOf(word) + word.length), text.indexOf(word) + word.length, word);
  }
  assert.equal(place(original.length), text.length);
});
