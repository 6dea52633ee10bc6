// @ts-check
// The worker that all tabs of a browser share. Where there is no such worker, a page runs it for itself.

import { Hub } from './wire/hub.js';

const hub = new Hub();

self.addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports;
  const take = hub.seat((notice) => port.postMessage(notice));
  port.addEventListener('message', ({ data }) => take(data));
  // Of a tab that has ended without a word.
  port.addEventListener('close', () => take({ do: 'leave' }));
  port.start();
});
