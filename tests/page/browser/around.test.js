// What stands around the log: what is hidden, words where there are no lines, the timeline as a table, what is spoken.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const TEXT = Array.from({ length: 300 }, (_, at) => {
  const time = new Date(Date.parse('2026-11-22T10:00:00Z') + at * 1000).toISOString();
  return `${time} ${at % 100 === 0 ? 'ERROR' : 'INFO'} line ${at}\n`;
}).join('');

async function open(t, query = '', text = TEXT) {
  const dir = new LogDir(t);
  if (text !== null) dir.append('app.log', text);
  const server = await Server.start(t, dir.path(text === null ? 'none-*.log' : 'app.log'));
  const tab = await Tab.open(t, `${server.address}${query}`, { timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] });
  return { dir, tab, says: (words) => tab.page.getByText(words).waitFor() };
}

test('a filter says how many lines it hides, and how many of them are errors', async (t) => {
  const { tab, says } = await open(t, '?q=line 1');
  await says('showing 111 of 300 · 189 hidden, 2 of them errors');
  await tab.page.getByRole('button', { name: 'Clear filter' }).click();
  await tab.sees('line 299');
  await tab.reads('nothing hidden', () => tab.page.locator('#status-hidden').textContent(), '');
});

test('where nothing matches, it says how much was looked through, and the filter can be cleared', async (t) => {
  const { tab, says } = await open(t, '?q=nothing');
  await says('No match in 12 KB (300 lines).');
  await tab.page.locator('#empty').getByRole('button', { name: 'Clear filter' }).click();
  await tab.sees('line 299');
});

test('without a source the page says how to begin, and the commands can be copied', async (t) => {
  const { tab, says } = await open(t, '', null);
  await says('No log yet. Start with:');
  await tab.page.getByRole('button', { name: 'Copy' }).nth(1).click();
  await says('Copied');
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), 'some-command | logstream -');
});

test('an empty file says that new lines will appear', async (t) => {
  const { dir, tab, says } = await open(t, '', '');
  await says('app.log is empty. New lines will appear here.');
  dir.append('app.log', 'first\n');
  await tab.sees('first');
});

test('the timeline is a table for those who do not see it', async (t) => {
  const { tab } = await open(t);
  await tab.sees('line 299');
  const table = tab.page.getByRole('table', { name: 'Lines per time' });
  await tab.until('all lines in the table', async () => {
    const counts = await table.locator('td:nth-child(2)').allTextContents();
    return { isThere: counts.reduce((sum, count) => sum + Number(count), 0) === 300, seen: counts };
  });
  assert.match(await table.getByRole('row').nth(1).textContent(), /^2026-11-22 10:00:00 to 10:00:\d\d/);
});

test('new lines are read aloud where the reader wants that, but not too many', async (t) => {
  const { dir, tab } = await open(t, '', 'first\n');
  await tab.sees('first');
  await tab.page.getByRole('button', { name: 'Menu' }).click();
  await tab.page.getByRole('checkbox', { name: 'Read new lines aloud' }).check();
  await tab.page.keyboard.press('Escape');
  const speaks = (pattern) => tab.until(`${pattern} spoken`, async () => {
    const seen = await tab.page.locator('#announcer').textContent();
    return { isThere: pattern.test(seen), seen };
  });
  dir.append('app.log', 'hello\n');
  await speaks(/hello\n?$/);
  dir.appendLines('app.log', 0, 100);
  await speaks(/line 19\ntoo many lines$/);
});
