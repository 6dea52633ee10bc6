// What the page says of its own condition, in each state: the chip, the title and icon of the tab, and what stands in
// the log or above it.

import { rmSync } from 'node:fs';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

async function open(t, { text = 'first\n', query = '', prepare = async () => {}, name = 'app.log' } = {}) {
  const dir = new LogDir(t);
  if (text !== null) dir.append('app.log', text);
  const server = await Server.start(t, dir.path(name));
  const tab = await Tab.open(t, 'about:blank');
  await prepare(tab.page);
  await tab.page.goto(`${server.address}${query}`);
  return { dir, server, tab };
}

/**
 * @param {Tab} tab
 * @param {string | RegExp} chip with the figures beside it
 * @param {string} title
 * @param {string} icon
 */
async function says(tab, chip, title, icon) {
  await tab.until(`${chip}, ${title}, ${icon}`, async () => {
    const words = (await tab.page.locator('#status, #status-detail').allInnerTexts()).join(' ').trim();
    const sign = [await tab.page.title(), (await tab.page.locator('#icon').getAttribute('href')).split('/').pop()];
    const isSaid = chip instanceof RegExp ? chip.test(words) : words === chip;
    return { isThere: isSaid && sign.join() === `${title},${icon}.svg`, seen: [words, ...sign] };
  });
}

/** Hours later, for the page alone. */
const withClock = (page) => page.clock.install();

test('live, with how fast lines come or when the last one came', async (t) => {
  const { tab } = await open(t, { prepare: withClock });
  await tab.sees('first');
  await tab.page.clock.runFor(2000);
  await says(tab, '● LIVE 0 lines/s', '● app.log', 'live');
  await tab.page.clock.runFor(185_000);
  await says(tab, '● LIVE last line 3 min ago', '● app.log', 'live');
});

test('paused, with what came since', async (t) => {
  const { dir, tab } = await open(t);
  await tab.sees('first');
  await tab.page.keyboard.press('p');
  await says(tab, /^❚❚ PAUSED \d+ lines?\/s$/, 'app.log', 'paused');
  dir.append('app.log', `${'ERROR second\n'.repeat(3)}${'more\n'.repeat(1201)}`);
  await tab.page.getByRole('button', { name: '↓ 1,204 new lines · 3 errors', exact: true }).waitFor();
  await says(tab, /^❚❚ PAUSED /, '(1,204) app.log', 'paused');
});

test('reconnecting, and back with nothing lost', async (t) => {
  const { dir, server, tab } = await open(t);
  await tab.sees('first');
  await tab.isIn('live');
  await server.crash();
  await says(tab, /^◌ Reconnecting in \d+ s \(\d+\)$/, '… app.log', 'paused');
  await tab.page.getByText(/^last received \d\d:\d\d:\d\d$/).waitFor();
  dir.appendLines('app.log', 0, 20);
  await server.restart();
  await tab.page.getByRole('button', { name: 'Try now' }).click({ timeout: 500 }).catch(() => {});
  await tab.page.getByText('Caught up: 20 lines while away').waitFor();
  await says(tab, /^● LIVE /, '● app.log', 'live');
});

test('stopped by its owner', async (t) => {
  const { server, tab } = await open(t);
  await tab.sees('first');
  await tab.isIn('live');
  await server.stop();
  await says(tab, '○ OFFLINE — server stopped', '○ app.log', 'error');
});

test('waiting for a file', async (t) => {
  const { dir, tab } = await open(t, { text: null });
  await says(tab, '○ WAITING', '○ app.log', 'idle');
  await tab.page.getByText('app.log does not exist (yet). Watching for it…', { exact: true }).waitFor();
  dir.append('app.log', 'first\n');
  await tab.sees('first');
  await says(tab, /^● LIVE /, '● app.log', 'live');
  await tab.page.getByText('app.log does not exist').waitFor({ state: 'hidden' });
});

