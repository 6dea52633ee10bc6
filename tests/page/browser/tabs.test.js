// All tabs of a browser share what they read: eight of them work over plain HTTP, where a browser grants six
// connections to a server.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/**
 * Connections to the server, as its machine sees them.
 *
 * @param {import('./harness/server.js').Server} server
 */
function connections(server) {
  const port = Number(new URL(server.address).port).toString(16).toUpperCase().padStart(4, '0');
  const established = new RegExp(`^\\s*\\d+: \\w+:${port} \\w+:\\w+ 01 `, 'gm');
  return ['tcp', 'tcp6'].reduce((sum, name) => sum + (readFileSync(`/proc/net/${name}`, 'utf8').match(established)?.length ?? 0), 0);
}

/** The lines are there, each once, up to the last one. */
async function hasAll(tab, texts) {
  await tab.sees(texts.at(-1));
  const seen = await tab.texts();
  assert.deepEqual(seen, texts.slice(-seen.length));
}

test('eight tabs with the same log and with other filters all get every line', async (t) => {
  const dir = new LogDir(t);
  const first = dir.appendLines('app.log', 0, 20);
  const server = await Server.start(t, dir.path('app.log'));
  const filters = ['', '', '', '?q=1', '?q=3', '?q=5', '?q=7', '?q=9'];
  /** @type {Tab[]} */
  const tabs = [];
  for (const filter of filters) tabs.push(await Tab.open(t, `${server.address}${filter}`, tabs[0]));
  const matching = (lines, filter) => lines.filter((text) => text.includes(filter.slice(3)));
  let lines = first;
  for (const [index, tab] of tabs.entries()) await hasAll(tab, matching(lines, filters[index]));

  for (const round of [1, 2, 3]) {
    lines = lines.concat(dir.appendLines('app.log', round * 20, round * 20 + 20));
    for (const [index, tab] of tabs.entries()) await hasAll(tab, matching(lines, filters[index]));
    assert(connections(server) <= 6, `${connections(server)} connections`);
  }
});

test('tabs that read the same share one stream, and one that comes later has every line once', async (t) => {
  const dir = new LogDir(t);
  let lines = dir.appendLines('app.log', 0, 50);
  const server = await Server.start(t, dir.path('app.log'));
  const one = await Tab.open(t, server.address);
  await hasAll(one, lines);
  // While lines come, so that it joins between two of them.
  let next = 50;
  const writing = setInterval(() => { lines = lines.concat(dir.appendLines('app.log', next, next += 3)); }, 5);
  t.after(() => clearInterval(writing));
  const others = [];
  for (let tab = 0; tab < 6; tab += 1) others.push(await Tab.open(t, server.address, one));
  clearInterval(writing);
  for (const tab of [one, ...others]) {
    await hasAll(tab, lines);
    await tab.page.keyboard.press('Home');
    await tab.sees('line 0');
    const seen = await tab.texts();
    assert.deepEqual(seen, lines.slice(0, seen.length));
  }
  await one.until('one stream', async () => {
    const seen = connections(server);
    return { isThere: seen === 1, seen };
  });
});

test('when the tab that came first is closed, the others go on', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const one = await Tab.open(t, server.address);
  const other = await Tab.open(t, server.address, one);
  await other.sees('first');
  await one.page.close();
  dir.append('app.log', 'second\n');
  await other.sees('second');
});

test('after a crash of the server each line is there once in every tab', async (t) => {
  const dir = new LogDir(t);
  let lines = dir.appendLines('app.log', 0, 10);
  const server = await Server.start(t, dir.path('app.log'));
  const one = await Tab.open(t, server.address);
  const other = await Tab.open(t, server.address, one);
  await hasAll(other, lines);
  await server.crash();
  lines = lines.concat(dir.appendLines('app.log', 10, 20));
  await other.isIn('reconnecting');
  await server.restart();
  for (const tab of [one, other]) await hasAll(tab, lines);
});

test('where there is no worker to share, a page reads by itself', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'first\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, 'about:blank');
  await tab.page.addInitScript('delete globalThis.SharedWorker');
  await tab.page.goto(server.address);
  await tab.sees('first');
  dir.append('app.log', 'second\n');
  await tab.sees('second');
});
