// Times: going to one, limiting the log to a stretch of them, and lines per time.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const START = Date.parse('2026-11-22T08:00:00Z');
const COUNT = 20_000;

/** A line a second; errors in the sixth thousand. */
async function open(t, query = '') {
  const dir = new LogDir(t);
  const line = (n) => `${new Date(START + n * 1000).toISOString()} ${n >= 6_000 && n < 6_100 ? 'ERROR' : 'INFO'} line ${n}\n`;
  dir.append('app.log', Array.from({ length: COUNT }, (_, n) => line(n)).join(''));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}${query}`, { timezoneId: 'UTC' });
  return { dir, tab };
}

/** All lines are counted. */
const isCounted = (tab) => tab.page.locator('#timeline:not(.is-rough) [aria-valuetext]').waitFor();
const timeline = (tab) => tab.page.getByRole('slider', { name: 'Timeline' });

async function goTo(tab, where) {
  await tab.page.keyboard.press(':');
  await tab.page.getByRole('textbox', { name: 'Go to' }).fill(where);
  await tab.page.keyboard.press('Enter');
  // The dialog stays until it is there.
  await tab.page.locator('#goto-dialog').waitFor({ state: 'hidden' });
}

async function currentIs(tab, text) {
  await tab.until(`the current line "${text}"`, async () => {
    const seen = await tab.page.evaluate(() => document.querySelector('[role=log] [aria-current] .text')?.textContent);
    return { isThere: seen === text, seen };
  });
}

test('a moment, a part and a byte are gone to; what is none is told', async (t) => {
  const { tab } = await open(t);
  await tab.sees('line 19999');
  await goTo(tab, '2026-11-22T09:00:00Z');
  await currentIs(tab, 'line 3600');
  await goTo(tab, '50%');
  await tab.until('the middle', async () => {
    const seen = (await tab.texts()).map((text) => Number(text.slice(5)));
    return { isThere: seen.some((n) => n > 9_800 && n < 10_200), seen: [seen[0], seen.at(-1)] };
  });
  await goTo(tab, '@0');
  await tab.sees('line 0');
  await tab.page.keyboard.press(':');
  await tab.page.getByRole('textbox', { name: 'Go to' }).fill('half past nine');
  await tab.page.keyboard.press('Enter');
  await tab.until('a message', async () => {
    const seen = await tab.page.locator('#goto-message').innerText();
    return { isThere: /time/.test(seen), seen };
  });
});

test('brackets go a minute back and on', async (t) => {
  const { tab } = await open(t);
  await tab.sees('line 19999');
  await goTo(tab, '2026-11-22T09:00:00Z');
  await currentIs(tab, 'line 3600');
  await tab.page.keyboard.press('[');
  await currentIs(tab, 'line 3540');
  await tab.page.keyboard.press('Alt+]');
  await currentIs(tab, 'line 7140');
});

test('the timeline shows when there were errors, and a click goes there', async (t) => {
  const { tab } = await open(t);
  await tab.sees('line 19999');
  await isCounted(tab);
  const box = await timeline(tab).boundingBox();
  const x = box.x + box.width * 6_050 / COUNT;
  await tab.page.mouse.move(x, box.y + 20);
  await tab.until('what the bar stands for', async () => {
    const seen = await timeline(tab).getAttribute('aria-valuetext');
    return { isThere: /^2026-11-22 09:\d\d:\d\d to 09:\d\d:\d\d: .*error/.test(seen), seen };
  });
  await tab.page.mouse.click(x, box.y + 20);
  await tab.until('the errors', async () => {
    const seen = (await tab.lines()).filter(({ level }) => level === 'error').length;
    return { isThere: seen > 0, seen };
  });
  await tab.isIn('paused');
});

test('dragging over the timeline keeps a stretch of time, and its chips take it back', async (t) => {
  const { tab } = await open(t);
  await tab.sees('line 19999');
  await isCounted(tab);
  const box = await timeline(tab).boundingBox();
  await tab.page.mouse.move(box.x + box.width * 0.25, box.y + 20);
  await tab.page.mouse.down();
  await tab.page.mouse.move(box.x + box.width * 0.3, box.y + 20, { steps: 5 });
  await tab.page.mouse.up();
  await tab.page.getByRole('button', { name: 'Remove until' }).waitFor();
  await tab.until('lines of that time alone', async () => {
    const seen = (await tab.texts()).map((text) => Number(text.slice(5)));
    return { isThere: seen.length > 0 && seen.every((n) => n > 4_800 && n < 6_200), seen: [seen[0], seen.at(-1)] };
  });
  await tab.page.getByRole('button', { name: 'Remove until' }).click();
  await tab.page.getByRole('button', { name: 'Remove since' }).click();
  await tab.page.keyboard.press('End');
  await tab.sees('line 19999');
});

test('t hides the timeline', async (t) => {
  const { tab } = await open(t);
  await timeline(tab).waitFor();
  await tab.page.keyboard.press('t');
  await timeline(tab).waitFor({ state: 'hidden' });
  await tab.page.keyboard.press('t');
  await timeline(tab).waitFor();
});

test('lines of context stand around each that matches, and groups are apart', async (t) => {
  const { tab } = await open(t, '?q=line+(500|700)$');
  await tab.sees('line 700');
  await tab.page.getByRole('button', { name: 'Lines of context: 0' }).click();
  await tab.sees('line 701');
  assert.deepEqual(await tab.texts(), [499, 500, 501, 699, 700, 701].map((n) => `line ${n}`));
  const marked = await tab.page.evaluate(() => [...document.querySelectorAll('[role=log] .row[data-offset]')]
    .map((row) => `${row.hasAttribute('data-context') ? 'c' : 'm'}${row.hasAttribute('data-apart') ? '|' : ''}`).join(''));
  assert.equal(marked, 'cmcc|mc');
});

test('a line is shown in context without the filter, and back', async (t) => {
  const { tab } = await open(t, '?q=line+(500|700)$');
  await tab.sees('line 700');
  await tab.page.locator('[data-offset]', { hasText: /line 500$/ }).click();
  await tab.page.keyboard.press('v');
  await tab.sees('line 502');
  await currentIs(tab, 'line 500');
  await tab.page.keyboard.press('v');
  await tab.until('the filtered lines', async () => {
    const seen = await tab.texts();
    return { isThere: seen.join() === 'line 500,line 700', seen };
  });
});

test('what the filter shows can be downloaded', async (t) => {
  const { tab } = await open(t, '?q=line+(500|700)$');
  await tab.sees('line 700');
  await tab.page.getByRole('button', { name: 'Menu' }).click();
  const links = tab.page.locator('#menu-downloads a');
  await tab.reads('the downloads', () => links.allTextContents(), ['app.log', 'What the filter shows']);
  const download = tab.page.waitForEvent('download');
  await links.last().click();
  const stream = await (await download).createReadStream();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), [500, 700].map((n) => `${new Date(START + n * 1000).toISOString()} INFO line ${n}\n`).join(''));
});

test('the strip shows where errors are, also among lines that are not here', async (t) => {
  const { tab } = await open(t);
  await tab.sees(`line ${COUNT - 1}`);
  await tab.until('something at the place of the errors alone', async () => {
    const seen = await tab.page.locator('#strip canvas').evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
      const { width, height } = canvas;
      const inked = ([from, to]) => {
        const { data } = canvas.getContext('2d').getImageData(width / 2, height * from, 1, height * (to - from));
        return data.some((value, at) => at % 4 === 3 && value > 0);
      };
      return [[0, 0.28], [0.28, 0.32], [0.32, 0.8]].map(inked);
    });
    return { isThere: seen.join() === 'false,true,false', seen };
  });
});

test('bars that end now say so, and those of an old log do not', async (t) => {
  const { dir, tab } = await open(t);
  await isCounted(tab);
  const to = tab.page.locator('#timeline-to');
  assert.doesNotMatch(await to.innerText(), /now/);
  dir.append('app.log', `${new Date().toISOString()} INFO written now\n`);
  await tab.sees('written now');
  await tab.until('now', async () => {
    const seen = await to.innerText();
    return { isThere: seen.endsWith(' now'), seen };
  });
});
