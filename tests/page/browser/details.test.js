// What is done with one line: its menu, its details, marks of time, ranges.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const LINES = [
  '2026-11-22T10:00:00.000+01:00 INFO first',
  '{"time":"2026-11-22T09:00:01.250Z","level":"error","msg":"failed","order":{"total":129.90}}',
  '2026-11-22 10:00:02 WARN tab\there \\ caf\u00e9',
  '2026-11-22T10:00:03.000Z INFO last one',
];

async function open(t, options = {}) {
  const dir = new LogDir(t);
  dir.append('app.log', `${LINES.join('\n')}\n`);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, { timezoneId: 'Asia/Kolkata', ...options });
  await tab.sees('last one');
  // It moves the lines when it comes.
  await tab.page.getByRole('slider', { name: 'Timeline' }).waitFor();
  await tab.page.evaluate(() => {
    window.copies = [];
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copies.push(text); } } });
  });
  return tab;
}

const row = (tab, text) => tab.page.locator('[role=log] .rows .row', { hasText: text });
const panel = (tab) => tab.page.getByRole('complementary', { name: 'Line', exact: true });

async function copied(tab, expected) {
  await tab.until('the copy', async () => {
    const seen = await tab.page.evaluate(() => window.copies.at(-1));
    return { isThere: expected instanceof RegExp ? expected.test(seen) : seen === expected, seen };
  });
}

async function says(tab, expected) {
  await tab.until(`details ${expected}`, async () => {
    const seen = await panel(tab).innerText();
    return { isThere: expected.test(seen), seen };
  });
}

test('the details of a line say when, where and what it is, down to its bytes', async (t) => {
  const tab = await open(t);
  await row(tab, 'failed').locator('.text').click();
  assert.equal(await panel(tab).isVisible(), false);
  await tab.page.keyboard.press('Shift+Enter');
  await says(tab, /Asia\/Kolkata|Asia\/Calcutta/);
  await says(tab, /2026-11-22 14:30:01\.250[\s\S]*2026-11-22 09:00:01\.250[\s\S]*2026-11-22T09:00:01\.250Z/);
  await says(tab, /\+1\.250[\s\S]*error[\s\S]*byte 41 of segment \w+[\s\S]*total: 129\.90/);
  await says(tab, /\{"time":"2026-11-22T09:00:01\.250Z".*\}\\n/);

  await panel(tab).getByRole('button', { name: 'Next line' }).click();
  await says(tab, /without a zone: that of the server/);
  await says(tab, /WARN tab\\there \\\\ caf\\xc3\\xa9\\n/);
  await tab.page.keyboard.press('k');
  await says(tab, /total: 129\.90/);
  await panel(tab).getByRole('button', { name: 'Copy JSON' }).click();
  await copied(tab, LINES[1]);

  const { x, y, width, height } = await panel(tab).boundingBox();
  await tab.page.mouse.move(x + 5, y + height - 5);
  await tab.page.mouse.down();
  await tab.page.mouse.move(x - 95, y + height - 5, { steps: 4 });
  await tab.page.mouse.up();
  await tab.until('a wider panel', async () => {
    const seen = (await panel(tab).boundingBox()).width;
    return { isThere: Math.abs(seen - width - 100) < 8, seen };
  });
  await tab.page.keyboard.press('Escape');
  await panel(tab).waitFor({ state: 'hidden' });
  await tab.page.locator('[role=log] [aria-current]:focus').waitFor();
});

test('on a phone the details are a sheet at the lower edge, and a second touch unfolds', async (t) => {
  const tab = await open(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await row(tab, 'failed').locator('.text').tap({ position: { x: 4, y: 8 } });
  await tab.page.getByRole('button', { name: 'Line menu' }).tap();
  await tab.page.getByRole('menuitem', { name: 'Details' }).tap();
  await says(tab, /total: 129\.90/);
  const box = await panel(tab).boundingBox();
  assert.equal(box.width, 390);
  assert.ok(Math.abs(box.y + box.height - 844) < 1);
  await panel(tab).getByRole('button', { name: 'Close' }).tap();
  await row(tab, 'failed').locator('.text').tap({ position: { x: 4, y: 8 } });
  await row(tab, 'failed').getByText('129.90').waitFor();
});

test('the menu of a line copies it as JSON, filters for a selection, and lets the log start there', async (t) => {
  const tab = await open(t);
  const menu = async (text, item) => {
    await row(tab, text).hover();
    await tab.page.getByRole('button', { name: 'Line menu' }).click();
    await tab.page.getByRole('menuitem', { name: item }).click();
  };
  await menu('first', 'Copy JSON');
  await copied(tab, /"offset":0,"time":"2026-11-22T09:00:00.000Z","level":"info","text":".*INFO first"/);
  await menu('failed', 'Copy line');
  await copied(tab, LINES[1]);
  await menu('failed', 'Mark');
  await tab.page.locator('.row[data-marked]', { hasText: 'failed' }).waitFor();
  await menu('failed', 'Start from here');
  await tab.until('lines from there', async () => {
    const seen = await tab.texts();
    return { isThere: seen[0]?.startsWith('failed') && seen.at(-1) === 'last one', seen };
  });
  await row(tab, 'last one').locator('.text').dblclick({ position: { x: 8, y: 8 } });
  await menu('last one', 'Filter out selection');
  await tab.until('no such line', async () => {
    const seen = await tab.texts();
    return { isThere: seen.length > 0 && !seen.includes('last one'), seen };
  });
});

test('a click on the time copies a link to the line', async (t) => {
  const tab = await open(t);
  await row(tab, 'failed').locator('.time').click();
  await copied(tab, /[?&]at=\w+\.41&ts=/);
});

test('Shift and a click choose all lines up to there', async (t) => {
  const tab = await open(t);
  await row(tab, 'first').locator('.text').click();
  await row(tab, 'tab').locator('.text').click({ modifiers: ['Shift'] });
  await tab.page.keyboard.press('c');
  await copied(tab, LINES.slice(0, 3).join('\n'));
});

test('x shows the lines around one, whatever the filter leaves out, and the filter stays', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 200);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?q=0$`);
  await tab.sees('line 190');
  await row(tab, 'line 100').locator('.text').click();
  await tab.page.keyboard.press('x');
  const around = panel(tab).locator('.around div');
  await tab.reads('the lines around it', () => around.allTextContents(), Array.from({ length: 21 }, (_, at) => `line ${90 + at}`));
  assert.equal(await panel(tab).locator('.around [aria-current]').textContent(), 'line 100');
  await tab.page.keyboard.press('j');
  await tab.reads('those around the next', () => around.first().textContent(), 'line 100');
  assert.ok((await tab.texts()).every((text) => text.endsWith('0')), 'the filter is in force');
  await tab.page.keyboard.press('Escape');
  await panel(tab).waitFor({ state: 'hidden' });
});

test('a time that is pointed at says what it is elsewhere', async (t) => {
  const tab = await open(t);
  await row(tab, 'failed').locator('.time').hover();
  await tab.until('the zones', async () => {
    const seen = await row(tab, 'failed').locator('.time').getAttribute('title');
    return { isThere: /^Time in Asia\/(Kolkata|Calcutta): 2026-11-22 14:30:01\.250\nTime in UTC: 2026-11-22 09:00:01\.250\nAs logged: 2026-11-22T09:00:01\.250Z$/.test(seen), seen };
  });
});
