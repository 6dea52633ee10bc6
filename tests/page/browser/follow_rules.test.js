// What lets go of the end and what takes it up again, and that a paused reader's line stays where it is on the screen.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** Many records, some with a stack trace, some too long for a row; the last is a structured one. */
function text(from, to) {
  return Array.from({ length: to - from }, (_, at) => {
    const number = from + at;
    const time = new Date(Date.parse('2026-11-22T08:00:00Z') + number * 1000).toISOString();
    const long = number % 7 === 0 ? ' wrapped'.repeat(40) : '';
    return `${time} ${number % 50 === 49 ? 'ERROR' : 'INFO'} line ${number}${long}\n${number % 50 === 49 ? '  at one\n'.repeat(9) : ''}`;
  }).join('');
}

async function open(t, { count = 3000, ...options } = {}) {
  const dir = new LogDir(t);
  dir.append('app.log', text(0, count));
  dir.append('app.log', '{"level":"info","msg":"the end","status":200}\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, options);
  await tab.sees('the end status=200');
  await tab.isIn('live');
  return { dir, tab, log: tab.page.getByRole('log') };
}

/** The first line that can be seen whole, and how far down it is. */
function anchor(tab) {
  return tab.page.evaluate(() => {
    const pane = document.querySelector('[role=log]').getBoundingClientRect();
    const rows = [...document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden])')].filter((row) => !row.classList.contains('is-away'));
    const row = rows.find((one) => one.getBoundingClientRect().top >= pane.top);
    return { offset: row.dataset.offset, top: Math.round(row.getBoundingClientRect().top - pane.top) };
  });
}

/** The wheel has come to rest. */
async function rest(tab) {
  let before = null;
  await tab.until('rest', async () => {
    const seen = await tab.page.getByRole('log').evaluate((log) => log.scrollTop);
    const isThere = seen === before;
    before = seen;
    await tab.page.evaluate(() => new Promise((done) => { setTimeout(done, 100); }));
    return { isThere, seen };
  });
}

/** As a finger drags. @param {number} distance px down */
async function drag(tab, distance) {
  const session = await tab.page.context().newCDPSession(tab.page);
  const start = distance > 0 ? 200 : 650;
  const touch = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', { x: 180, y: start });
  for (let step = 1; step <= 20; step += 1) await touch('touchMove', { x: 180, y: start + distance * step / 20 });
  await touch('touchEnd');
  await session.detach();
}

const LET_GO = {
  'the wheel, upwards': async ({ tab, log }) => {
    await log.hover();
    await tab.page.mouse.wheel(0, -300);
  },
  'Page Up': ({ tab }) => tab.page.keyboard.press('PageUp'),
  'the arrow up': ({ tab }) => tab.page.keyboard.press('ArrowUp'),
  'the key k': ({ tab }) => tab.page.keyboard.press('k'),
  'the key g': ({ tab }) => tab.page.keyboard.press('g'),
  Home: ({ tab }) => tab.page.keyboard.press('Home'),
  'the next error': ({ tab }) => tab.page.keyboard.press('E'),
  'a click on the strip': ({ tab }) => tab.page.getByRole('scrollbar', { name: 'Log position' }).click({ position: { x: 5, y: 200 } }),
  'the button Pause': ({ tab }) => tab.page.getByRole('button', { name: 'Pause' }).click(),
  'unfolding a line': ({ tab }) => tab.page.getByRole('log').getByRole('button', { name: 'Fields' }).click(),
};

test('each of these lets go of the end, and End takes it up again', async (t) => {
  const { tab, log, dir } = await open(t);
  for (const [name, act] of Object.entries(LET_GO)) {
    const failed = (error) => assert.fail(`${name}: ${error.message}`);
    await act({ tab, log });
    await tab.isIn('paused').catch(failed);
    await tab.page.keyboard.press('End');
    await tab.isIn('live').catch(failed);
    // Unfolded or not.
    await tab.until('the end', async () => {
      const seen = (await tab.texts()).at(-1);
      return { isThere: seen?.startsWith('the end'), seen };
    }).catch(failed);
  }
  dir.append('app.log', 'newest\n');
  await tab.sees('newest');
});

/**
 * Presses a key that leads to another place, and then another one before its lines have come.
 *
 * @param {Tab} tab
 * @param {string} key
 * @param {() => Promise<void>} meanwhile
 */
