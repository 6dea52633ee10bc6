// What a line is on the page: structured lines, records, long lines, and what is done with them.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

async function open(t, text, query = '', options = {}) {
  const dir = new LogDir(t);
  dir.append('app.log', text);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}${query}`, { timezoneId: 'UTC', ...options });
  return { dir, tab };
}

/** What is copied is kept, because a test may not read the clipboard. */
async function catchCopies(tab) {
  await tab.page.evaluate(() => {
    window.copies = [];
    document.addEventListener('copy', (event) => {
      window.copies.push(event.clipboardData.getData('text/plain') || String(document.getSelection()));
    });
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copies.push(text); } } });
  });
  return (expected) => tab.until('the copy', async () => {
    const seen = await tab.page.evaluate(() => window.copies.at(-1));
    return { isThere: seen === expected, seen };
  });
}

const row = (tab, text) => tab.page.locator('[role=log] .rows .row', { hasText: text });

/** The top of a row on the screen. */
const topOf = async (tab, text) => Math.round((await row(tab, text).first().boundingBox()).y);

const JSON_LINE = '{"ts":"2026-11-22T10:47:02Z","level":"error","msg":"payment failed","order":{"id":47110000000000000001,"total":129.90},"note":"one\\ntwo"}';

test('a JSON line is readable, unfolds to its fields, and is as it was at a key', async (t) => {
  const { tab } = await open(t, `${JSON_LINE}\n{"broken":\nafter\n`);
  const readable = 'payment failed order={"id":47110000000000000001,"total":129.90} note="one↵two"';
  await tab.sees(readable);
  await tab.sees('{"broken":');
  const [line] = await tab.lines();
  assert.equal(line.level, 'error');

  const below = await topOf(tab, 'broken');
  await row(tab, 'payment failed').getByRole('button', { name: 'Fields' }).click();
  await row(tab, 'payment failed').getByText('47110000000000000001').waitFor();
  assert.match(await row(tab, 'payment failed').innerText(), /total: 129\.90[\s\S]*one\n *two/);
  assert.ok(await topOf(tab, 'broken') > below + 100);
  await row(tab, 'payment failed').getByRole('button', { name: 'Fields' }).click();
  await tab.until('the line as high as before', async () => {
    const seen = await topOf(tab, 'broken');
    return { isThere: seen === below, seen };
  });
  await tab.page.keyboard.press('J');
  await tab.sees(JSON_LINE);
  await tab.page.keyboard.press('J');
  await tab.sees(readable);
});

test('a field filters for and out, and is copied', async (t) => {
  const line = (status, n) => `{"msg":"line ${n}","status":${status},"path":"/a"}\n`;
  const { tab } = await open(t, [50, 504, 504, 200].map(line).join(''));
  await tab.sees('line 3 status=200 path=/a');
  const copied = await catchCopies(tab);
  const field = async (text, name, action) => {
    const of = row(tab, text);
    if (await of.locator('.pair').count() === 0) await of.getByRole('button', { name: 'Fields' }).click();
    await of.locator('.pair', { hasText: name }).hover();
    await of.locator('.pair', { hasText: name }).getByRole('button', { name: action }).click();
  };
  await field('line 0', 'path', 'copy');
  await copied('/a');
  await field('line 0', 'status', 'filter for');
  await tab.until('one line', async () => {
    const seen = await tab.texts();
    return { isThere: seen.length === 1 && seen[0].startsWith('line 0'), seen };
  });
});

test('hits are shown where the text of a structured line is shown, and it is copied as it is in the file', async (t) => {
  const { tab } = await open(t, `first\n${JSON_LINE}\nlast\n`, '?q=fail|first|last');
  await tab.sees('first');
  assert.equal(await row(tab, 'payment').locator('mark').innerText(), 'fail');
  const copied = await catchCopies(tab);
  await tab.page.evaluate(() => {
    const texts = [...document.querySelectorAll('.rows .text')];
    document.getSelection().setBaseAndExtent(texts[0], 0, texts.at(-1), texts.at(-1).childNodes.length);
  });
  await tab.page.keyboard.press('Control+c');
  await copied(`first\n${JSON_LINE}\nlast`);
});

test('a field becomes a column under its name, which takes it away again', async (t) => {
  const { tab } = await open(t, '{"msg":"one","status":504,"req":{"id":"a b"}}\n{"msg":"two","status":200}\nthree\n');
  await tab.sees('two status=200');
  await row(tab, 'one').getByRole('button', { name: 'Fields' }).click();
  const head = tab.page.getByRole('group', { name: 'Columns' });
  for (const [name, column] of [['status', 'status'], ['id', 'req.id']]) {
    await row(tab, 'one').locator('.pair', { hasText: `${name}:` }).hover();
    await row(tab, 'one').locator('.pair', { hasText: `${name}:` }).getByRole('button', { name: 'as column' }).click();
    // Rows are drawn anew then; what is pressed meanwhile is not pressed.
    await head.getByRole('button', { name: column }).waitFor();
  }
  await tab.until('both columns', async () => {
    const seen = [await row(tab, 'two').innerText(), await row(tab, 'one').innerText()];
    return { isThere: /^ *200 +two/.test(seen[0]) && /504 +a b +one/.test(seen[1]), seen };
  });
  const [name, value] = [head.getByRole('button', { name: 'status' }), row(tab, 'two').getByText('200')];
  assert.ok(Math.abs((await name.boundingBox()).x - (await value.boundingBox()).x) < 2, 'the name stands over its values');
  await tab.page.reload();
  await tab.sees('two');
  await head.getByRole('button', { name: 'status' }).click();
  await head.getByRole('button', { name: 'req.id' }).click();
  await tab.sees('two status=200');
  assert.equal(await head.isVisible(), false);
});

const TIMES = [
  '2026-11-22T10:00:00.000Z first', 'no time', '2026-11-22T10:00:01.500Z second', '2026-11-22T10:00:01.000Z third',
].join('\n');

/** The times that are shown, in order. */
const times = (tab) => tab.page.locator('[role=log] .rows .time').allInnerTexts();

async function showTime(tab, name) {
  await tab.page.getByRole('button', { name: 'Menu', exact: true }).click();
  await tab.page.getByRole('radio', { name }).check({ force: true });
  await tab.page.keyboard.press('Escape');
}

test('times are shown as a clock, as a distance, or as logged', async (t) => {
  const { tab } = await open(t, `${TIMES}\n`);
  await tab.sees('third');
  const shown = async (expected) => tab.until('the times', async () => {
    const seen = (await times(tab)).map((text) => text.replace(/^\S+ (?=\d)/, '').trim());
    return { isThere: seen.join() === expected.join(), seen };
  });
  await shown(['10:00:00.000', '10:00:00.000', '10:00:01.500', '10:00:01.000']);
  assert.match(await row(tab, 'no time').locator('.time').getAttribute('class'), /inherited/);
  assert.match(await row(tab, 'third').locator('.time').getAttribute('class'), /unordered/);
  await showTime(tab, 'Delta');
  await shown(['', '', '+1.500', '-0.500']);
  await row(tab, 'second').locator('.text').click();
  await showTime(tab, 'Relative');
  await shown(['-1.500', '-1.500', '+0.000', '-0.500']);
  await showTime(tab, 'As logged');
  await tab.sees(TIMES.split('\n')[3]);
});

test('letters and lines have the size the reader wants', async (t) => {
  const { tab } = await open(t, 'one\ntwo\n');
  await tab.sees('two');
  const distance = async () => await topOf(tab, 'two') - await topOf(tab, 'one');
  assert.equal(await distance(), 20);
  await tab.page.getByRole('button', { name: 'Menu', exact: true }).click();
  await tab.page.getByRole('checkbox', { name: 'Lines closer together' }).check();
  await tab.page.getByRole('slider', { name: 'Size of text' }).fill('18');
  await tab.until('larger lines', async () => {
    const seen = await distance();
    return { isThere: seen === 22, seen };
  });
});

const TRACE = ['ERROR it failed', ...Array.from({ length: 30 }, (_, n) => `\tat frame${n}(F.java:${n})`)].join('\n');
const frame = (n) => `        at frame${n}(F.java:${n})`;

test('a stack trace is folded, unfolds in its place, and is copied whole', async (t) => {
  const { tab } = await open(t, `before\n${TRACE}\nINFO after\n`);
  const folded = ['before', 'it failed', frame(0), frame(1), frame(2), 'after'];
  await tab.sees('after');
  assert.deepEqual(await tab.texts(), folded);
  const top = await topOf(tab, 'it failed');
  await tab.page.getByRole('button', { name: '27 more lines' }).click();
  await tab.sees(frame(29));
  assert.equal(await topOf(tab, 'it failed'), top);
  await tab.page.getByRole('button', { name: 'Fold' }).click();
  await tab.page.getByRole('button', { name: '27 more lines' }).waitFor();
  assert.deepEqual(await tab.texts(), folded);

  const copied = await catchCopies(tab);
  await row(tab, 'it failed').locator('.text').click();
  await tab.page.keyboard.press('c');
  await copied(TRACE);
  await tab.page.keyboard.press('}');
  await tab.page.locator('.row[aria-current]', { hasText: 'after' }).waitFor();
  await tab.page.keyboard.press('{');
  await tab.page.keyboard.press('Enter');
  await tab.sees(frame(29));
});

test('what is looked for is not left in a fold', async (t) => {
  const { tab } = await open(t, `before\n${TRACE}\nINFO after\n`, '?find=frame17');
  await tab.sees(frame(17));
  assert.equal(await row(tab, 'frame17').locator('mark.hit').innerText(), 'frame17');
  const filtered = await open(t, `before\n${TRACE}\nINFO after\n`, '?q=frame2');
  await filtered.tab.sees(frame(29));
  assert.equal((await filtered.tab.texts()).length, 11);
});

test('on paper lines are black on white and wrapped, whatever they are on the screen', async (t) => {
  const long = `2026-11-22T10:00:00Z ERROR ${'long '.repeat(200)}`;
  const { tab } = await open(t, `first\n${long}\n`, '', { colorScheme: 'dark' });
  await tab.sees('first');
  await tab.page.keyboard.press('z');
  await tab.page.emulateMedia({ media: 'print' });
  await tab.until('black on white', async () => {
    const seen = await tab.page.evaluate(() => {
      const rows = [...document.querySelectorAll('.rows .row')];
      const style = getComputedStyle(rows[1].querySelector('.text'));
      return [style.color, getComputedStyle(rows[1]).backgroundColor, getComputedStyle(document.body).backgroundColor, rows[1].offsetHeight > 60,
        rows[1].offsetWidth <= innerWidth, getComputedStyle(document.querySelector('.bar')).display];
    });
    return { isThere: seen.join() === 'rgb(0, 0, 0),rgba(0, 0, 0, 0),rgb(255, 255, 255),true,true,none', seen };
  });
});

test('on a phone the button of a line lies beside its text', async (t) => {
  const { tab } = await open(t, `2026-11-22T10:00:00Z INFO ${'a long line '.repeat(20)}\n`, '', { viewport: { width: 390, height: 844 }, hasTouch: true });
  const text = tab.page.locator('[role=log] [data-offset] .text').first();
  await text.tap();
  await tab.until('the button beside it', async () => {
    const [words, button] = await Promise.all([text.boundingBox(), tab.page.getByRole('button', { name: 'Line menu' }).boundingBox()]);
    return { isThere: button !== null && button.x + button.width <= words.x && button.y >= words.y, seen: [words, button] };
  });
});
