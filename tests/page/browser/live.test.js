// Lines written to a real file appear in the page.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

test('each line is on the screen as soon as it was written, without another one behind it', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');
  for (const text of ['second', 'third', 'fourth']) {
    dir.append('app.log', `${text}\n`);
    await tab.sees(text);
  }
});

test('a hundred thousand lines at once leave few rows, and the last one on the screen', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');

  dir.appendLines('app.log', 0, 100_000);
  await tab.sees('line 99999');
  const rows = await tab.count('[role=log] [data-offset], [role=log] [data-gap], [role=log] [data-boundary]');
  assert(rows > 10 && rows < 300, `${rows} rows`);
  const elements = await tab.count('*');
  assert(elements < 5_000, `${elements} elements`);
});

test('time, level and source of a line are shown', async (t) => {
  const dir = new LogDir(t);
  dir.append('a.log', '2026-11-22T10:47:02.403Z ERROR boom\n');
  dir.append('b.log', 'of b\n');
  const server = await Server.start(t, dir.path('a.log'), dir.path('b.log'));
  const tab = await Tab.open(t, server.address);
  await tab.until('both lines', async () => {
    const lines = await tab.lines();
    return { isThere: lines.length === 2, seen: lines };
  });
  const [boom] = (await tab.lines()).filter((line) => line.source === 'a.log');
  assert.equal(boom.level, 'error');
  assert.match(boom.text, /boom/);
  await tab.until('its source and level before it', async () => {
    const seen = await tab.page.locator('[data-source="a.log"]').textContent() ?? '';
    return { isThere: /a\.log.*ERR/.test(seen), seen };
  });
});
