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

test('a typed filter changes what is shown and what arrives', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\ntwo yes\nthree\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
  await tab.sees('three');

  await filterField(tab).fill('y[e]s');
  await filterField(tab).press('Enter');
  await tab.until('the filtered lines', async () => {
    const texts = await tab.texts();
    return { isThere: texts.join() === 'two yes', seen: texts };
  });
  dir.append('app.log', 'four\nfive yes\n');
  await tab.sees('five yes');
  assert.deepEqual(await tab.texts(), ['two yes', 'five yes']);
  await tab.until('the filter in the address', async () => {
    const seen = tab.page.url();
    return { isThere: /[?&]q=y/.test(seen), seen };
  });

  await tab.page.reload();
  await tab.sees('five yes');
  assert.deepEqual(await tab.texts(), ['two yes', 'five yes']);
});

test('an invalid filter is told the message of the server, and the rows stay', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'one\ntwo\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, server.address);
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
});

test('what matched is marked', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'é 😀 needle and Needle\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?q=needle`);
  await tab.sees('é 😀 needle and Needle');
  const marked = await tab.page.locator('[data-offset] mark').allTextContents();
  assert.deepEqual(marked, ['needle', 'Needle']);
});

test('on a phone what is hidden is said in words that are not cut', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'ERROR one\n'.repeat(2000) + 'yes\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, `${server.address}?q=yes`, { viewport: { width: 390, height: 844 } });
  const words = tab.page.locator('#status-hidden');
  await tab.reads('the words', () => words.innerText(), '2,000 hidden');
  assert(await words.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth));
});
