// The drawer of hits, and what is said while a search runs, stops and ends.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

async function open(t, text) {
  const dir = new LogDir(t);
  dir.append('app.log', text);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('the end');
  const find = async (what) => {
    await tab.page.keyboard.press('/');
    await tab.page.getByRole('searchbox', { name: 'Find' }).fill(what);
  };
  const hits = tab.page.getByRole('listbox', { name: 'Hits' });
  return { tab, find, hits, button: (name) => tab.page.getByRole('button', { name, exact: true }) };
}

const lines = (count, text) => Array.from({ length: count }, (_, at) => `${text(at)}\n`).join('');

test('no more than so many hits are shown, and Continue shows the next', async (t) => {
  const { tab, find, hits, button } = await open(t, `${lines(12_000, (at) => `needle ${at}`)}the end\n`);
  await find('needle');
  await tab.page.getByText(/^First 10,000 hits shown \(scan stopped at \d+ %\)\.$/).waitFor();
  await button('Continue').click();
  await tab.page.getByText(/^12,000 hits in \d+ KB$/).waitFor();
  assert.equal(await button('Continue').isVisible(), false);
  assert.ok(await hits.getByRole('option').count() < 100, 'only hits that can be seen are in the document');
});

test('a search that runs has a bar and can be stopped', async (t) => {
  const { tab, find, button } = await open(t, 'needle\nthe end\n');
  // A server that has begun to look, and has far to go.
  const begun = ['event: progress\ndata: {"scanned":1900000000,"total":3100000000,"hits":0}\n\n'];
  await tab.page.evaluate((frames) => {
    window.EventSource = class extends EventTarget {
      constructor() {
        super();
        setTimeout(() => {
          for (const frame of frames) this.dispatchEvent(new MessageEvent('progress', { data: frame.split('data: ')[1].trim() }));
        });
      }

      close() {}
    };
  }, begun);
  await find('needle');
  await tab.page.getByRole('progressbar', { name: 'Searched' }).waitFor();
  await tab.page.getByText(/^61 % · 1\.9 GB of 3\.1 GB · 0 hits · .+\/s/).waitFor();
  await tab.page.getByText('Matches “needle” in all of app.log').waitFor();
  await button('Stop').click();
  await tab.page.getByText('0 hits; stopped at 61 %.').waitFor();
  assert.equal(await button('Stop').isVisible(), false);
  assert.equal(await tab.page.getByRole('progressbar', { name: 'Searched' }).isVisible(), false);
});

test('the edge of the drawer is dragged and moved with the arrow keys', async (t) => {
  const { tab, find, hits } = await open(t, `${lines(200, (at) => `needle ${at}`)}the end\n`);
  await find('needle');
  await hits.waitFor();
  const edge = tab.page.getByRole('separator', { name: 'Height of the hits' });
  const height = async () => (await hits.boundingBox()).height;
  const before = await height();
  const box = await edge.boundingBox();
  await tab.page.mouse.move(box.x + 400, box.y + 2);
  await tab.page.mouse.down();
  await tab.page.mouse.move(box.x + 400, box.y - 98);
  await tab.page.mouse.up();
  const dragged = await height();
  assert.ok(Math.abs(dragged - before - 100) < 50, `${before} became ${dragged}`);
  await edge.press('ArrowDown');
  assert.equal(await height(), dragged - 24);
});

test('the hits can be saved as a file', async (t) => {
  const { tab, find, button } = await open(t, 'needle one\nhay\nneedle two\nthe end\n');
  await find('needle');
  await tab.page.getByText(/^2 hits/).waitFor();
  const [download] = await Promise.all([tab.page.waitForEvent('download'), button('Export').click()]);
  assert.equal(download.suggestedFilename(), 'needle.log');
  assert.equal(readFileSync(await download.path(), 'utf8'), 'needle two\nneedle one\n');
});
