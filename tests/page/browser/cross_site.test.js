// Pages of other sites, which a reader visits with the same browser, get nothing of the log.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

/** An empty page of somebody else, on whatever name of this machine; gives its port. */
async function siteOfSomebodyElse(t, html = '<!doctype html><title>elsewhere</title>') {
  const site = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  t.after(() => site.close());
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return site.address().port;
}

async function started(t, ...flags) {
  const dir = new LogDir(t);
  dir.append('app.log', 'secret line\n');
  return Server.start(t, ...flags, dir.path('app.log'));
}

/**
 * Everything by which a page can reach for another one's data.
 *
 * @param {Tab} tab
 * @param {string} target address of the server, with its slash
 * @returns {Promise<string[]>} what each attempt gave
 */
function attempts(tab, target) {
  return tab.page.evaluate(async (address) => {
    const loaded = (name, attributes) => new Promise((resolve) => {
      const element = Object.assign(document.createElement(name), attributes);
      element.onload = () => resolve(`${name} loaded`);
      element.onerror = () => resolve(`${name} failed`);
      document.body.append(element);
    });
    const fetched = async (path, options) => {
      try {
        const response = await fetch(`${address}${path}`, { credentials: 'include', ...options });
        return `fetch ${response.type} ${await response.text()}`;
      } catch {
        return 'fetch failed';
      }
    };
    const streamed = (path) => new Promise((resolve) => {
      const stream = new EventSource(`${address}${path}`, { withCredentials: true });
      stream.onmessage = () => resolve('stream message');
      stream.addEventListener('log', () => resolve('stream log'));
      stream.onopen = () => resolve('stream open');
      stream.onerror = () => resolve('stream failed');
    });
    const framed = () => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      frame.onload = () => {
        try {
          resolve(`iframe ${frame.contentDocument?.body.textContent ?? 'unreadable'}`);
        } catch {
          resolve('iframe unreadable');
        }
      };
      document.body.append(frame);
    });
    return Promise.all([
      fetched('api/sources'),
      fetched('tail?follow=0'),
      fetched('api/sources', { mode: 'no-cors' }),
      fetched('api/session', { method: 'POST', mode: 'no-cors', body: 'token' }),
      streamed('events'),
      loaded('script', { src: `${address}api/sources` }),
      loaded('img', { src: `${address}raw/app.log` }),
      framed(),
    ]);
  }, target);
}

/** Nothing was given to the page, and the server refused what it was asked. */
async function checkNothingIsHad(t, tab, target) {
  const statuses = [];
  tab.page.on('response', (response) => {
    if (response.url().startsWith(target)) statuses.push(response.status());
  });
  const seen = await attempts(tab, target);
  assert.deepEqual(seen, [
    'fetch failed',
    'fetch failed',
    'fetch failed',
    'fetch failed',
    'stream failed',
    'script failed',
    'img failed',
    'iframe unreadable',
  ]);
  assert(statuses.length > 0, 'nothing was asked');
  assert(statuses.every((status) => status >= 400), statuses.join());
}

test('a page of another site gets nothing of a log that is open to its reader', async (t) => {
  const server = await started(t);
  const port = await siteOfSomebodyElse(t);
  const tab = await Tab.open(t, `http://evil.example:${port}/`);
  tab.expectErrors();
  await checkNothingIsHad(t, tab, server.address);
});

test('a page on another port of the same host gets nothing by the session there is', async (t) => {
  const server = await started(t, '--token');
  const bare = server.address.split('#')[0];
  const port = await siteOfSomebodyElse(t);
  const tab = await Tab.open(t, server.address);
  await tab.sees('secret line');
  tab.expectErrors();
  await tab.page.goto(`http://localhost:${port}/`);
  await checkNothingIsHad(t, tab, bare);
});

test('a name that was pointed here by a web site is not answered', async (t) => {
  const server = await started(t);
  const { port } = new URL(server.address);
  const tab = await Tab.open(t, 'about:blank');
  tab.expectErrors();
  const response = await tab.page.goto(`http://rebind.example:${port}/`);
  assert.equal(response?.status(), 421);
  const seen = await tab.page.evaluate(async () => {
    const answers = await Promise.all(['api/sources', 'tail?follow=0'].map((path) => fetch(path)));
    return Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
  });
  for (const [status, text] of seen) {
    assert.equal(status, 421);
    assert(!text.includes('secret'), text);
  }
});

test('a link to the page may stand on another site', async (t) => {
  const server = await started(t, '--token');
  const port = await siteOfSomebodyElse(t, `<!doctype html><a href="${server.address}">the log</a>`);
  const tab = await Tab.open(t, `http://chat.example:${port}/`);
  await tab.page.getByText('the log').click();
  await tab.sees('secret line');
  assert.equal(new URL(tab.page.url()).hash, '');
});
