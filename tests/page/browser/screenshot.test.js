// The picture in the README, taken of the demo, so that it shows what a newcomer sees.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';

import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

const PICTURE = fileURLToPath(new URL('../screenshot.png', import.meta.url));
const BYTES_MAX = 150_000;

after(closeBrowser);

test('the demo fills the page', async (t) => {
  const server = await Server.start(t, '--demo');
  const options = { viewport: { width: 1000, height: 520 }, colorScheme: 'dark' };
  const tab = await Tab.open(t, `${server.address}?q=worker|queue|deploy|ERROR|warn`, options);
  await tab.until('a screen of lines of several sources', async () => {
    const lines = await tab.lines();
    const sources = new Set(lines.map((line) => line.source));
    return { isThere: lines.length >= 10 && sources.size > 1, seen: [lines.length, ...sources] };
  });
  await tab.isIn('live');
  await tab.page.getByRole('button', { name: 'Close hints' }).click();
  // Every run gives another picture: it is kept only when it is asked for.
  const path = process.env.UPDATE_GOLDEN === undefined ? undefined : PICTURE;
  await tab.page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(PICTURE);
  assert(size <= BYTES_MAX, `${size} bytes`);
});
