// Lines are partly written by attackers. They are text, whatever they look like.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const LINES = [
  '<script>document.title = "owned"</script>',
  '<img src=x onerror=\'document.title="owned"\'>',
  '</textarea></div><svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">click</a>',
  '{{constructor.constructor("alert(1)")()}}',
  'x\rid: 999\rdata: injected\r\rdata: second',
  'data: x\u2028id: 7\u2029\u0085',
  'access\u202etxt.exe',
  `combining ${'\u0301'.repeat(2_000)}`,
  '\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07',
  '\x1b[31mnever closed',
  `${'\x1b[31m\x1b[32m'.repeat(50_000)}cut before its text`,
  `${'\x1b[31m\x1b[32mx'.repeat(5_000)}many colours`,
  '\x1b[99999999999mno colour',
  'nul \0 bell \x07',
  '\x1b]0;owned\x07\x1b]2;owned\x1b\\title',
  '\x1b]52;c;b3duZWQ=\x07clipboard',
  '\x1b[2J\x1b[1;1H\x1bcscreen',
  '[redacted:<img src=x>] [redacted:value] "><link rel=stylesheet href=//evil.example/x.css>',
  '%00%0d%0a</script><base href=//evil.example/><meta http-equiv=refresh content="0;url=//evil.example/">',
];

/** What hostile lines would have to do to be more than text. @param {Tab} tab */
async function watch(tab) {
  /** @type {string[]} */
  const seen = [];
  tab.page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  tab.page.on('popup', () => seen.push('popup'));
  // The page writes its own address anew and asks its own questions while it begins; a load would lose what is
  // remembered here.
  const { origin } = new URL(tab.page.url());
  const own = ['/api/', '/events', '/assets/'].map((path) => `${origin}${path}`);
  tab.page.on('request', (request) => {
    if (!own.some((start) => request.url().startsWith(start))) seen.push(`request ${request.url()}`);
  });
  tab.page.on('framenavigated', (frame) => {
    if (new URL(frame.url()).origin !== origin) seen.push(`went to ${frame.url()}`);
  });
  await tab.page.exposeFunction('tell', (/** @type {string} */ what) => seen.push(what));
  await tab.page.evaluate(() => {
    Object.assign(window, { sameDocument: true });
    document.addEventListener('securitypolicyviolation', (event) => {
      // @ts-expect-error exposed above
      window.tell(`policy ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return seen;
}

test('hostile lines make no elements and run nothing', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, {
    viewport: { width: 1280, height: 2_000 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await tab.sees('first');
  await tab.until('the title', async () => {
    const seen = await tab.page.title();
    return { isThere: seen === '● app.log', seen };
  });
  await tab.page.evaluate(() => navigator.clipboard.writeText('mine'));
  const seen = await watch(tab);

  dir.append('app.log', `${LINES.join('\n')}\n`);
  dir.append('app.log', Buffer.from([0xff, 0xfe, 0x0a]));
  dir.append('app.log', 'last\n');
  await tab.sees('last');

  const lines = await tab.lines();
  assert.equal(lines.length, LINES.length + 3);
  assert.equal(lines[1].text, LINES[0]);
  const made = await tab.page.evaluate(() => {
    const log = document.querySelector('[role=log]');
    const parts = 'script, img, svg, a, iframe, object, form, input, textarea, style, link, base, meta';
    return [...log.querySelectorAll(parts)].map((element) => element.outerHTML);
  });
  assert.deepEqual(made, []);
  assert.deepEqual(seen, []);
  assert.equal(await tab.page.evaluate(() => 'sameDocument' in window), true, 'the page was loaded again');
  assert.doesNotMatch(await tab.page.title(), /owned/);
  assert.equal(await tab.page.title(), '● app.log');
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), 'mine');
  const spans = await tab.page.evaluate(() => Math.max(
    ...[...document.querySelectorAll('[data-offset]:not([aria-hidden]) .text')].map((row) => row.querySelectorAll('*').length),
  ));
  assert(spans <= 256, `${spans} elements in one line`);
});

test('what cannot be seen is shown, and no line is higher than another', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', `${LINES.join('\n')}\nlast\n`);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, { viewport: { width: 1280, height: 2_000 } });
  await tab.sees('last');
  const texts = await tab.texts();
  const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
  assert.deepEqual(texts.filter((text) => unseen.test(text)), []);
  const has = (/** @type {string} */ part) => assert(texts.some((text) => text.includes(part)), part);
  ['<U+202E>', 'nul \u2400 bell \u2407', '<U+2028>', '<U+0085>'].forEach(has);
  ['click', 'title', 'clipboard', 'screen'].forEach((text) => assert(texts.includes(text), text));
  // A long line is wrapped.
  const heights = await tab.page.evaluate(() => [...document.querySelectorAll('[role=log] [data-offset]:not([aria-hidden])')]
    .filter((row) => row.textContent.replace(/\u0301/g, '').length < 150)
    .map((row) => row.getBoundingClientRect().height));
  assert(heights.length > LINES.length / 2);
  assert.deepEqual(new Set(heights).size, 1, String(heights));
});

test('a secret never comes to the page, and what stands for it is drawn as one piece', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'login password=hunter2 of bob\n<b>[redacted:value]</b>\nlast\n');
  const server = await Server.start(t, dir.path('app.log'), '--redact', 'default');
  const tab = await Tab.open(t, server.address);
  await tab.sees('login password=[redacted:value] of bob');
  assert.doesNotMatch(await tab.page.content(), /hunter2/);
  const chips = await tab.page.locator('[data-offset]:not([aria-hidden]) .is-redacted').allTextContents();
  assert.deepEqual(chips, ['[redacted:value]', '[redacted:value]']);
  assert.equal(await tab.count('[role=log] b'), 0);
});

test('one endless line does not stop the page', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');
  dir.append('app.log', `${'x'.repeat(20_000_000)}\n`);
  dir.append('app.log', 'last\n');
  await tab.sees('last');
});
