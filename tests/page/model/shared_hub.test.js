// The way to the hub: through the worker that all tabs share, or in the page itself where there is none.

import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';

const requests = [];
let stream = null;

// What a page has, and a worker: the hub of a page without a worker runs in it.
const target = new EventTarget();
for (const name of ['addEventListener', 'dispatchEvent']) globalThis[name] = target[name].bind(target);
globalThis.self = globalThis;
globalThis.EventSource = class extends EventTarget {
  isClosed = false;

  constructor(url) {
    super();
    requests.push(url);
    stream = this;
  }

  close() {
    this.isClosed = true;
  }
};

/** Channels that were made, all closed in the end. */
const channels = [];
globalThis.MessageChannel = class extends MessageChannel {
  constructor() {
    super();
    channels.push(this);
  }
};
after(() => channels.forEach(({ port1 }) => port1.close()));

const { SharedHub } = await import('../../../static/js/wire/shared_hub.js');

/** Waits until something is so; what is between is a message of a port, which comes by itself. */
async function until(isSo) {
  while (!isSo()) await new Promise(setImmediate);
}

/** A worker like that of a browser. */
class FakeWorker extends EventTarget {
  static made = [];

  constructor(script) {
    super();
    const { port1, port2 } = new MessageChannel();
    Object.assign(this, { script, port: port1, far: port2, heard: [] });
    port2.addEventListener('message', ({ data }) => this.heard.push(data));
    port2.start();
    FakeWorker.made.push(this);
  }
}

const subscription = (query) => ({ do: 'subscribe', number: 1, query, from: '', isAlone: false });

test('requests go to the worker that is shared, and what it says comes back', async (t) => {
  globalThis.SharedWorker = FakeWorker;
  t.after(() => { delete globalThis.SharedWorker; });
  const told = [];
  const hub = new SharedHub('worker.js', (notice) => told.push(notice), () => {});
  const [worker] = FakeWorker.made.splice(0);
  assert.equal(worker.script, 'worker.js');
  hub.send({ do: 'retry' });
  await until(() => worker.heard.length === 1);
  worker.far.postMessage({ is: 'joined', number: 1, id: 'i1' });
  await until(() => told.length === 1);
  assert.equal(told[0].id, 'i1');
});

test('where the worker cannot be had, the page asks again, of a hub of its own', async (t) => {
  globalThis.SharedWorker = FakeWorker;
  t.after(() => { delete globalThis.SharedWorker; });
  let asked = 0;
  const hub = new SharedHub('worker.js', () => {}, () => {
    asked += 1;
    hub.send(subscription('events?q=own'));
  });
  const [worker] = FakeWorker.made.splice(0);
  worker.dispatchEvent(new Event('error'));
  assert.equal(asked, 1);
  await until(() => requests.includes('events?q=own'));
  hub.send({ do: 'leave' });
  await until(() => stream.isClosed);
});

test('a page without a worker lets its stream go when it is hidden for a minute, and asks again when it is seen', async () => {
  let asked = 0;
  const hub = new SharedHub('worker.js', () => {}, () => { asked += 1; });
  hub.send(subscription('events?q=hidden'));
  await until(() => requests.includes('events?q=hidden'));
  mock.timers.enable({ apis: ['setTimeout'] });
  hub.send({ do: 'show', isVisible: false });
  mock.timers.tick(30_000);
  hub.send({ do: 'show', isVisible: true });
  mock.timers.tick(60_000);
  assert.equal(asked, 0);
  hub.send({ do: 'show', isVisible: false });
  mock.timers.tick(60_000);
  mock.timers.reset();
  await until(() => stream.isClosed);
  hub.send({ do: 'show', isVisible: true });
  assert.equal(asked, 1);
});
