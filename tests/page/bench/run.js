// Measures the page in a real Chromium, with lines coming at several rates, and frontail beside it with the same
// lines. Prints a table; the machine should have nothing else to do.
//
//   npm --prefix tests/page run bench               everything
//   npm --prefix tests/page run bench -- rates      only the parts whose name contains this word
//
// `LOGSTREAM` says where the program is, `CHROMIUM` the browser. frontail is installed into a temporary folder.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { Server } from '../browser/harness/server.js';

const ROWS = '[role=log] [data-offset], [role=log] [data-gap], [role=log] [data-boundary]';
const FRONTAIL = 'frontail@4.9.2';
const folder = mkdtempSync(join(tmpdir(), 'logstream-bench-'));
const ends = [() => rmSync(folder, { recursive: true })];
/** What the harness of the tests asks of a test. */
const run = { after: (end) => ends.push(end) };

const PARTS = { opening, rates, half_a_million: halfAMillion, frontail, ten_million: tenMillion };

const wanted = process.argv[2] ?? '';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
ends.unshift(() => browser.close());
try {
  for (const [name, part] of Object.entries(PARTS)) if (name.includes(wanted)) await part();
} finally {
  for (const end of ends) await end();
}

/** From opening the page to the first lines on the screen. */
async function opening() {
  const log = newLog();
  await feed(log, 200_000, 1);
  const server = await Server.start(run, log);
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await newPage();
    await page.addInitScript(() => {
      const look = () => {
        if (document.querySelector('[role=log] [data-offset]:not([aria-hidden])') === null) requestAnimationFrame(look);
        else globalThis.firstLinesAt = performance.now();
      };
      look();
    });
    await page.goto(server.address);
    await page.waitForFunction(() => globalThis.firstLinesAt !== undefined);
    times.push(await page.evaluate(() => globalThis.firstLinesAt));
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  report('first lines on the screen', `median ${times[2].toFixed(0)} ms, slowest ${times[4].toFixed(0)} ms`);
  await server.crash();
}

async function rates() {
  for (const [rate, seconds] of [[20_000, 10], [50_000, 10], [200_000, 10]]) {
    const log = newLog();
    const server = await Server.start(run, log);
    const page = await open(server.address);
    const frames = await framesDuring(page, log, rate, seconds);
    const rows = await page.locator(ROWS).count();
    const seen = await isWhole(page, log, rate * seconds);
    report(`${rate.toLocaleString('en')} lines/s for ${seconds} s`, `${frames}; ${rows} rows; ${seen}`);
    await page.context().close();
    await server.crash();
  }
}

async function halfAMillion() {
  const log = newLog();
  const server = await Server.start(run, log);
  const page = await open(server.address);
  await feed(log, 50_000, 10);
  await lastLine(page, 499_999);
  const held = await page.locator('#status-held').textContent();
  report('500,000 lines in the page', `${await heap(page)} MB of heap; ${await page.locator(ROWS).count()} rows; ${held}`);
  await page.context().close();
  await server.crash();
}

/** The same feed into the page that is most used for this. */
async function frontail() {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', FRONTAIL], { stdio: 'ignore' });
  for (const [rate, seconds] of [[200, 10], [1_000, 10], [20_000, 10]]) {
    const log = newLog();
    const port = String(20_000 + process.pid % 10_000);
    const child = spawn(join(folder, 'node_modules/.bin/frontail'), ['--host', '127.0.0.1', '--port', port, log], { stdio: 'ignore' });
    const address = `http://127.0.0.1:${port}/`;
    const page = await newPage();
    while (await page.goto(address).catch(() => null) === null);
    await page.waitForTimeout(500);
    report(`frontail, ${rate.toLocaleString('en')} lines/s`, await framesDuring(page, log, rate, seconds));
    await page.context().close();
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function tenMillion() {
  const log = newLog();
  const server = await Server.start(run, log);
  const page = await open(server.address);
  const heaps = [];
  for (let million = 2; million <= 10; million += 2) {
    await feed(log, 100_000, 20);
    heaps.push(`${million} M: ${await heap(page)} MB`);
  }
  report('heap over 10,000,000 lines', heaps.join(', '));
  await page.context().close();
  await server.crash();
}

function newLog() {
  const path = join(folder, `${performance.now()}.log`);
  writeFileSync(path, '');
  return path;
}

async function newPage() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  return context.newPage();
}

async function open(address) {
  const page = await newPage();
  await page.goto(address);
  await page.locator('[data-state=live]').waitFor();
  return page;
}

async function feed(log, rate, seconds) {
  const script = new URL('feed.js', import.meta.url).pathname;
  await once(spawn(process.execPath, [script, log, String(rate), String(seconds)], { stdio: 'inherit' }), 'exit');
}

/** How long each frame took while lines came; the first second is for compiling. */
async function framesDuring(page, log, rate, seconds) {
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const start = last;
    const frame = (now) => {
      if (now - start > 1000) globalThis.frames.push(now - last);
      last = now;
      globalThis.frame = requestAnimationFrame(frame);
    };
    globalThis.frame = requestAnimationFrame(frame);
  });
  await feed(log, rate, seconds);
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.frame);
    return globalThis.frames.sort((a, b) => a - b);
  });
  const at = (share) => frames[Math.min(Math.floor(frames.length * share), frames.length - 1)]?.toFixed(1);
  return `frames p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
}

/** The last line is shown, and from there upwards each line follows the one above, or there is a gap between. */
async function isWhole(page, log, lines) {
  const start = Date.now();
  await lastLine(page, lines - 1);
  const late = Date.now() - start;
  const length = statSync(log).size / lines;
  let pages = 0;
  const gaps = new Set();
  await page.locator('[role=log]').focus();
  for (; pages < 100; pages += 1) {
    const rows = await page.evaluate((selector) => [...document.querySelectorAll(selector)].map(({ dataset }) => ({ ...dataset })), ROWS);
    rows.forEach(({ offset, gap }, at) => {
      if (gap !== undefined) gaps.add(rows[at + 1]?.offset);
      const above = rows[at - 1]?.offset;
      if (offset !== undefined && above !== undefined && Number(offset) - Number(above) !== length) throw new Error(`a line is missing above ${offset}`);
    });
    await page.keyboard.press('PageUp');
  }
  return `last line ${late} ms after it was written; ${pages} pages up whole, ${gaps.size} gaps`;
}

async function lastLine(page, number) {
  const id = String(number).padStart(9, '0');
  await page.locator('[role=log] [data-offset]:not([aria-hidden])', { hasText: id }).first().waitFor();
}

async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usedSize / 1e6).toFixed(1);
}

function report(what, figures) {
  console.log(`${what.padEnd(32)} ${figures}`);
}
