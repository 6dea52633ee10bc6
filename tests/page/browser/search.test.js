// Finding in the whole log, also in what the page does not hold.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** Fifty thousand lines in two files, with a needle every ten thousand. */
async function open(t, query = '', last = 'line 49999') {
  const dir = new LogDir(t);
  const line = (n) => (n % 10_000 === 5_000 ? `the Needle ${n}\n` : `line ${n}\n`);
  const lines = (from, to) => Array.from({ length: to - from }, (_, at) => line(from + at)).join('');
  dir.append('app.log', lines(0, 20_000));
  dir.rotate('app.log');
  dir.append('app.log', lines(20_000, 50_000));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}${query}`);
  await tab.sees(last);
  return { dir, tab };
}

const hits = (tab) => tab.page.getByRole('listbox', { name: 'Hits' }).getByRole('option');

async function find(tab, text) {
  await tab.page.keyboard.press('/');
  await tab.page.getByRole('searchbox', { name: 'Find' }).fill(text);
}

async function currentIs(tab, text) {
  await tab.until(`the current line "${text}"`, async () => {
    const seen = await tab.page.evaluate(() => document.querySelector('[role=log] [aria-current] .text')?.textContent);
    return { isThere: seen === text, seen };
  });
}

test('hits of the whole log are listed, newest first or oldest first', async (t) => {
  const { tab } = await open(t);
  await find(tab, 'needle');
  await tab.page.getByText(/^5 hits in \d+ KB$/).waitFor();
  const texts = async () => (await hits(tab).locator('.text').allTextContents()).map((text) => text.slice(11));
  assert.deepEqual(await texts(), ['45000', '35000', '25000', '15000', '5000']);
  assert.equal(await hits(tab).locator('mark').first().textContent(), 'Needle');
  await tab.page.getByRole('button', { name: 'Newest first' }).click();
  await tab.until('the other order', async () => {
    const seen = await texts();
    return { isThere: seen.join() === '5000,15000,25000,35000,45000', seen };
  });
});

test('n and N walk through the hits of the whole log, and Esc leaves', async (t) => {
  const { tab } = await open(t);
  await find(tab, 'needle');
  await tab.page.getByText(/^5 hits/).waitFor();
  await tab.page.keyboard.press('Shift+Enter');
  await currentIs(tab, 'the Needle 45000');
  await tab.isIn('paused');
  await tab.page.getByRole('log').focus();
  for (const number of [35_000, 25_000, 15_000]) {
    await tab.page.keyboard.press('Shift+N');
    await currentIs(tab, `the Needle ${number}`);
  }
  await tab.page.keyboard.press('n');
  await currentIs(tab, 'the Needle 25000');
  assert.equal(await hits(tab).and(tab.page.locator('[aria-selected=true]')).locator('.text').textContent(), 'the Needle 25000');
  await tab.page.keyboard.press('Escape');
  assert.equal(await tab.page.getByRole('listbox', { name: 'Hits' }).isVisible(), false);
});

test('a hit that is clicked is shown among its neighbours, and arrows preview the next', async (t) => {
  const { tab } = await open(t);
  await find(tab, 'needle');
  await hits(tab).nth(4).click();
  await currentIs(tab, 'the Needle 5000');
  await tab.sees('line 5001');
  await tab.page.getByRole('listbox', { name: 'Hits' }).focus();
  await tab.page.keyboard.press('ArrowUp');
  await currentIs(tab, 'the Needle 15000');
  await tab.page.keyboard.press('Enter');
  await tab.page.locator('[role=log] [aria-current]:focus').waitFor();
});

test('what is nowhere is said to be nowhere', async (t) => {
  const { tab } = await open(t);
  await find(tab, 'no such thing (');
  await tab.page.getByText(/^No match in \d+ KB\.$/).waitFor();
});

test('a search keeps to the filter, and can become one', async (t) => {
  const { tab } = await open(t, '?q=0$', 'line 49990');
  await find(tab, 'Needle 2');
  await tab.page.getByText(/^1 hit in/).waitFor();
  await tab.page.getByRole('button', { name: 'Make this the filter' }).click();
  await tab.until('the filtered line alone', async () => {
    const seen = await tab.texts();
    return { isThere: seen.join() === 'the Needle 25000', seen };
  });
});
