// A reader in a real Chromium, and what is measured of the page it looks at.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from 'playwright-core';

export const ROWS = '[role=log] [data-offset]:not([aria-hidden]), [role=log] [data-gap], [role=log] [data-boundary]';
const PATIENCE_MS = 120_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

export function closeBrowser() {
  return browser.close();
}

/** A page that has nothing of another one in its memory. */
export async function newPage() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** @param {string} address */
export async function open(address) {
  const page = await newPage();
  await page.goto(address);
  await page.locator('[data-state=live]').waitFor();
  return page;
}

/**
 * Lines at a steady rate, or as fast as they can be written.
 *
 * @returns {Promise<number>} how many came in a second, in truth
 */
export async function feed(log, rate, seconds) {
  const script = new URL('feed.js', import.meta.url).pathname;
  const start = performance.now();
  await once(spawn(process.execPath, [script, log, String(rate), String(seconds)], { stdio: 'inherit' }), 'exit');
  return Math.round(rate * seconds / (performance.now() - start) * 1000);
}

/** How long each frame took while something was done, in ms, short ones first; not in the first second, which is for compiling. */
export async function framesDuring(page, act) {
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
  await act();
  return page.evaluate(() => {
    cancelAnimationFrame(globalThis.frame);
    return globalThis.frames.sort((a, b) => a - b);
  });
}

/** @param {number[]} sorted @param {number} share */
export function at(sorted, share) {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** Waits for the line of this number. */
export async function lastLine(page, number, selector = '[role=log] [data-offset]:not([aria-hidden])') {
  await page.locator(selector, { hasText: String(number).padStart(9, '0') }).first().waitFor({ state: 'attached' });
}

/** MB of the heap of scripts, and of what they keep outside it. */
export async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = Number.NaN } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { heap: usedSize / 1e6, outside: backingStorageSize / 1e6 };
}
