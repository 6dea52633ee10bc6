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

test('control characters are shown', () => check('a\u0000b\rc\u0008d\u007f\u0085', 'a␀b␍c␈d␡<U+0085>'));

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