test('a file that may not be read', async (t) => {
  // Whoever runs the tests may read everything, so the server is made to say it.
  const source = { source: 'app.log', id: 'app.log', state: 'unreadable', reason: 'permission denied', size: 0, segments: [] };
  const { tab } = await open(t, {
    text: '',
    prepare: async (page) => {
      await page.addInitScript((said) => {
        delete globalThis.SharedWorker;
        globalThis.EventSource = class extends EventSource {
          constructor(...args) {
            super(...args);
            this.addEventListener('open', () => this.dispatchEvent(new MessageEvent('source', { data: JSON.stringify(said) })));
          }

          /** What the server says of it is not heard. */
          addEventListener(name, listener) {
            super.addEventListener(name, (event) => {
              if (name !== 'source' || !event.isTrusted) listener(event);
            });
          }
        };
      }, source);
      await page.route('**/api/sources', (route) => route.fulfill({ json: { sources: [source] } }));
    },
  });
  await tab.page.getByText('The server may not read app.log (permission denied).', { exact: true }).waitFor();
  await says(tab, '▲ ERROR', '▲ app.log', 'error');
});

test('empty, filtered, and without a match', async (t) => {
  const empty = await open(t, { text: '' });
  await empty.tab.page.getByText('app.log is empty. New lines will appear here.', { exact: true }).waitFor();
  await says(empty.tab, /^● LIVE /, '● app.log', 'live');
  const { tab } = await open(t, { query: '?q=second' });
  await tab.page.getByText('No match in 6 bytes (1 line).', { exact: true }).waitFor();
  await says(tab, /^● LIVE \(filtered\) /, '● app.log', 'live');
});

test('a filter that is no pattern leaves the one before it in force', async (t) => {
  const { tab } = await open(t, { text: 'first\nsecond\n', query: '?q=first' });
  await tab.sees('first');
  const field = tab.page.getByRole('textbox', { name: 'Filter' });
  await field.fill('first (foo');
  await tab.page.getByText('Unclosed group at character 7', { exact: true }).waitFor();
  await tab.reads('the place of it', () => tab.page.locator('#filter-message code').innerText(), 'first (foo');
  await tab.reads('the lines of before', () => tab.texts(), ['first']);
});

test('rotated and emptied', async (t) => {
  const { dir, tab } = await open(t);
  await tab.sees('first');
  dir.rotate('app.log');
  dir.append('app.log', 'second\n');
  await tab.sees('second');
  await tab.page.getByText(/^— app\.log was rotated at \d\d:\d\d:\d\d · previous file: app\.log\.1$/).waitFor();
  dir.truncate('app.log');
  dir.append('app.log', 'x\n');
  await tab.sees('x');
  await tab.page.getByText(/^— app\.log was emptied at \d\d:\d\d:\d\d \(was 7 bytes\) —$/).waitFor();
});

test('lines that nobody can read any more are said to be lost', async (t) => {
  const { dir, server, tab } = await open(t, { text: `${'first\n'.repeat(300)}last\n` });
  await tab.sees('last');
  await tab.isIn('live');
  await server.crash();
  dir.append('app.log', 'never read\n');
  dir.rotate('app.log');
  rmSync(dir.path('app.log.1'));
  dir.append('app.log', 'after\n');
  await server.restart();
  await tab.sees('after');
  await tab.page.locator('[data-gap]', { hasText: /^✂ .+ lost — .+\.$/ }).waitFor();
});

test('from a rotation the older file is opened at its end', async (t) => {
  const { dir, tab } = await open(t);
  await tab.sees('first');
  dir.rotate('app.log');
  dir.appendLines('app.log', 0, 5);
  await tab.sees('line 4');
  await tab.page.getByRole('button', { name: 'open', exact: true }).click();
  await tab.isIn('paused');
  await tab.reads('the current line', () => tab.page.locator('[role=log] [aria-current] .text').allInnerTexts(), ['first']);
});

test('while nothing matches it says how much was looked through', async (t) => {
  const line = `${'padding '.repeat(100)}\n`;
  const { dir, server } = await open(t, { text: line.repeat(60_000) });
  dir.append('app.log', 'end\n');
  const tab = await Tab.open(t, 'about:blank');
  let pages = 0;
  let goOn = () => {};
  const isHeld = new Promise((resolve) => { goOn = resolve; });
  await tab.page.route(/api\/history\?.*before=/, async (route) => {
    pages += 1;
    if (pages > 1) await isHeld;
    await route.continue();
  });
  await tab.page.goto(`${server.address}?q=nothing`);
  await tab.page.getByText(/^No line of the last \d\d MB matches \/nothing\/\. Looking further up…$/).waitFor();
  goOn();
  await tab.page.getByText(/^No match in 48 MB \(60,001 lines\)\.$/).waitFor();
});
