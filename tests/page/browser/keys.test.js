// The keys: each does what the help says of it, and single letters can be switched off.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const START = Date.parse('2026-11-22T08:00:00Z');
/** One line in ten seconds, with an error and its stack trace, a warning and a structured line now and then. */
function logLines() {
  return Array.from({ length: 2000 }, (_, number) => {
    const time = new Date(START + number * 10_000).toISOString();
    if (number % 100 === 50) return `${time} ERROR failed ${number}\n  at one\n  at two`;
    if (number % 100 === 75) return `${time} WARN odd ${number}`;
    return `${time} INFO line ${number}`;
  }).join('\n').concat('\n');
}

async function open(t, options = {}, text = logLines()) {
  const dir = new LogDir(t);
  dir.append('app.log', text);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, { timezoneId: 'UTC', ...options });
  await tab.sees('line 1999');
  const { keyboard } = tab.page;
  const press = async (...keys) => {
    for (const key of keys) await keyboard.press(key);
  };
  const currentIs = (wanted) => tab.until(`the current line "${wanted}"`, async () => {
    const seen = (await tab.page.locator('[role=log] [aria-current] .text').allTextContents()).join();
    return { isThere: seen === wanted, seen };
  });
  const focused = () => tab.page.evaluate(() => document.activeElement?.id);
  return { dir, tab, press, currentIs, focused };
}

test('find and filter: / Ctrl-F n N & v', async (t) => {
  const { tab, press, currentIs, focused } = await open(t);
  await press('/');
  assert.equal(await focused(), 'find');
  await press('Escape', 'Control+f');
  assert.equal(await focused(), 'find');
  await tab.page.evaluate(() => addEventListener('keydown', (event) => { window.isTaken = event.defaultPrevented; }));
  await press('Control+f');
  assert.equal(await tab.page.evaluate(() => window.isTaken), false);
  await tab.page.getByRole('searchbox', { name: 'Find' }).fill('failed 1');
  await tab.page.getByText(/^11 hits/).waitFor();
  await press('Shift+Enter');
  await currentIs('failed 1950');
  await tab.page.getByRole('log').focus();
  await press('N');
  await currentIs('failed 1850');
  await press('n');
  await currentIs('failed 1950');
  await press('Escape', '&');
  assert.equal(await focused(), 'filter');
  await tab.page.keyboard.type('failed');
  await tab.until('the matching lines alone', async () => {
    const seen = await tab.texts();
    return { isThere: seen.every((text) => text.startsWith('failed')), seen: seen.slice(-3) };
  });
  await tab.page.getByRole('log').getByText('failed 1950').click();
  await press('v');
  await tab.sees('line 1949');
  await currentIs('failed 1950');
});

test('moving: e E w W j k { } g G', async (t) => {
  const { tab, press, currentIs } = await open(t);
  await press('E');
  await currentIs('failed 1950');
  await press('w');
  await currentIs('odd 1975');
  await press('W', 'E');
  await currentIs('failed 1850');
  await press('j', 'ArrowDown', 'k');
  await currentIs('  at one');
  await press('}');
  await currentIs('line 1851');
  await press('{');
  await currentIs('failed 1850');
  await press('e');
  await currentIs('failed 1950');
  await press('g');
  await tab.sees('line 0');
  await tab.isIn('paused');
  await press('G');
  await tab.sees('line 1999');
  await tab.isIn('live');
});

test('pages: Space b PgUp PgDn, half of one with Ctrl-U and Ctrl-D in the log, and p pauses', async (t) => {
  const { tab, press } = await open(t);
  const top = async () => (await tab.page.getByRole('log').evaluate((log) => log.scrollTop));
  const moves = async (key, direction) => {
    const before = await top();
    await press(key);
    await tab.until(`${key} moves`, async () => {
      const seen = await top() - before;
      return { isThere: Math.sign(seen) === direction, seen };
    });
  };
  await tab.page.getByRole('log').focus();
  for (const key of ['b', 'PageUp', 'Shift+Space', 'Control+u']) await moves(key, -1);
  for (const key of ['Space', 'PageDown', 'Control+d']) await moves(key, 1);
  await press('=');
  await tab.isIn('live');
  await press('p');
  await tab.isIn('paused');
});

