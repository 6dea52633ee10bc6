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
  `${'\x1b[31m\x1b[32m'.repeat(5_000)}many colours`,
  '\x1b[99999999999mno colour',
  'nul \0 bell \x07',
];

test('hostile lines make no elements and run nothing', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, { viewport: { width: 1280, height: 2_000 } });
  await tab.sees('first');
  const dialogs = [];
  tab.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss();
  });
  const requests = [];
  tab.page.on('request', (request) => requests.push(request.url()));

  dir.append('app.log', `${LINES.join('\n')}\n`);
  dir.append('app.log', Buffer.from([0xff, 0xfe, 0x0a]));
  dir.append('app.log', 'last\n');
  await tab.sees('last');

  const lines = await tab.lines();
  assert.equal(lines.length, LINES.length + 3);
  assert.equal(lines[1].text, LINES[0]);
  const made = await tab.page.evaluate(() => {
    const log = document.querySelector('[role=log]');
    return [...log.querySelectorAll('script, img, svg, a, iframe, object, form, input, textarea, style, link')]
      .map((element) => element.outerHTML);
  });
  assert.deepEqual(made, []);
  assert.deepEqual(dialogs, []);
  assert.deepEqual(requests, []);
  assert.doesNotMatch(await tab.page.title(), /owned/);
  const spans = await tab.page.evaluate(() => Math.max(
    ...[...document.querySelectorAll('[data-offset]:not([aria-hidden]) .text')].map((row) => row.querySelectorAll('*').length),
  ));
  assert(spans <= 256, `${spans} elements in one line`);
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