async function whileAway(tab, key, meanwhile) {
  let release;
  const held = new Promise((done) => { release = done; });
  await tab.page.route('**/api/history?*', async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const asked = tab.page.waitForRequest('**/api/history?*');
  await tab.page.keyboard.press(key);
  await asked;
  await tab.isIn('paused');
  await meanwhile();
  release();
  await tab.page.unrouteAll({ behavior: 'wait' });
}

test('who presses End while another place is still being fetched is at the end and stays there', async (t) => {
  const { tab, dir } = await open(t);
  for (const key of ['Home', '[']) {
    await whileAway(tab, key, async () => {
      await tab.page.keyboard.press('End');
      await tab.isIn('live');
    });
    dir.append('app.log', `${key} is over\n`);
    await tab.sees(`${key} is over`);
    await tab.isIn('live');
  }
});

test('who clears the screen while another place is still being fetched has an empty one', async (t) => {
  const { tab, dir } = await open(t);
  await whileAway(tab, '[', async () => {
    await tab.page.keyboard.press('l');
    await tab.page.getByText('The screen was cleared. New lines will appear here.').waitFor();
  });
  dir.append('app.log', 'afterwards\n');
  await tab.sees('afterwards');
  assert.deepEqual(await tab.texts(), ['afterwards']);
});

test('a finger that drags down pauses, and one that comes back to the end follows', async (t) => {
  const { dir, tab } = await open(t, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await drag(tab, 300);
  await tab.isIn('paused');
  dir.append('app.log', 'meanwhile\n');
  await tab.page.getByRole('button', { name: '1 new line' }).waitFor();
  await drag(tab, -200);
  await rest(tab);
  await tab.isIn('paused');
  await drag(tab, -450);
  await tab.isIn('live');
  await tab.sees('meanwhile');
});

test('a selection pauses as long as it is there', async (t) => {
  const { dir, tab } = await open(t);
  const chip = tab.page.locator('#status');
  const row = tab.page.locator('[role=log] .row[data-offset]', { hasText: 'line 2999' }).locator('.text');
  const box = await row.boundingBox();
  // A mouse has whole coordinates; with others the browser selects nothing.
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  await tab.page.mouse.move(x + 4, y + 8);
  await tab.page.mouse.down();
  await tab.page.mouse.move(x + 60, y + 8, { steps: 4 });
  await tab.page.mouse.up();
  await tab.reads('the words', () => chip.innerText(), '❚❚ PAUSED (selecting)');
  const before = await tab.page.evaluate(() => String(document.getSelection()));
  assert.notEqual(before, '');
  dir.append('app.log', 'meanwhile\n'.repeat(200));
  await tab.page.getByRole('button', { name: '200 new lines' }).waitFor();
  assert.equal(await tab.page.evaluate(() => String(document.getSelection())), before);
  await tab.page.keyboard.press('Escape');
  await tab.isIn('live');
  await tab.sees('meanwhile');
});

test('who paused by hand stays paused when a selection is cleared', async (t) => {
  const { tab } = await open(t);
  await tab.page.keyboard.press('p');
  await tab.isIn('paused');
  await tab.page.evaluate(() => document.getSelection().selectAllChildren(document.querySelector('[role=log] [data-offset] .text')));
  await tab.page.keyboard.press('Escape');
  await tab.reads('nothing selected', () => tab.page.evaluate(() => document.getSelection().isCollapsed), true);
  assert.equal(await tab.page.locator('#status').innerText(), '❚❚ PAUSED');
});

/** What changes sizes or lines. */
const CHANGES = {
  'lines that come': async ({ dir, tab }) => {
    dir.append('app.log', text(3000, 4000));
    await tab.page.getByRole('button', { name: /1,\d+ new lines/ }).waitFor();
  },
  'lines that are not wrapped any more': async ({ tab }) => {
    await tab.page.keyboard.press('z');
    await tab.page.locator('#log:not(.is-wrapped)').waitFor();
  },
  'lines that are wrapped again': async ({ tab }) => {
    await tab.page.keyboard.press('z');
    await tab.page.locator('#log.is-wrapped').waitFor();
  },
  'a narrower window': ({ tab }) => tab.page.setViewportSize({ width: 900, height: 900 }),
  'a lower window': ({ tab }) => tab.page.setViewportSize({ width: 900, height: 700 }),
  'a timeline that is gone': async ({ tab }) => {
    await tab.page.keyboard.press('t');
    await tab.page.getByRole('slider', { name: 'Timeline' }).waitFor({ state: 'hidden' });
  },
  'a drawer': async ({ tab }) => {
    await tab.page.keyboard.press('/');
    await tab.page.getByRole('searchbox', { name: 'Find' }).waitFor();
  },
};

test('a paused reader’s line stays where it is, whatever changes around it', async (t) => {
  const { dir, tab, log } = await open(t);
  await log.hover();
  await tab.page.mouse.wheel(0, -9_000);
  await tab.isIn('paused');
  await rest(tab);
  for (const [name, change] of Object.entries(CHANGES)) {
    const before = await anchor(tab);
    await change({ dir, tab });
    await tab.until(`${name}: the line where it was`, async () => {
      const seen = await anchor(tab);
      return { isThere: seen.offset === before.offset && Math.abs(seen.top - before.top) <= 1, seen: [before, seen] };
    });
  }
});

test('what is unfolded at the lower edge comes on the screen', async (t) => {
  const { tab } = await open(t);
  await tab.page.getByRole('log').getByRole('button', { name: 'Fields' }).click();
  await tab.until('its last field on the screen', async () => {
    const [pair, pane] = await Promise.all([tab.page.locator('[role=log] .pair', { hasText: 'status' }).boundingBox(), tab.page.getByRole('log').boundingBox()]);
    return { isThere: pair !== null && pair.y + pair.height <= pane.y + pane.height + 1, seen: [pair, pane] };
  });
});
