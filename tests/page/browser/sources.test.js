// Several sources: choosing among many, merged, one alone, hidden ones.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

async function open(t, names, query = '', ...waiting) {
  const dir = new LogDir(t);
  for (const name of names) dir.append(name, `of ${name}\n`);
  const server = await Server.start(t, ...[...names, ...waiting].map((name) => dir.path(name)));
  const tab = await Tab.open(t, `${server.address}${query}`);
  const shows = (...wanted) => tab.until(`just the sources ${wanted}`, async () => {
    const seen = [...new Set((await tab.lines()).map(({ source }) => source))].sort();
    return { isThere: seen.join() === wanted.join(), seen };
  });
  const option = (name) => tab.page.getByRole('option', { name: new RegExp(`^${name.replace('.', '\\.')} `) });
  return { dir, tab, shows, option };
}

test('sources are found by typing, taken one alone, or merged by their boxes', async (t) => {
  const { tab, shows, option } = await open(t, ['app.log', 'other.log', 'worker.log']);
  await shows('app.log', 'other.log', 'worker.log');
  await tab.page.keyboard.press('s');
  const find = tab.page.getByRole('combobox', { name: 'Find a source' });
  await find.fill('work');
  await tab.reads('the one that is asked for', () => tab.page.getByRole('option').count(), 1);
  await find.press('Enter');
  await shows('worker.log');
  await tab.page.getByRole('button', { name: 'Sources: worker.log' }).click();
  await option('app.log').locator('.box').click();
  await shows('app.log', 'worker.log');
  await option('app.log').locator('.detail', { hasText: '11 bytes' }).waitFor();
  await tab.page.keyboard.press('Escape');
  await tab.page.goBack();
  await shows('worker.log');
  await tab.page.goBack();
  await shows('app.log', 'other.log', 'worker.log');
});

test('a name beside a line takes that source alone, and hides it with Alt', async (t) => {
  const { tab, shows } = await open(t, ['app.log', 'other.log', 'worker.log']);
  await shows('app.log', 'other.log', 'worker.log');
  const name = (text) => tab.page.getByRole('log').locator('.source', { hasText: text });
  await name('other.log').click({ modifiers: ['Alt'] });
  await shows('app.log', 'worker.log');
  await name('app.log').click();
  await shows('app.log');
  await tab.page.goBack();
  await shows('app.log', 'worker.log');
});

test('a source that waits for its file says so, beside those that are live', async (t) => {
  const { dir, tab, option } = await open(t, ['app.log'], '', 'late.log');
  await tab.page.getByText('late.log: waiting for file.').waitFor();
  await tab.isIn('live');
  await tab.page.getByRole('button', { name: /^Sources/ }).click();
  await tab.page.getByRole('option', { name: /late.log waiting for file/ }).waitFor();
  dir.append('late.log', 'here\n');
  await tab.sees('here');
  await option('late.log').getByText('5 bytes').waitFor();
  await tab.page.getByText('late.log: waiting').waitFor({ state: 'hidden' });
});

test('a folder of 150 files can be used: found by name, one read, all counted', async (t) => {
  const names = Array.from({ length: 150 }, (_, at) => `service-${at}.log`);
  const { tab, shows } = await open(t, names);
  await tab.page.getByRole('button', { name: 'Sources: all 150 sources' }).click();
  await tab.until('all sources', async () => {
    const seen = await tab.page.getByRole('option').count();
    return { isThere: seen === 150, seen };
  });
  const find = tab.page.getByRole('combobox', { name: 'Find a source' });
  await find.fill('14 9');
  await tab.until('the one that is asked for', async () => {
    const seen = await tab.page.getByRole('option').locator('.name').allTextContents();
    return { isThere: seen.join() === 'service-149.log', seen };
  });
  await find.press('Enter');
  await shows('service-149.log');
});

test('of several sources it is said in which order their lines stand', async (t) => {
  const dir = new LogDir(t);
  const lines = (from, to, of) => Array.from({ length: to - from }, (_, at) => from + at).filter(of)
    .map((number) => `${new Date(Date.UTC(2026, 10, 22) + number * 1000).toISOString()} line ${number}\n`).join('');
  dir.append('a.log', lines(0, 300, (number) => number % 2 === 0));
  dir.append('b.log', lines(0, 300, (number) => number % 2 === 1));
  const server = await Server.start(t, dir.path('a.log'), dir.path('b.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 299');
  const order = () => tab.page.locator('#status-held').textContent();
  const says = (words) => tab.until(words, async () => {
    const seen = await order();
    return { isThere: seen.startsWith(words), seen };
  });
  await says('merged by time');
  dir.append('a.log', lines(300, 400, () => true));
  await tab.sees('line 399');
  await says('merged by arrival');
  await tab.page.keyboard.press('Home');
  await says('merged by time');
});

test('a stack trace has the name of its source once, and on a phone sources are told apart by a bar', async (t) => {
  const dir = new LogDir(t);
  dir.append('a.log', 'ERROR failed\n  at one\n  at two\n');
  dir.append('b.log', 'INFO fine\n');
  const server = await Server.start(t, dir.path('a.log'), dir.path('b.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('  at two');
  await tab.sees('fine');
  const names = () => tab.page.locator('[role=log] .rows [data-source="a.log"] .source').allTextContents();
  await tab.until('the name before the first line alone', async () => {
    const seen = (await names()).map((text) => text.trim());
    return { isThere: seen.join() === 'a.log,,', seen };
  });
  const phone = await Tab.open(t, server.address, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await phone.sees('fine');
  await phone.until('a bar of its own for each source', async () => {
    const seen = await phone.page.evaluate(() => ['a.log', 'b.log'].map((name) => (
      getComputedStyle(document.querySelector(`[role=log] .rows [data-source="${name}"]`)).backgroundImage)));
    return { isThere: seen.every((image) => image.includes('rgb')) && seen[0] !== seen[1], seen };
  });
});
