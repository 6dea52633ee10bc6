// A link to a line shows that line to somebody else, whatever has become of its file.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

/** The current line, and how far down the log it lies. */
function current(tab) {
  return tab.page.evaluate(() => {
    const row = document.querySelector('[role=log] [aria-current]');
    if (row === null) return null;
    const pane = document.querySelector('[role=log]').getBoundingClientRect();
    const { top } = row.getBoundingClientRect();
    return { text: row.querySelector('.text').textContent, share: (top - pane.top) / pane.height, isContext: row.hasAttribute('data-context') };
  });
}

async function currentIs(tab, text) {
  await tab.until(`the current line "${text}"`, async () => {
    const seen = await current(tab);
    return { isThere: seen?.text === text, seen };
  });
}

/** Chooses a line far up in the log and gives the address of the page then. */
async function linkTo(tab, server, number) {
  await tab.page.keyboard.press('Home');
  await tab.sees('line 0');
  const row = tab.page.locator('[data-offset]', { hasText: new RegExp(`line ${number}$`) });
  await row.click();
  await tab.until('the line in the address', async () => {
    const seen = tab.page.url();
    return { isThere: /[?&]at=[0-9a-f]{8}\.\d+/.test(seen), seen };
  });
  return tab.page.url();
}

test('the address names the line that is chosen, and opens at it', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 20_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 19999');
  const link = await linkTo(tab, server, 30);

  const other = await Tab.open(t, link.replace(/at=(\w+)\.\d+/, (_, segment) => `at=${segment}.${'line 0\n'.length * 10 + 'line 10\n'.length * 90 + 'line 100\n'.length * 900 + 'line 1000\n'.length * 4_321}`));
  await currentIs(other, 'line 5321');
  const { share } = await current(other);
  assert(share > 0.28 && share < 0.38, `at ${share} of the height`);
  await other.isIn('paused');
  await other.page.getByRole('button', { name: 'follow live' }).click();
  await other.sees('line 19999');
  await other.isIn('live');
});

test('after a rotation the line is found in the older file, and the page says so', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 5_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 4999');
  const link = await linkTo(tab, server, 20);
  dir.rotate('app.log');
  dir.append('app.log', 'after\n');
  await tab.page.keyboard.press('End');
  await tab.sees('after');

  const other = await Tab.open(t, link);
  await currentIs(other, 'line 20');
  await other.page.getByText('This line is in app.log.1 now (its file was rotated).').waitFor();
});

test('a line that the filter leaves out is shown all the same', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 1_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 999');
  const link = new URL(await linkTo(tab, server, 25));
  link.searchParams.set('q', '0$');
  const other = await Tab.open(t, link.href);
  await currentIs(other, 'line 25');
  assert.equal((await current(other)).isContext, true);
  await other.sees('line 20');
  await other.sees('line 30');
});

test('a line that is gone is said to be gone', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', '2026-11-22T10:00:00Z one\n2026-11-22T10:47:02.391Z two\n2026-11-22T11:00:00Z three\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?at=00000001.70`);
  await tab.page.getByText('That line no longer exists.').waitFor();
  await tab.page.getByRole('button', { name: 'Go to the live end' }).click();
  await tab.isIn('live');

  const other = await Tab.open(t, `${server.address}?at=00000001.70&ts=2026-11-22T10:30:00Z`);
  await other.page.getByText('Showing the nearest time: 10:47:02.391').waitFor();
  await currentIs(other, 'two');
});

test('Back returns from a leap to where the reader was', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 20_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 19999');
  await tab.page.keyboard.press('Home');
  await tab.sees('line 0');
  await tab.page.goBack();
  await tab.sees('line 19999');
  await tab.isIn('live');
  await tab.page.goForward();
  await tab.sees('line 0');
  await tab.isIn('paused');
});

test('the menu of a line copies it as it is in the file, and a link to it', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', '2026-11-22T10:47:02.403Z ERROR a\ttab and \x1b[31mred\x1b[0m\nlast\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, CLIPBOARD);
  await tab.sees('last');
  const clipboard = () => tab.page.evaluate(() => navigator.clipboard.readText());
  await tab.page.locator('[role=log] [data-level=error]').hover();
  await tab.page.getByRole('button', { name: 'Line menu' }).click();
  await tab.page.getByRole('menuitem', { name: 'Copy line c' }).click();
  await tab.page.getByText('Line copied').waitFor();
  assert.equal(await clipboard(), '2026-11-22T10:47:02.403Z ERROR a\ttab and \x1b[31mred\x1b[0m');

  await tab.page.keyboard.press('Shift+Y');
  await tab.page.getByText('Link copied').waitFor();
  assert.match(await clipboard(), /[?&]at=[0-9a-f]{8}\.0&ts=2026-11-22T10:47:02\.403Z/);
});

test('what is selected is copied as it is in the file, without the gutter', async (t) => {
  const dir = new LogDir(t);
  const long = `2026-11-22T10:47:02.403Z INFO ${'wrapped\t'.repeat(60)}end`;
  dir.append('app.log', `2026-11-22T10:47:01Z WARN first\n${long}\nthird line\n`);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, CLIPBOARD);
  await tab.sees('third line');
  const copied = async (from, to) => {
    await tab.page.evaluate(([first, last]) => {
      const texts = document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden]) .text');
      const end = (element, offset) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let node = walker.nextNode();
        let rest = offset;
        for (; rest > node.data.length; node = walker.nextNode()) rest -= node.data.length;
        return [node, rest];
      };
      const length = (element) => element.textContent.length;
      const [a, at] = end(texts[first[0]], first[1]);
      const [b, until] = end(texts[last[0]], last[1] < 0 ? length(texts[last[0]]) : last[1]);
      document.getSelection().setBaseAndExtent(a, at, b, until);
    }, [from, to]);
    await tab.page.keyboard.press('Control+c');
    return tab.page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied([0, 0], [2, 5]), `2026-11-22T10:47:01Z WARN first\n${long}\nthird`);
  assert.equal(await copied([1, 0], [1, -1]), long);
  assert.equal(await copied([2, 2], [2, 8]), 'ird li');
  assert.equal(await copied([1, 4], [1, 16]), 'ped\twrappe');
});

test('a line that is cut can be read on', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', `${'x'.repeat(150_000)}END\nlast\n`);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('last');
  const length = () => tab.page.evaluate(() => document.querySelector('[role=log] [data-offset="0"] .text').textContent.length);
  await tab.page.keyboard.press('Home');
  const more = tab.page.getByRole('button', { name: 'show 64 KB more' });
  await tab.until('the button', async () => ({ isThere: await more.count() === 1, seen: await length() }));
  assert.equal(await tab.page.getByText('+134 KB of this line').count(), 1);
  for (const least of [120_000, 150_003]) {
    await tab.page.evaluate(() => document.querySelector('[data-do=more]').click());
    await tab.until(`${least} characters`, async () => ({ isThere: await length() >= least, seen: await length() }));
  }
  assert.equal(await more.count(), 0);
});
