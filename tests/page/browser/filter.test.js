// The filter bar asks the server, and an invalid filter changes nothing but the message.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** @param {import('./harness/tab.js').Tab} tab */
function filterField(tab) {
  return tab.page.getByRole('textbox', { name: 'Filter' }).or(tab.page.getByRole('searchbox', { name: 'Filter' }));
}

test('a typed filter changes what is shown and what arrives', async () => {
  const dir = new LogDir();
  dir.append('app.log', 'INFO one\nERROR two\nINFO three\n');
  const server = await Server.start(dir.path('app.log'));
  const tab = await Tab.open(server.address);
  await tab.sees('INFO three');

  await filterField(tab).fill('ERR[O]R');
  await filterField(tab).press('Enter');
  await tab.until('the filtered lines', async () => {
    const texts = await tab.texts();
    return { isThere: texts.join() === 'ERROR two', seen: texts };
  });
  dir.append('app.log', 'INFO four\nERROR five\n');
  await tab.sees('ERROR five');
  assert.deepEqual(await tab.texts(), ['ERROR two', 'ERROR five']);
  assert.match(tab.page.url(), /[?&]q=ERR/);

  await tab.page.reload();
  await tab.sees('ERROR five');
  assert.deepEqual(await tab.texts(), ['ERROR two', 'ERROR five']);

  await tab.close();
  await server.stop();
  dir.remove();
});

test('an invalid filter is told the message of the server, and the rows stay', async () => {
  const dir = new LogDir();
  dir.append('app.log', 'one\ntwo\n');
  const server = await Server.start(dir.path('app.log'));
  const tab = await Tab.open(server.address);
  await tab.sees('two');

  const field = filterField(tab);
  await field.fill('(two');
  await tab.until('the message', async () => {
    const seen = await tab.page.locator('body').innerText();
    return { isThere: /unclosed group/i.test(seen), seen };
  });
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await tab.texts(), ['one', 'two']);
  dir.append('app.log', 'three\n');
  await tab.sees('three');

  await field.fill('t(hree|wo)');
  await field.press('Enter');
  await tab.until('the filtered lines', async () => {
    const texts = await tab.texts();
    return { isThere: texts.join() === 'two,three', seen: texts };
  });
  assert.notEqual(await field.getAttribute('aria-invalid'), 'true');

  await tab.close();
  await server.stop();
  dir.remove();
});

test('what matched is marked', async () => {
  const dir = new LogDir();
  dir.append('app.log', 'é 😀 needle and Needle\n');
  const server = await Server.start(dir.path('app.log'));
  const tab = await Tab.open(`${server.address}?q=needle`);
  await tab.sees('é 😀 needle and Needle');
  const marked = await tab.page.locator('[data-offset] mark').allTextContents();
  assert.deepEqual(marked, ['needle', 'Needle']);

  await tab.close();
  await server.stop();
  dir.remove();
});
