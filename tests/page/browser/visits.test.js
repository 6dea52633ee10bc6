// Who comes back sees where they had been, and what came since.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const HOUR_MS = 3_600_000;

/** Log lines with times and levels, every tenth one an error. */
function lines(from, to) {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const time = new Date(Date.UTC(2026, 10, 22) + number * 1000).toISOString();
    return `${time} ${number % 10 === 9 ? 'ERROR' : 'INFO'} line ${number}\n`;
  }).join('');
}

/** Leaves the page, and opens it again an hour later. */
async function returnLater(tab, address, meanwhile) {
  await tab.page.goto('about:blank');
  meanwhile();
  await tab.page.clock.setSystemTime(Date.now() + HOUR_MS);
  await tab.page.goto(address);
}

test('a thin row says where the reader was, and how many lines and errors came since', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', lines(0, 100));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 99');
  await returnLater(tab, server.address, () => dir.append('app.log', lines(100, 120)));
  await tab.sees('line 119');
  const row = tab.page.locator('[data-boundary=left]');
  assert.equal(await row.innerText(), '— you were here 1 h ago: 20 lines and 2 errors since —');
  const above = await row.evaluate((element) => element.previousElementSibling.textContent);
  assert.match(above, /line 99$/);
  await tab.page.getByText('You were here 1 h ago: 20 lines and 2 errors since', { exact: true }).waitFor();
  await tab.isIn('live');
});

test('also when more came than the page begins with, and it leads there', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', lines(0, 100));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 99');
  await returnLater(tab, server.address, () => dir.append('app.log', lines(100, 20_100)));
  await tab.sees('line 20099');
  await tab.page.getByText('You were here 1 h ago: 20,000 lines and 2,000 errors since', { exact: true }).waitFor();
  await tab.page.getByRole('button', { name: 'Go there' }).click();
  await tab.sees('line 99');
  assert.match(await tab.page.locator('[data-boundary=left]').innerText(), /20,000 lines/);
});

test('each view has its own place, and where nothing came nothing is said', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', lines(0, 100));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 99');
  await returnLater(tab, server.address, () => {});
  await tab.sees('line 99');
  await tab.page.goto(`${server.address}?x=nothing`);
  await tab.sees('line 99');
  dir.append('app.log', lines(100, 101));
  await tab.page.goto(`${server.address}?x=never`);
  await tab.sees('line 100');
  assert.equal(await tab.count('[data-boundary=left]'), 0);
  assert.equal(await tab.page.getByText('You were here').count(), 0);
});

test('a page of an older version offers to be loaded again', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');
  await tab.page.context().route('**/assets/**', (route) => route.fulfill({ status: 404 }));
  await server.crash();
  await tab.isIn('reconnecting');
  await server.restart();
  await tab.page.getByText('logstream was updated.').waitFor();
  await tab.page.context().unroute('**/assets/**');
  await tab.page.getByRole('button', { name: 'Reload' }).click();
  await tab.sees('first');
  assert.equal(await tab.page.getByText('logstream was updated.').isVisible(), false);
});
