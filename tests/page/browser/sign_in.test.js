// The link signs in, and so does what is pasted; who is signed out is told so and comes back to the same view.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** A log with a line in it, a server that asks for its token, and where the page is without the token. */
async function started(t, ...flags) {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, '--token', ...flags, dir.path('app.log'));
  const [bare, token] = server.address.split('#t=');
  return { dir, server, bare, token };
}

/** @param {Tab} tab @param {string} text */
async function paste(tab, text) {
  await tab.page.getByLabel('Link or token').fill(text);
  await tab.page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
}

test('the link signs in, and the token is gone from the address bar', async (t) => {
  const { server, bare, token } = await started(t);
  const requests = [];
  const tab = await Tab.open(t, bare);
  await tab.isIn('refused');
  tab.page.on('request', (request) => requests.push([request.url(), request.headers().referer ?? '']));
  await tab.page.goto('about:blank');
  await tab.page.goto(`${bare}?level=info,unknown#t=${token}`);
  await tab.sees('first');
  assert.equal(new URL(tab.page.url()).hash, '');
  assert.match(tab.page.url(), /\?level=/);
  const leaks = requests.flat().filter((text) => text.includes(token) && !text.endsWith(`#t=${token}`));
  assert.deepEqual(leaks, []);
  const kept = await tab.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert(!kept.includes(token), kept);

  // The session is the browser's: without the fragment the page opens as well.
  await tab.page.goto(bare);
  await tab.sees('first');
  assert(server.address.startsWith(bare));
});

test('who has no session pastes the link or the token', async (t) => {
  const { dir, bare, token, server } = await started(t);
  const tab = await Tab.open(t, `${bare}?q=second`);
  await tab.isIn('refused');
  assert.match(await tab.page.locator('#status').innerText(), /SIGN IN/);
  assert.equal((await tab.texts()).length, 0);
  await paste(tab, 'not a token');
  await tab.page.getByText('neither a link nor a token').waitFor();
  await paste(tab, 'wrong-token');
  await tab.page.getByText('not the token of this server').waitFor();
  dir.append('app.log', 'second\n');
  await paste(tab, server.address);
  await tab.sees('second');
  assert.deepEqual(await tab.texts(), ['second']);
  assert.equal(new URL(tab.page.url()).searchParams.get('q'), 'second');

  const other = await Tab.open(t, bare);
  await other.isIn('refused');
  await paste(other, token);
  await other.sees('first');
});

test('a session that ends is asked for again, and the reader goes on where it was', async (t) => {
  const { dir, bare, token } = await started(t);
  const tab = await Tab.open(t, 'about:blank');
  const end = Math.floor(Date.now() / 1000) + 10;
  await tab.page.context().addCookies([{ ...cookie(bare, token, end), url: bare }]);
  await tab.page.goto(bare);
  await tab.sees('first');
  await tab.isIn('refused');
  dir.append('app.log', 'meanwhile\n');
  assert.deepEqual(await tab.texts(), ['first']);
  await paste(tab, token);
  await tab.sees('meanwhile');
  assert.deepEqual(await tab.texts(), ['first', 'meanwhile']);
  await tab.isIn('live');
});

test('another token signs everybody out, and the reader goes on where it was', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  dir.append('token', 'correct-horse\n');
  const server = await Server.start(t, '--token-file', dir.path('token'), dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');
  writeFileSync(dir.path('token'), 'battery-staple');
  server.hangUp();
  await tab.isIn('refused');
  dir.append('app.log', 'meanwhile\n');
  await paste(tab, 'correct-horse');
  await tab.page.getByText('not the token of this server').waitFor();
  await paste(tab, 'battery-staple');
  await tab.sees('meanwhile');
  assert.deepEqual(await tab.texts(), ['first', 'meanwhile']);
});

test('two servers of one host keep their sessions apart', async (t) => {
  const [one, other] = [await started(t), await started(t)];
  const tab = await Tab.open(t, one.server.address);
  await tab.sees('first');
  await tab.page.goto(other.server.address);
  await tab.sees('first');
  await tab.page.goto(one.bare);
  await tab.sees('first');
  const names = (await tab.page.context().cookies()).map(({ name }) => name).sort();
  assert.deepEqual(names, [one, other].map(({ bare }) => `ls_${new URL(bare).port}`).sort());
});

test('a server that lets everybody in says so', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, '--no-auth', dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('first');
  await tab.page.getByText('no sign-in').waitFor();
});

/** As the server signs it. */
function cookie(address, token, end) {
  const sign = (key, text) => createHmac('sha256', key).update(text).digest();
  const text = `v1.${end}.AAAAAAAAAAAAAAAA`;
  const signature = sign(sign(token, 'logstream session v1'), text).toString('base64url');
  return { name: `ls_${new URL(address).port}`, value: `${text}.${signature}` };
}
