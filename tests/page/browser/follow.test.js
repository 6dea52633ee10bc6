// Following and paused are modes: what arrives moves the page in one and not in the other.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/**
 * The first line that can be seen, and where.
 *
 * @param {import('./harness/tab.js').Tab} tab
 */
function topLine(tab) {
  return tab.page.evaluate(() => {
    const pane = document.querySelector('[role=log]').getBoundingClientRect();
    for (const row of document.querySelectorAll('[role=log] [data-offset]')) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > pane.top + 1) return { text: row.querySelector('.text').textContent, top: Math.round(top) };
    }
    return null;
  });
}

test('pause keeps the place and counts what came', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 500);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 499');

  await tab.page.getByRole('button', { name: 'Pause' }).click();
  await tab.isIn('paused');
  const before = await topLine(tab);
  assert(before !== null);
  dir.appendLines('app.log', 500, 1_700);
  const pill = tab.page.getByRole('button', { name: '1,200 new lines' });
  await pill.waitFor();
  assert.deepEqual(await topLine(tab), before);

  await pill.click();
  await tab.sees('line 1699');
  await tab.isIn('live');
  dir.append('app.log', 'newest\n');
  await tab.sees('newest');
});

test('the wheel pauses, and End follows again', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 500);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 499');

  await tab.page.getByRole('log').hover();
  await tab.page.mouse.wheel(0, -600);
  await tab.isIn('paused');
  dir.appendLines('app.log', 500, 510);
  await tab.page.getByRole('button', { name: '10 new lines' }).waitFor();
  await tab.page.keyboard.press('End');
  await tab.sees('line 509');
  await tab.isIn('live');
});

test('rotation and truncation are rows', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('one');
  dir.rotate('app.log');
  dir.append('app.log', 'two\n');
  await tab.sees('two');
  assert.match(await tab.page.locator('[data-boundary]').innerText(), /rotated.*app\.log\.1/);
  dir.truncate('app.log');
  dir.append('app.log', 'three\n');
  await tab.sees('three');
  assert.equal(await tab.count('[data-boundary]'), 2);
  assert.match(await tab.page.locator('[data-boundary]').last().innerText(), /emptied/);
});

test('a file that does not exist yet is waited for', async (t) => {
  const dir = new LogDir(t);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.isIn('waiting');
  dir.append('app.log', 'first\n');
  await tab.sees('first');
  await tab.isIn('live');
});

test('following, the last line is on the screen also where long lines were matched at their beginning', async (t) => {
  const dir = new LogDir(t);
  const line = (n) => `2026-11-22T10:47:02.403Z ERROR ${'wrapped '.repeat(18)}${n}\n`;
  dir.append('app.log', Array.from({ length: 200 }, (_, n) => line(n)).join(''));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?q=ERROR`);
  await tab.until('the last line above the lower edge', async () => {
    const seen = await tab.page.evaluate(() => {
      const pane = document.querySelector('[role=log]').getBoundingClientRect();
      const row = [...document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden])')].at(-1);
      return [row?.textContent.slice(-4), row === undefined ? 0 : pane.bottom - row.getBoundingClientRect().bottom];
    });
    return { isThere: seen[0] === ' 199' && seen[1] > 0, seen };
  });
});
