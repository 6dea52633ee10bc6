// Filters as chips: what each part of a filter can do, what was used before, and levels.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const TEXT = 'red apple\ngreen apple\nred brick\ngreen grass\n';

async function open(t, query = '', text = TEXT) {
  const dir = new LogDir(t);
  dir.append('app.log', text);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}${query}`);
  const shows = (...texts) => tab.until(`just the lines ${texts}`, async () => {
    const seen = await tab.texts();
    return { isThere: seen.join('|') === texts.join('|'), seen };
  });
  const field = tab.page.getByRole('textbox', { name: 'Filter' });
  const chip = (name) => tab.page.getByRole('group', { name, exact: true });
  return { dir, tab, shows, field, chip };
}

test('Enter makes a chip; chips must all match, and each can be switched off, inverted, edited and removed', async (t) => {
  const { tab, shows, field, chip } = await open(t);
  await shows('red apple', 'green apple', 'red brick', 'green grass');
  await field.fill('red');
  await field.press('Enter');
  await chip('red').waitFor();
  assert.equal(await field.inputValue(), '');
  await field.fill('apple');
  await field.press('Enter');
  await shows('red apple');
  await chip('red').getByRole('button', { name: 'In force' }).click();
  await shows('red apple', 'green apple');
  await chip('red').getByRole('button', { name: 'In force' }).click();
  await chip('red').getByRole('button', { name: 'Leave out lines that match' }).click();
  await shows('green apple');
  await tab.page.waitForURL(/[?&]x=red/);
  await chip('apple').getByRole('button', { name: 'apple', exact: true }).click();
  assert.equal(await field.inputValue(), 'apple');
  await field.fill('grass');
  await shows('green grass');
  await chip('red').getByRole('button', { name: 'Remove red' }).click();
  await field.press('Escape');
  await shows('red apple', 'green apple', 'red brick', 'green grass');
});

test('several parts of a link are chips, and Backspace takes the last into the field', async (t) => {
  const { shows, field, chip } = await open(t, '?q=red&x=brick');
  await shows('red apple');
  await chip('red').waitFor();
  await field.press('Backspace');
  assert.equal(await field.inputValue(), 'brick');
  assert.equal(await chip('brick').count(), 0);
  await shows('red apple');
});

test('filters used before come back with the arrow keys, also after a reload', async (t) => {
  const { tab, shows, field, chip } = await open(t);
  await field.fill('grass');
  await field.press('Enter');
  await chip('grass').waitFor();
  await tab.page.waitForURL(/q=grass/);
  await chip('grass').getByRole('button', { name: 'Remove grass' }).click();
  await tab.page.waitForURL((url) => url.search === '');
  await tab.page.reload();
  await field.focus();
  await field.press('ArrowUp');
  assert.equal(await field.inputValue(), 'grass');
  await shows('green grass');
  await field.press('ArrowDown');
  assert.equal(await field.inputValue(), '');
  await shows('red apple', 'green apple', 'red brick', 'green grass');
});

test('a selection is filtered for with + and out with -', async (t) => {
  const { tab, shows, chip } = await open(t);
  await tab.sees('green grass');
  const select = (text) => tab.page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll('[role=log] .text')];
    const node = rows.find((row) => row.textContent.includes(wanted)).firstChild;
    const start = node.textContent.indexOf(wanted);
    document.getSelection().setBaseAndExtent(node, start, node, start + wanted.length);
  }, text);
  await select('apple');
  await tab.page.keyboard.press('+');
  await shows('red apple', 'green apple');
  await select('green');
  await tab.page.keyboard.press('-');
  await shows('red apple');
  assert.equal(await chip('green').getByRole('button', { name: 'Leave out lines that match' }).getAttribute('aria-pressed'), 'true');
});

test('an invalid part leaves the ones before it in force, and look-around is told what to do instead', async (t) => {
  const { tab, dir, shows, field } = await open(t, '?q=red&q=apple');
  await shows('red apple');
  await field.fill('a(?=b)');
  await field.press('Enter');
  await tab.page.getByText('Look-ahead is not supported (Rust regex). Use an exclude filter instead.').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await field.inputValue(), 'a(?=b)');
  assert.equal(await tab.page.locator('#filter-message mark').textContent(), '(');
  dir.append('app.log', 'green again\nanother red apple\n');
  await shows('red apple', 'another red apple');
  await field.fill('another');
  await shows('another red apple');
  assert.equal(await tab.page.locator('#filter-message').isVisible(), false);
});

test('a change of the filter keeps the selected line, or the match before it', async (t) => {
  const text = Array.from({ length: 4000 }, (_, at) => `line ${at} ${at % 2 === 0 ? 'even' : 'odd'}\n`).join('');
  const { tab, field } = await open(t, '', text);
  await tab.sees('line 3999 odd');
  const current = async (wanted) => tab.until(`the current line ${wanted}`, async () => {
    const seen = await tab.page.locator('[role=log] [aria-current] .text').allTextContents();
    return { isThere: seen.join() === wanted, seen };
  });
  await tab.page.getByText('line 3980 even').click();
  await tab.page.keyboard.press('ArrowDown');
  await tab.page.keyboard.press('ArrowUp');
  await current('line 3980 even');
  await field.fill('even$');
  await current('line 3980 even');
  await field.fill('odd$');
  await current('line 3979 odd');
});

test('levels: a click switches one, Alt-click leaves only it, Shift-click it and worse', async (t) => {
  const levels = ['TRACE t', 'DEBUG d', 'INFO i', 'WARN w', 'ERROR e', 'FATAL f'];
  const { tab, shows } = await open(t, '', `plain\n${levels.join('\n')}\n`);
  const button = (word) => tab.page.getByRole('group', { name: 'Levels' }).getByRole('button', { name: word });
  await shows('plain', 't', 'd', 'i', 'w', 'e', 'f');
  await button('DBG').click();
  await shows('plain', 't', 'i', 'w', 'e', 'f');
  await button('WRN').click({ modifiers: ['Shift'] });
  await shows('w', 'e', 'f');
  await button('INF').click({ modifiers: ['Alt'] });
  await shows('i');
  await button('ERR').dblclick();
  await shows('e', 'f');
  await button('?').click();
  await shows('plain', 'e', 'f');
  await tab.page.getByRole('log').focus();
  await tab.page.keyboard.press('1');
  await shows('plain', 't', 'e', 'f');
  await tab.page.keyboard.press('Shift+Digit4');
  await shows('w');
});

test('? is only there where lines say no level, which the rest of a record need not', async (t) => {
  const { dir, tab } = await open(t, '', 'ERROR e\n  at f\n');
  await tab.sees('  at f');
  const unknown = tab.page.getByRole('group', { name: 'Levels' }).getByRole('button', { name: '?' });
  await tab.page.getByRole('button', { name: /^ERR\s*1/ }).waitFor();
  assert.equal(await unknown.isVisible(), false);
  dir.truncate('app.log');
  dir.append('app.log', 'plain\n');
  await unknown.waitFor();
});
