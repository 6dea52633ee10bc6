// Lines written to a real file appear in the page.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

const SAMPLES = 50;
const MEDIAN_MS = 200;

after(closeBrowser);

test('a line is on the screen within 200 ms of being written', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');

  const latencies = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const text = `sample ${sample}`;
    const drawn = tab.page.evaluate(drawnAt, text);
    // The watch stands before the line is written.
    await tab.page.evaluate(() => new Promise(requestAnimationFrame));
    const written = Date.now();
    dir.append('app.log', `${text}\n`);
    latencies.push(await drawn - written);
  }
  latencies.sort((a, b) => a - b);
  const median = latencies[SAMPLES / 2];
  console.log(`# median ${median} ms, slowest ${latencies.at(-1)} ms`);
  assert(median < MEDIAN_MS, `median ${median} ms`);
});

/**
 * In the page: the time at which a line with this text has been drawn.
 *
 * @param {string} text
 * @returns {Promise<number>} ms since the epoch
 */
function drawnAt(text) {
  return new Promise((resolve) => {
    const look = () => {
      const rows = document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden]) .text');
      if (rows[rows.length - 1]?.textContent === text) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

test('a hundred thousand lines at once leave few rows, and the last one on the screen', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');

  const start = Date.now();
  dir.appendLines('app.log', 0, 100_000);
  await tab.sees('line 99999');
  const took = Date.now() - start;
  console.log(`# the last of 100,000 lines was on the screen after ${took} ms`);
  assert(took < 2_000, `${took} ms`);
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
  const row = tab.page.locator('[data-source="a.log"]');
  assert.match(await row.textContent() ?? '', /a\.log.*ERR/);
});
