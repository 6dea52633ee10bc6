// Measures the page in a real Chromium, with lines coming at several rates, and frontail beside it with the same
// lines. Prints one table, the best of three rounds, with what is aimed at; the machine should have nothing else to
// do. All of it takes about eight minutes.
//
//   npm --prefix tests/page run bench               everything
//   npm --prefix tests/page run bench -- rates      only the parts whose name contains this word
//   npm --prefix tests/page run bench -- rates 1    one round
//
// `LOGSTREAM` says where the program is, `CHROMIUM` the browser. frontail is installed into a temporary folder.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Server } from '../browser/harness/server.js';
import { ROWS, at, closeBrowser, feed, framesDuring, lastLine, memory, newPage, open } from './reader.js';

const FRONTAIL = 'frontail@4.9.2';
const [, , wanted = '', rounds = '3'] = process.argv;

const folder = mkdtempSync(join(tmpdir(), 'logstream-bench-'));
const ends = [closeBrowser, () => rmSync(folder, { recursive: true })];
/** What the harness of the tests asks of a test. */
const run = { after: (end) => ends.unshift(end) };

/** Rows of the table. @type {string[][]} */
const table = [];

const PARTS = { opening, latency, rates, half_a_million: halfAMillion, ten_million: tenMillion, frontail };

try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (!name.includes(wanted)) continue;
    console.error(`${name} …`);
    await part();
  }
} finally {
  for (const end of ends) await end();
}
print([['what', 'figure', 'aim', ''], ...table]);

/** From opening the page to the first lines on the screen, with 200,000 lines in the file. */
async function opening() {
  const log = newLog();
  await feed(log, 200_000, 1);
  const server = await Server.start(run, log);
  const figure = await best(async () => {
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
    const took = await page.evaluate(() => globalThis.firstLinesAt);
    await page.context().close();
    return { took };
  }, ({ took }) => took);
  report('first lines on the screen', ms(figure.took), 'at most 300 ms', figure.took <= 300);
  await server.crash();
}

/** From a line that is written to the same on the screen, the median of fifty. */
async function latency() {
  const log = newLog();
  appendFileSync(log, 'first\n');
  const server = await Server.start(run, log);
  const page = await open(server.address);
  const { median } = await best(async () => {
    const times = [];
    for (let sample = 0; sample < 50; sample += 1) {
      const text = `sample ${sample} ${performance.now()}`;
      const drawn = page.evaluate((expected) => new Promise((resolve) => {
        const look = () => {
          const rows = document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden]) .text');
          if (rows[rows.length - 1]?.textContent === expected) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      }), text);
      // The watch stands before the line is written.
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const written = Date.now();
      appendFileSync(log, `${text}\n`);
      times.push(await drawn - written);
    }
    return { median: at(times.sort((a, b) => a - b), 0.5) };
  }, ({ median: time }) => time);
  report('a line on the screen after it is written, median', ms(median), 'at most 200 ms', median <= 200);
  await page.context().close();
  await server.crash();
}

async function rates() {
  const aims = [[20_000, 0.95, 20], [50_000, 0.95, 33], [200_000, 1, 250]];
  for (const [rate, share, aim] of aims) {
    const { frames, came, whole, rows } = await best(() => underLoad(rate, 10), (round) => at(round.frames, share));
    const name = `${rate.toLocaleString('en')} lines/s for 10 s (${came.toLocaleString('en')} came)`;
    const figures = `frames p50 ${ms(at(frames, 0.5))}, p95 ${ms(at(frames, 0.95))}, longest ${ms(at(frames, 1))}`;
    report(name, figures, `${share === 1 ? 'longest' : 'p95'} at most ${aim} ms`, at(frames, share) <= aim);
    report('', `${rows} rows; ${whole}`, 'fewer than 300, each line shown or in a gap', rows < 300);
  }
}

async function underLoad(rate, seconds) {
  const log = newLog();
  const server = await Server.start(run, log);
  const page = await open(server.address);
  let came = 0;
  const frames = await framesDuring(page, async () => { came = await feed(log, rate, seconds); });
  const rows = await page.locator(ROWS).count();
  const whole = await isWhole(page, log, rate * seconds);
  await page.context().close();
  await server.crash();
  rmSync(log);
  return { frames, came, rows, whole };
}

async function halfAMillion() {
  const { heap, outside, rows, held } = await best(async () => {
    const log = newLog();
    const server = await Server.start(run, log);
    const page = await open(server.address);
    await feed(log, 50_000, 10);
    await lastLine(page, 499_999);
    const [shown] = /[\d,]+ lines here/.exec(await page.locator('#status-held').textContent()) ?? ['?'];
    const round = { ...await memory(page), rows: await page.locator(ROWS).count(), held: shown };
    await page.context().close();
    await server.crash();
    return round;
  }, (round) => round.heap);
  report('500,000 lines came', `${mb(heap)} of heap, ${mb(outside)} outside; ${rows} rows; ${held}`, 'heap below 50 MB, fewer than 300 rows', heap < 50 && rows < 300);
}