test('going to a line, a part, a byte, a time, and so far back', async (t) => {
  const { tab, press, currentIs } = await open(t);
  const go = async (text) => {
    await press(':');
    await tab.page.getByRole('textbox', { name: 'Go to' }).fill(text);
    await press('Enter');
  };
  await go('100');
  await currentIs('line 97');
  await go('2026-11-22T08:10:00Z');
  await currentIs('line 60');
  await press(']');
  await currentIs('line 66');
  await press('[');
  await currentIs('line 60');
  await press('[');
  await currentIs('line 54');
  await press('Alt+]');
  await currentIs('line 414');
  await go('45%');
  await tab.until('lines in the middle', async () => {
    const seen = await tab.texts();
    return { isThere: seen.includes('line 900'), seen: seen.slice(0, 3) };
  });
  await go('@0');
  await tab.sees('line 0');
  await go('-99999h');
  await currentIs('line 0');
  await go('no such place');
  await tab.page.getByRole('dialog', { name: 'Go to' }).getByRole('alert').getByText(/./).waitFor();
});

test('lines: marks are set, walked and kept; copying', async (t) => {
  const { tab, press, currentIs } = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] });
  await press('u');
  await tab.page.getByText('No line is marked: m marks one').waitFor();
  await press('E', 'm', 'E', 'm', 'G');
  await tab.isIn('live');
  await press('U');
  await currentIs('failed 1950');
  await press('U');
  await currentIs('failed 1850');
  await press('u');
  await currentIs('failed 1950');
  await press('m');
  await tab.page.reload();
  await tab.sees('line 1999');
  await press('U');
  await currentIs('failed 1850');
  assert.equal(await tab.count('.row[data-marked]'), 1);
  await press('y');
  await tab.page.getByText('3 lines copied').waitFor();
  assert.match(await tab.page.evaluate(() => navigator.clipboard.readText()), /ERROR failed 1850/);
  await press('Y');
  await tab.page.getByText('Link copied').waitFor();
  assert.match(await tab.page.evaluate(() => navigator.clipboard.readText()), /[?&]at=/);
});

test('the page: s t i z ? and Esc', async (t) => {
  const { tab, press, focused } = await open(t);
  await press('s');
  await tab.until('the field of the sources', async () => {
    const seen = await focused();
    return { isThere: seen === 'sources-find', seen };
  });
  await press('Escape');
  await tab.page.getByRole('dialog', { name: 'Choose sources' }).waitFor({ state: 'hidden' });
  const timeline = tab.page.getByRole('slider', { name: 'Timeline' });
  await press('t');
  await timeline.waitFor({ state: 'hidden' });
  await press('t', 'i');
  await tab.page.locator('#timeline-to', { hasText: 'now' }).waitFor();
  await press('z');
  assert.equal(await tab.page.getByRole('button', { name: 'wrap' }).getAttribute('aria-pressed'), 'false');
  await press('?');
  const help = tab.page.getByRole('dialog', { name: 'Keys' });
  await help.getByRole('table', { name: 'Find and filter' }).waitFor();
  await press('Escape');
  await help.waitFor({ state: 'hidden' });
});

test('l clears the screen, new lines still come, and Esc brings the old ones back', async (t) => {
  const { dir, tab, press } = await open(t);
  await press('l');
  await tab.page.getByText('The screen was cleared. New lines will appear here.').waitFor();
  assert.deepEqual(await tab.texts(), []);
  dir.append('app.log', '2026-11-22T14:00:00Z INFO new\n');
  await tab.sees('new');
  assert.deepEqual(await tab.texts(), ['new']);
  await press('Escape');
  await tab.sees('line 1999');
  const texts = await tab.texts();
  assert.deepEqual(texts.slice(-2), ['line 1999', 'new']);
});

test('keys of a single letter can be switched off, and the others still work', async (t) => {
  const { tab, press, focused } = await open(t);
  await tab.page.getByRole('button', { name: 'Menu' }).click();
  await tab.page.getByRole('checkbox', { name: 'Shortcuts of a single key' }).uncheck();
  await press('Escape');
  await tab.page.getByRole('log').focus();
  await press('s', 'p', '?', 'Shift+Digit1');
  assert.equal(await focused(), 'log');
  await tab.isIn('live');
  await press('Control+f');
  assert.equal(await focused(), 'find');
});
