// The server goes away and comes back; the page comes back by itself.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** Tall enough for every line of a test, so that each has its row. */
const TALL = { viewport: { width: 1280, height: 2_400 } };

test('after a crash of the server each line is there once', async (t) => {
  const dir = new LogDir(t);
  const expected = dir.appendLines('app.log', 0, 20);
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address, TALL);
  await tab.sees('line 19');
  await tab.isIn('live');

  for (let round = 1; round <= 2; round += 1) {
    await server.crash();
    await tab.isIn('reconnecting');
    assert.deepEqual(await tab.texts(), expected);
    expected.push(...dir.appendLines('app.log', 20 * round, 20 * round + 20));
    await server.restart();
    await tab.sees(expected.at(-1));
    await tab.isIn('live');
    assert.deepEqual(await tab.texts(), expected);
  }
  assert.equal(await tab.count('[data-gap]'), 0);
});

test('a rotation while the server is down is a row between the lines', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('one');
  await server.crash();
  dir.append('app.log', 'two\n');
  dir.rotate('app.log');
  dir.append('app.log', 'three\n');
  await server.restart();
  await tab.sees('three');
  assert.deepEqual(await tab.texts(), ['one', 'two', 'three']);
  assert.equal(await tab.count('[data-boundary]'), 1);
});

test('an orderly end is said', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('one');
  await server.stop();
  await tab.isIn('offline');
  assert.deepEqual(await tab.texts(), ['one']);
  dir.append('app.log', 'two\n');
  await server.restart();
  await tab.sees('two');
  assert.deepEqual(await tab.texts(), ['one', 'two']);
});
