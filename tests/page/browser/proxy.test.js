// A proxy that gathers what it passes on, and so keeps live lines from the page.

import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** Passes everything on but the body of `/events`, as long as it holds back. */
async function proxyTo(t, address) {
  const state = { holdsBack: true, address: '', asked: [] };
  const proxy = createServer((incoming, outgoing) => {
    state.asked.push(incoming.url);
    const options = { headers: incoming.headers, method: incoming.method };
    const passed = request(new URL(incoming.url, address), options, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      outgoing.flushHeaders();
      if (incoming.url.startsWith('/events') && state.holdsBack) answer.resume();
      else answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise((listening) => { proxy.listen(0, '127.0.0.1', listening); });
  t.after(() => { proxy.closeAllConnections(); proxy.close(); });
  state.address = `http://127.0.0.1:${proxy.address().port}/`;
  return state;
}

/** A page behind such a proxy, whose time can be moved on: without a worker, the page reads by itself. */
async function behindProxy(t) {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\n');
  const server = await Server.start(t, dir.path('app.log'));
  const proxy = await proxyTo(t, server.address);
  const tab = await Tab.open(t, 'about:blank');
  await tab.page.addInitScript(() => { delete window.SharedWorker; });
  await tab.page.clock.install();
  await tab.page.goto(proxy.address);
  const until = (what, look) => tab.until(what, async () => {
    await tab.page.clock.fastForward(3000);
    return look();
  });
  return { dir, proxy, tab, until };
}

test('a proxy that holds events back is told of, until they come', async (t) => {
  const { proxy, tab, until } = await behindProxy(t);
  const words = tab.page.getByText(/a proxy between this page and the server may hold lines back/);
  await until('the words', async () => ({ isThere: await words.isVisible(), seen: await tab.page.locator('#status').innerText() }));
  proxy.holdsBack = false;
  await until('the line', async () => {
    const seen = await tab.texts();
    return { isThere: seen.includes('one') && !await words.isVisible(), seen };
  });
});

test('the newest lines are there before the stream, which goes on from them', async (t) => {
  const { dir, proxy, tab, until } = await behindProxy(t);
  await until('the line', async () => {
    const seen = await tab.texts();
    return { isThere: seen.join() === 'one', seen };
  });
  // Before there are modules, and not once more by them.
  assert.deepEqual(proxy.asked.filter((url) => url.startsWith('/api/history')), ['/api/history?limit=200']);
  await tab.page.locator('[role=log] [data-offset] .text', { hasText: 'one' }).click();
  dir.append('app.log', 'two\n');
  proxy.holdsBack = false;
  await until('the line that came, and the place of the reader', async () => {
    const seen = [...await tab.texts(), await tab.page.locator('[role=log] [aria-current] .text').allInnerTexts()].join();
    return { isThere: seen === 'one,two,one', seen };
  });
});