async function tenMillion() {
  const log = newLog();
  const server = await Server.start(run, log);
  const page = await open(server.address);
  const heaps = [];
  for (let million = 2; million <= 10; million += 2) {
    await feed(log, 100_000, 20);
    await lastLine(page, 1_999_999);
    heaps.push((await memory(page)).heap);
    // The next ones have the same numbers: those of before must have gone.
    appendFileSync(log, '-\n'.repeat(2000));
    await page.waitForFunction(() => !document.querySelector('[role=log]').textContent.includes('001999999'));
  }
  const growth = heaps.at(-1) - heaps[0];
  report('10,000,000 lines came', heaps.map((heap, at) => `${2 * at + 2} M: ${mb(heap)}`).join(', '), 'flat', growth < 5);
  await page.context().close();
  await server.crash();
  rmSync(log);
}

/** The same lines into the page that is most used for this, once, and into ours. */
async function frontail() {
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', FRONTAIL], { stdio: 'ignore' });
  const theirs = { start: startFrontail, row: '.line' };
  const ours = { start: startOurs, row: '[role=log] [data-offset]:not([aria-hidden])' };
  for (const rate of [200, 1_000]) {
    const [one, other] = [await beside(ours, rate), await beside(theirs, rate)];
    const p95 = [one, other].map(({ frames }) => at(frames, 0.95));
    compare(`${rate.toLocaleString('en')} lines/s for 5 s: p95 of frames`, p95);
    compare(`${rate.toLocaleString('en')} lines/s for 5 s: last line after`, [one.late, other.late]);
  }
  compare('5,000 lines at once: last line after', [(await beside(ours, 0)).late, (await beside(theirs, 0)).late]);
}

/** @param {{start: (log: string) => Promise<{page: any, end: () => Promise<void>}>, row: string}} program @param {number} rate 0 for all at once */
async function beside({ start, row }, rate) {
  const log = newLog();
  const { page, end } = await start(log);
  const count = rate === 0 ? 5_000 : rate * 5;
  let written = 0;
  const frames = await framesDuring(page, async () => {
    await feed(log, rate === 0 ? count * 1000 : rate, rate === 0 ? 0.001 : 5);
    written = performance.now();
    await lastLine(page, count - 1, row);
  });
  const late = performance.now() - written;
  await end();
  return { frames, late };
}

async function startOurs(log) {
  const server = await Server.start(run, log);
  const page = await open(server.address);
  return { page, end: async () => {
    await page.context().close();
    await server.crash();
  } };
}

async function startFrontail(log) {
  const port = String(await freePort());
  const child = spawn(join(folder, 'node_modules/.bin/frontail'), ['--host', '127.0.0.1', '--port', port, log], { stdio: 'ignore' });
  run.after(() => child.kill('SIGKILL'));
  const page = await newPage();
  const deadline = Date.now() + 20_000;
  const joined = page.waitForEvent('websocket', { timeout: 30_000 }).catch(() => null);
  while (await page.goto(`http://127.0.0.1:${port}/`).catch(() => null) === null) {
    if (Date.now() > deadline) throw new Error('frontail does not answer');
    await page.waitForTimeout(100);
  }
  await joined;
  // It begins to follow when a reader has come, without a word.
  await page.waitForTimeout(1000);
  return { page, end: async () => {
    await page.context().close();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  } };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

function newLog() {
  const path = join(folder, `${performance.now()}.log`);
  writeFileSync(path, '');
  return path;
}

/** The last line is shown, and from there upwards each line follows the one above, or there is a gap between. */
async function isWhole(page, log, lines) {
  const start = Date.now();
  await lastLine(page, lines - 1);
  const late = Date.now() - start;
  const length = statSync(log).size / lines;
  const gaps = new Set();
  await page.locator('[role=log]').focus();
  for (let pages = 0; pages < 100; pages += 1) {
    const rows = await page.evaluate((selector) => [...document.querySelectorAll(selector)].map(({ dataset }) => ({ ...dataset })), ROWS);
    rows.forEach(({ offset, gap }, index) => {
      if (gap !== undefined) gaps.add(rows[index + 1]?.offset);
      const above = rows[index - 1]?.offset;
      if (offset !== undefined && above !== undefined && Number(offset) - Number(above) !== length) throw new Error(`a line is missing above ${offset}`);
    });
    await page.keyboard.press('PageUp');
  }
  return `last line ${late} ms after it was written; whole over 100 pages, ${gaps.size} gaps`;
}

/**
 * The best of several rounds.
 *
 * @template T
 * @param {() => Promise<T>} round
 * @param {(figures: T) => number} figure that is to be small
 */
async function best(round, figure) {
  const all = [];
  for (let number = 0; number < Number(rounds); number += 1) all.push(await round());
  return all.sort((a, b) => figure(a) - figure(b))[0];
}

function report(what, figure, aim, isMet) {
  table.push([what, figure, aim, isMet ? 'met' : 'MISSED']);
}

/** @param {string} what @param {number[]} both ours and theirs */
function compare(what, [ours, theirs]) {
  table.push([what, `${ms(ours)}, frontail ${ms(theirs)}`, `${(theirs / ours).toFixed(1)} times as long`, '']);
}

function ms(value) {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

function mb(value) {
  return `${value.toFixed(1)} MB`;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}
