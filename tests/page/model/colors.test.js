// Every text can be read on every ground it may stand on: computed from the style sheet itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contrast, readable } from '../../../static/js/model/contrast.js';

const sheet = readFileSync(new URL('../../../static/css/tokens.css', import.meta.url), 'utf8');
const themes = { light: {}, dark: {} };
for (const [, name, light, dark] of sheet.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)) {
  themes.light[name] = light;
  themes.dark[name] = dark;
}

const GROUNDS = ['bg', 'bar', 'hover', 'row-error', 'row-warn', 'row-link'];
const TEXTS = Object.keys(themes.dark).filter((name) => (
  /^(text|dim|trace|debug|info|warn|error|fatal|accent|hue-\d|ansi-\d+)$/.test(name)
));
/** @param {number[]} channels */
const hex = (channels) => `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

const PAIRS = [['on-accent', 'accent'], ['on-match', 'match'], ['on-hit', 'hit'], ['on-gap', 'gap']];

for (const [theme, colors] of Object.entries(themes)) {
  test(`${theme}: text on any ground has a contrast of 4.5 or more`, () => {
    const pairs = [...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground])), ...PAIRS];
    assert.ok(pairs.length > 150);
    const poor = pairs
      .map(([text, ground]) => ({ text, ground, ratio: contrast(colors[text], colors[ground]) }))
      .filter(({ ratio }) => ratio < 4.5)
      .map(({ text, ground, ratio }) => `${text} on ${ground}: ${ratio.toFixed(2)}`);
    assert.deepEqual(poor, []);
  });

  test(`${theme}: the edge of a field has a contrast of 3 or more`, () => {
    assert.ok(contrast(colors['field-edge'], colors.field) >= 3);
    assert.ok(contrast(colors['field-edge'], colors.bar) >= 3);
  });
}

for (const [theme, colors] of Object.entries(themes)) {
  test(`${theme}: any colour a log brings along can be read on every row, and the page's colour on it`, () => {
    const hardest = colors['row-link'];
    const steps = [0, 51, 102, 153, 204, 255];
    const poor = [];
    for (const red of steps) for (const green of steps) for (const blue of steps) {
      const color = hex([red, green, blue]);
      const moved = hex(readable(color, hardest).match(/\d+/g).map(Number));
      for (const ground of GROUNDS) if (contrast(moved, colors[ground]) < 4.5) poor.push(`${color} as ${moved} on ${ground}`);
    }
    assert.deepEqual(poor, []);
    assert.deepEqual(GROUNDS.filter((ground) => contrast(colors[ground], colors.text) < contrast(hardest, colors.text)), []);
  });

  test(`${theme}: what stands on a ground of the palette has the page's colour and can be read`, () => {
    const poor = Array.from({ length: 16 }, (_, index) => contrast(colors.bg, colors[`ansi-${index}`])).filter((ratio) => ratio < 4.5);
    assert.deepEqual(poor, []);
  });
}

test('the colour the page moves others away from is the one of the style sheet', () => {
  const code = readFileSync(new URL('../../../static/js/view/theme.js', import.meta.url), 'utf8');
  assert.deepEqual(code.match(/#[0-9a-f]{6}/g), [themes.dark['row-link'], themes.light['row-link']]);
});

test('colours of the log are moved until they can be read, and left alone when they can', () => {
  assert.equal(readable('#ffffff', '#0f1318'), 'rgb(255 255 255)');
  for (const ground of ['#0f1318', '#ffffff']) {
    for (const color of ['#000080', '#808080', '#ffff00', '#0f1318', '#ffffff']) {
      const [red, green, blue] = readable(color, ground).match(/\d+/g).map(Number);
      const found = hex([red, green, blue]);
      assert.ok(contrast(found, ground) >= 4.5, `${color} on ${ground}: ${found}`);
    }
  }
});
