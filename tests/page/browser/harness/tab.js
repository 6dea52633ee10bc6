// One tab of a real Chromium, and what can be seen in it. A tab that logged an error fails its test.

import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names of other sites, all of them on this machine.
  '--host-resolver-rules=MAP *.example 127.0.0.1',
];

/** Patience for what should take milliseconds: a loaded machine is slow, and a failure is rare. */
const PATIENCE_MS = 45_000;

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let browser;

/** Ends the browser that the tabs of this file shared. */
export async function closeBrowser() {
  await (await browser)?.close();
}

export class Tab {
  #page;
  #errors = [];

  /**
   * @param {import('node:test').TestContext} test at whose end it is closed
   * @param {string} address
   * @param {import('playwright-core').BrowserContextOptions | Tab} options or another tab, to be opened beside it
   */
  static async open(test, address, options = {}) {
    browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
    const context = options instanceof Tab
      ? options.page.context()
      : await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const tab = new Tab(page);
    test.after(() => tab.#close());
    await page.goto(address);
    return tab;
  }

  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.#page = page;
    page.on('pageerror', (error) => this.#errors.push(String(error)));
    page.on('console', (message) => {
      // What the browser says of a server that is down, or of a filter that is refused, is what
      // the test is about.
      const isRefused = /\/api\/(filter|history)\?/.test(message.location().url) && message.text().includes('400');
      const isSignedOut = message.text().includes('401');
      const isOlder = message.location().url.includes('/assets/') && message.text().includes('404');
      const isExpected = isRefused || isSignedOut || isOlder || message.text().includes('net::ERR_');
      if (message.type() === 'error' && !isExpected) this.#errors.push(message.text());
    });
  }

  get page() {
    return this.#page;
  }

  /** What the page logs from now on is what the test is about. */
  expectErrors() {
    this.#errors = [];
    this.#page.removeAllListeners('console');
  }

  /** Nothing may have gone wrong in it. */
  async #close() {
    await this.#page.context().close();
    assert.deepEqual(this.#errors, []);
  }

  /** The lines in the document, in order; what is hidden is there to measure with. */
  lines() {
    return this.#page.evaluate(() => [...document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden])')].map((row) => ({
      source: row.getAttribute('data-source'),
      offset: Number(row.getAttribute('data-offset')),
      level: row.getAttribute('data-level'),
      text: row.querySelector('.text')?.textContent ?? '',
    })));
  }

  async texts() {
    return (await this.lines()).map((line) => line.text);
  }

  /** @param {string} selector */
  count(selector) {
    return this.#page.locator(selector).count();
  }

  /**
   * Waits until a line with this text is on the screen, and the sources are known, by which lines are drawn again.
   *
   * @param {string} text
   */
  async sees(text) {
    await this.until(`a line "${text}"`, async () => {
      const texts = await this.texts();
      const sources = await this.#page.locator('#sources-label').textContent();
      return { isThere: texts.includes(text) && sources !== '' && sources !== 'no source', seen: [sources, ...texts.slice(-5)] };
    });
  }

  /**
   * Waits until something is as expected.
   *
   * @param {string} what
   * @param {() => Promise<unknown>} read
   * @param {unknown} expected
   */
  async reads(what, read, expected) {
    await this.until(what, async () => {
      const seen = await read();
      return { isThere: isDeepStrictEqual(seen, expected), seen };
    });
  }

  /** Waits for the state of the status chip. @param {string} state */
  async isIn(state) {
    await this.until(`the state ${state}`, async () => {
      const seen = await this.#page.locator('[role=status][data-state]').getAttribute('data-state');
      return { isThere: seen === state, seen };
    });
  }

  /**
   * Looks again and again, once for each frame of the page; says what was seen when it does not come true.
   *
   * @param {string} what
   * @param {() => Promise<{isThere: boolean, seen: unknown}>} look
   */
  async until(what, look) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { isThere, seen } = await look();
      if (isThere) return;
      assert(Date.now() < deadline, `${what} did not come; seen: ${JSON.stringify(seen)}; errors: ${this.#errors.join()}`);
      await this.#page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }
}
