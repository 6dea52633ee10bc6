// The page scrolls over the whole log: from the live end to the first byte of the oldest file and back.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const log = (tab) => tab.page.getByRole('log');
const strip = (tab) => tab.page.getByRole('scrollbar', { name: 'Log position' });

/** Numbers of the lines `line 7` that are in the document, in order. */
async function numbers(tab) {
  return (await tab.texts()).map((text) => Number(text.slice(5)));
}

function assertConsecutive(seen) {
  assert.deepEqual(seen, seen.map((_, at) => seen[0] + at));
}

test('Home shows the first byte of the oldest file, End the live end', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 30_000);
  dir.rotate('app.log');
  dir.appendLines('app.log', 30_000, 60_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 59999');

  await tab.page.keyboard.press('Home');
  await tab.sees('line 0');
  await tab.isIn('paused');
  assertConsecutive(await numbers(tab));
  await tab.reads('the place on the strip', () => strip(tab).getAttribute('aria-valuenow'), '0');

  dir.append('app.log', 'line 60000\n');
  await tab.page.getByRole('button', { name: '1 new line' }).waitFor();
  await tab.page.keyboard.press('End');
  await tab.sees('line 60000');
  await tab.isIn('live');
  dir.append('app.log', 'line 60001\n');
  await tab.sees('line 60001');
  assertConsecutive(await numbers(tab));
  await tab.reads('the place on the strip', () => strip(tab).getAttribute('aria-valuenow'), '100');
});

test('scrolling up and down goes over every line once', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 3_000);
  dir.rotate('app.log');
  dir.appendLines('app.log', 3_000, 6_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 5999');

  for (const [key, goal] of [['PageUp', 0], ['PageDown', 5_999]]) {
    const seen = new Set();
    await log(tab).focus();
    await tab.until(`line ${goal} after ${key}`, async () => {
      const now = await numbers(tab);
      assertConsecutive(now);
      for (const number of now) seen.add(number);
      if (!seen.has(goal)) await tab.page.keyboard.press(key);
      return { isThere: seen.has(goal), seen: [now[0], now.at(-1)] };
    });
    assert.equal(seen.size, 6_000);
  }
  // The last line may be drawn already when it is not yet on the screen.
  await tab.page.keyboard.press('PageDown');
  await tab.page.keyboard.press('PageDown');
  await tab.isIn('live');
  dir.append('app.log', 'line 6000\n');
  await tab.sees('line 6000');
  assertConsecutive(await numbers(tab));
});

test('lines of several sources are gone over in the order of their times, each once', async (t) => {
  const dir = new LogDir(t);
  const start = Date.parse('2026-11-22T08:00:00Z');
  const texts = (of) => Array.from({ length: 6_000 }, (_, n) => n).filter(of)
    .map((n) => `${new Date(start + n * 1000).toISOString()} line ${n}\n`).join('');
  dir.append('a.log', texts((n) => n % 3 === 0));
  dir.append('b.log', texts((n) => n % 3 !== 0));
  const server = await Server.start(t, dir.path('a.log'), dir.path('b.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 5999');
  await log(tab).focus();
  const seen = new Set();
  await tab.until('the first line', async () => {
    const now = await numbers(tab);
    assert(now.every((number, at) => at === 0 || number > now[at - 1]), now.join());
    for (const number of now) seen.add(number);
    if (!seen.has(0)) await tab.page.keyboard.press('PageUp');
    return { isThere: seen.has(0), seen: [now[0], now.at(-1)] };
  });
  assert.equal(seen.size, 6_000);
});

test('lines that were scrolled to stay where they are while older ones are fetched', async (t) => {
  const dir = new LogDir(t);
  dir.appendLines('app.log', 0, 20_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 19999');
  await log(tab).hover();
  await tab.page.mouse.wheel(0, -17_000);
  await tab.isIn('paused');
  const moves = await tab.page.evaluate(() => new Promise((resolve) => {
    const places = new Map();
    const found = [];
    let frames = 0;
    const look = () => {
      for (const row of document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden])')) {
        const { top } = row.getBoundingClientRect();
        const before = places.get(row.dataset.offset);
        if (before !== undefined && frames > 60 && Math.abs(before - top) > 1) found.push([row.dataset.offset, before, top]);
        places.set(row.dataset.offset, top);
      }
      frames += 1;
      if (frames < 120) requestAnimationFrame(look);
      else resolve(found.slice(0, 5));
    };
    look();
  }));
  assert.deepEqual(moves, []);
});

test('a place on the strip is a place in the file', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', Array.from({ length: 100_000 }, (_, n) => `line ${String(n).padStart(6, '0')}\n`).join(''));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 099999');
  const box = await strip(tab).boundingBox();
  await tab.page.mouse.click(box.x + 5, box.y + box.height / 4);
  await tab.until('a line near a quarter', async () => {
    const seen = await numbers(tab);
    return { isThere: seen.some((number) => Math.abs(number - 25_000) < 200), seen: [seen[0], seen.at(-1)] };
  });
  await tab.until('the position', async () => {
    const seen = Number(await strip(tab).getAttribute('aria-valuenow'));
    return { isThere: Math.abs(seen - 25) <= 1, seen };
  });
  await tab.page.mouse.move(box.x + 5, box.y + box.height / 4);
  await tab.page.mouse.down();
  await tab.page.mouse.move(box.x + 5, box.y + box.height / 2, { steps: 4 });
  await tab.page.mouse.up();
  await tab.until('a line near the middle', async () => {
    const seen = await numbers(tab);
    return { isThere: seen.some((number) => Math.abs(number - 50_000) < 200), seen: [seen[0], seen.at(-1)] };
  });
});

test('a filter that matches nothing near the end finds what is further up', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'the needle\n');
  dir.appendLines('app.log', 0, 200_000);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?q=needle`);
  await tab.sees('the needle');
});

test('lines that came too fast are loaded in the place of their gap', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'line 0\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('line 0');
  const last = 400_000;
  const burst = Array.from({ length: last }, (_, n) => `${'padding '.repeat(20)}line ${n + 1}\n`).join('');
  dir.append('app.log', burst);
  await tab.until('the last line', async () => {
    const seen = (await tab.texts()).at(-1);
    return { isThere: seen?.endsWith(`line ${last}`) ?? false, seen };
  });
  const gap = tab.page.locator('[data-gap=lag]');
  await log(tab).focus();
  // Up to 4 MiB of lines may have come behind it.
  await tab.until('the gap', async () => {
    for (let page = 0; page < 40 && await gap.count() === 0; page += 1) await tab.page.keyboard.press('PageUp');
    return { isThere: await gap.count() > 0, seen: (await tab.texts())[0] };
  });
  const rest = () => tab.page.evaluate(() => document.querySelector('[data-gap=lag] span')?.textContent ?? 'none');
  const before = await rest();
  await gap.first().getByRole('button', { name: 'Load them' }).click();
  await tab.until('lines under what is left of the gap', async () => {
    const seen = await rest();
    return { isThere: seen !== before, seen: [before, seen] };
  });
  const shown = (await tab.texts()).map((text) => Number(/line (\d+)$/.exec(text)[1]));
  const jumps = shown.filter((number, at) => at > 0 && number !== shown[at - 1] + 1);
  assert(jumps.length <= 1, `${jumps.length} jumps`);
});
