// Sharing: what the link says, how it is copied, and who can open it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const ALONE = { links: [], access: 'owner', loopback: true, version: '1.2.3' };

async function open(t, query = '', options = {}, prepare = async () => {}, answer = ALONE) {
  const dir = new LogDir(t);
  dir.append('app.log', '2026-11-22T10:47:02.403Z ERROR upstream timeout\n2026-11-22T10:47:03Z INFO fine\n');
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, 'about:blank', options);
  await prepare(tab.page);
  await tab.page.route('**/api/share', (route) => route.fulfill({ json: answer }));
  await tab.page.goto(`${server.address}${query}`);
  await tab.sees('upstream timeout');
  const dialog = tab.page.getByRole('dialog', { name: 'Share this view' });
  const link = dialog.getByRole('textbox', { name: 'Link to this view' });
  const share = () => tab.page.getByRole('button', { name: 'Share', exact: true }).click();
  return { server, tab, dialog, link, share };
}

test('the link is selected already, and says what is ticked', async (t) => {
  const { tab, dialog, link, share } = await open(t, '?q=timeout&since=-99999h');
  await tab.page.getByText('upstream timeout').click();
  await share();
  const selected = await link.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  assert.match(selected, /\/\?q=timeout&since=\d{4}-.*Z&at=[0-9a-f]+\.0&ts=2026-11-22T10:47:02.403Z$/);
  await dialog.getByRole('checkbox', { name: /^this line \(\d\d:47:02\.403, app\.log\)$/ }).uncheck();
  await dialog.getByRole('checkbox', { name: 'filters' }).uncheck();
  await dialog.getByRole('checkbox', { name: /exactly my display/ }).check();
  assert.match(await link.inputValue(), /\/\?follow=0&wrap=1&tz=local$/);
  await dialog.getByRole('checkbox', { name: 'open following live' }).check();
  assert.match(await link.inputValue(), /\/\?wrap=1&tz=local$/);
});

test('a copied link opens what was shown', async (t) => {
  const { tab, dialog, share } = await open(t, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  await tab.page.getByText('upstream timeout').click();
  await share();
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await dialog.getByText('Copied').waitFor();
  const other = await Tab.open(t, await tab.page.evaluate(() => navigator.clipboard.readText()));
  await other.until('the line as the current one', async () => {
    const seen = await other.page.locator('[role=log] [aria-current] .text').allTextContents();
    return { isThere: seen.join() === 'upstream timeout', seen };
  });
});

test('copied as text it is the line as it is in the file, and the link', async (t) => {
  const { tab, dialog, link, share } = await open(t, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  await tab.page.getByText('upstream timeout').click();
  await share();
  await dialog.getByRole('button', { name: 'Copy as text' }).click();
  await dialog.getByText('Copied').waitFor();
  const text = await tab.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(text, `\`\`\`\n2026-11-22T10:47:02.403Z ERROR upstream timeout\n\`\`\`\n${await link.inputValue()}\n`);
});

test('where copying is not possible the text is left selected, and what to press is said', async (t) => {
  const { tab, dialog, link, share } = await open(t, '', {}, (page) => page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  }));
  await tab.page.getByText('upstream timeout').click();
  await share();
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await dialog.getByText('Press Ctrl-C').waitFor();
  const isSelected = (field) => document.activeElement === field && field.selectionEnd - field.selectionStart === field.value.length;
  assert.ok(await link.evaluate(isSelected));
  await dialog.getByRole('button', { name: 'Copy as text' }).click();
  const text = dialog.getByRole('textbox', { name: 'Text to copy' });
  await text.waitFor();
  assert.ok(await text.evaluate(isSelected));
});

test('of a page on localhost, the names that others can use are offered', async (t) => {
  const answer = { links: ['http://build7:5647/'], access: 'open', loopback: false, version: '1.2.3' };
  const { tab, dialog, link, share } = await open(t, '?q=timeout', {}, undefined, answer);
  await share();
  await dialog.getByText('This link only works on this computer — use one of these instead.').waitFor();
  await dialog.getByRole('button', { name: 'http://build7:5647/' }).click();
  assert.equal(await link.inputValue(), 'http://build7:5647/?q=timeout');
  await dialog.getByText('Anyone who can reach this server can open it.').waitFor();
  await tab.page.keyboard.press('Escape');
  assert.equal(await dialog.isVisible(), false);
});

test('a server that listens for this computer alone says so', async (t) => {
  const { dialog, share } = await open(t);
  await share();
  await dialog.getByText('This link only works on this computer: the server listens for no other. Start it with --share for teammates.').waitFor();
});

test('a QR code is drawn when asked for, and a long link is said to be long', async (t) => {
  const { dialog, share } = await open(t);
  await share();
  await dialog.getByRole('button', { name: 'QR code' }).click();
  const code = dialog.getByRole('img', { name: 'QR code of the link' });
  await code.waitFor();
  const [width, dark] = await code.evaluate(async (canvas) => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return [canvas.width, pixels.filter((_, at) => at % 4 === 3).filter((alpha) => alpha > 0).length];
  });
  assert.ok(width >= 21 && dark > 100, `${width} ${dark}`);
});

test('a link longer than some programs take is said to be', async (t) => {
  const { dialog, share } = await open(t, `?${Array.from({ length: 3 }, (_, at) => `x=${'z'.repeat(700)}${at}`).join('&')}`);
  await share();
  await dialog.getByText(/^This link has 2,?\d{3} characters: some programs will cut it\.$/).waitFor();
});
