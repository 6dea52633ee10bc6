// The hub: tabs that read the same share one stream, few are open at once, and nothing is lost when they take turns.

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { Hub } from '../../../static/js/wire/hub.js';

/** Connections to the server, all that were made. @type {FakeSource[]} */
let sources = [];

class FakeSource extends EventTarget {
  isClosed = false;

  constructor(url) {
    super();
    this.url = url;
    sources.push(this);
  }

  close() {
    this.isClosed = true;
  }

  opens() {
    this.dispatchEvent(new Event('open'));
  }

  fails() {
    this.dispatchEvent(new Event('error'));
  }

  says(name, data, id = '') {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
}

beforeEach((t) => {
  sources = [];
  globalThis.EventSource = FakeSource;
  mock.timers.reset();
  mock.timers.enable({ apis: ['setInterval', 'setTimeout', 'Date'], now: 1_000_000 });
  t.after?.(() => mock.timers.reset());
});

/** A tab of a hub, and what it was told. */
function tabOf(hub) {
  const told = [];
  const ask = hub.seat((notice) => told.push(notice));
  let number = 0;
  const subscribe = (query, from = '', isAlone = false) => ask({ do: 'subscribe', number: number += 1, query, from, isAlone });
  const events = () => told.filter(({ is }) => is === 'event').map(({ data }) => JSON.parse(data));
  const phase = () => told.filter(({ is }) => is === 'connection').at(-1)?.connection.phase;
  return { ask, subscribe, told, events, phase };
}

const open = () => sources.filter(({ isClosed }) => !isClosed).map(({ url }) => url);
const line = (text) => ({ source: 'app.log', text });

test('tabs that read the same share one connection, and each is told everything', () => {
  const hub = new Hub();
  const [one, other] = [tabOf(hub), tabOf(hub)];
  one.subscribe('events?q=a');
  other.subscribe('events?q=a');
  assert.deepEqual(open(), ['events?q=a']);
  sources[0].opens();
  sources[0].says('log', line('first'), 'i1');
  assert.deepEqual(one.events(), [line('first')]);
  assert.deepEqual(other.events(), [line('first')]);
  assert.deepEqual([one.phase(), other.phase()], ['open', 'open']);
});

test('a tab that comes later goes on after the last id, with the lines that have no end yet', () => {
  const hub = new Hub();
  tabOf(hub).subscribe('events?q=a');
  sources[0].opens();
  sources[0].says('log', line('first'), 'i1');
  sources[0].says('partial', line('half a li'), '');
  const late = tabOf(hub);
  late.subscribe('events?q=a');
  assert.equal(late.told.find(({ is }) => is === 'joined').id, 'i1');
  assert.deepEqual(late.events(), [line('half a li')]);
  sources[0].says('log', line('half a line'), 'i2');
  const later = tabOf(hub);
  later.subscribe('events?q=a');
  assert.deepEqual(later.events(), [], 'the line has its end now');
});

test('the connection is closed when the last tab leaves, and not before', () => {
  const hub = new Hub();
  const [one, other] = [tabOf(hub), tabOf(hub)];
  one.subscribe('events?q=a');
  other.subscribe('events?q=a');
  one.ask({ do: 'leave' });
  assert.equal(open().length, 1);
  other.ask({ do: 'leave' });
  assert.equal(open().length, 0);
});

test('four streams are open at most; one that nobody sees gives way and goes on from its last id', () => {
  const hub = new Hub();
  const tabs = Array.from({ length: 5 }, () => tabOf(hub));
  tabs.slice(0, 4).forEach((tab, at) => tab.subscribe(`events?q=${at}`));
  sources.forEach((source, at) => source.says('log', line(`of ${at}`), `id${at}`));
  tabs[1].ask({ do: 'show', isVisible: false });
  tabs[4].subscribe('events?q=4');
  assert.deepEqual(open(), ['events?q=0', 'events?q=2', 'events?q=3', 'events?q=4']);
  tabs[4].ask({ do: 'leave' });
  assert.equal(open().at(-1), 'events?q=1&from=id1');
});

test('more than four that are seen take turns', () => {
  const hub = new Hub();
  Array.from({ length: 5 }, () => tabOf(hub)).forEach((tab, at) => tab.subscribe(`events?q=${at}`));
  const seen = new Set(open());
  assert.equal(open().length, 4);
  for (let tick = 0; tick < 10; tick += 1) {
    mock.timers.tick(500);
    assert.equal(open().length, 4);
    open().forEach((url) => seen.add(url));
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4].map((at) => `events?q=${at}`));
});

test('a tab that reads too slowly holds its stream back until it has read', () => {
  const hub = new Hub();
  const tab = tabOf(hub);
  tab.subscribe('events?q=a');
  sources[0].says('log', line('x'.repeat(8_100_000)), 'i1');
  assert.equal(open().length, 0);
  mock.timers.tick(5_000);
  assert.equal(open().length, 0, 'it has read nothing yet');
  tab.ask({ do: 'read', number: 1, length: 8_100_000 });
  assert.deepEqual(open(), ['events?q=a&from=i1']);
});

test('one that sleeps while others read is let go', () => {
  const hub = new Hub();
  const [awake, asleep] = [tabOf(hub), tabOf(hub)];
  awake.subscribe('events?q=a');
  asleep.subscribe('events?q=a');
  for (let id = 0; id < 9; id += 1) {
    sources[0].says('log', line('x'.repeat(1_000_000)), `i${id}`);
    awake.ask({ do: 'read', number: 1, length: 1_000_040 });
  }
  assert.equal(asleep.told.at(-1).is, 'dropped');
  const told = asleep.told.length;
  sources[0].says('log', line('next'), 'i9');
  assert.equal(asleep.told.length, told);
  assert.deepEqual(awake.events().at(-1), line('next'));
});

test('two streams of one query that come to the same place become one', () => {
  const hub = new Hub();
  const [one, other] = [tabOf(hub), tabOf(hub)];
  one.subscribe('events?q=a');
  sources[0].says('log', line('a'), 'i1');
  other.subscribe('events?q=a', 'i0');
  assert.equal(open().length, 2);
  sources[1].says('log', line('a'), 'i1');
  mock.timers.tick(500);
  assert.equal(open().length, 1);
  sources.find(({ isClosed }) => !isClosed).says('log', line('b'), 'i2');
  assert.deepEqual([one.events().at(-1), other.events().at(-1)], [line('b'), line('b')]);
});

test('a notice carries the number of the subscription it is for', () => {
  const hub = new Hub();
  const tab = tabOf(hub);
  tab.subscribe('events?q=a');
  tab.subscribe('events?q=b');
  assert.deepEqual(open(), ['events?q=b']);
  sources[1].says('log', line('b'), 'i1');
  assert.equal(tab.told.at(-1).number, 2);
});

test('a stream that broke is opened again from the last id, later and later, or at once when asked', () => {
  const hub = new Hub();
  const tab = tabOf(hub);
  tab.subscribe('events?q=a');
  sources[0].opens();
  sources[0].says('log', line('a'), 'i1');
  sources[0].fails();
  const waits = () => tab.told.at(-1).connection;
  assert.equal(waits().phase, 'waiting');
  assert.equal(waits().attempt, 1);
  const first = waits().retryAt - Date.now();
  mock.timers.tick(first);
  assert.deepEqual(open(), ['events?q=a&from=i1']);
  sources[1].fails();
  assert.equal(waits().attempt, 2);
  tab.ask({ do: 'retry' });
  assert.equal(sources.length, 3);
  sources[2].opens();
  assert.deepEqual([waits().phase, waits().attempt], ['open', 0]);
});

test('one that says nothing for 15 s is dead, and one that never began is held back by something', () => {
  const hub = new Hub();
  const tab = tabOf(hub);
  tab.subscribe('events?q=a');
  sources[0].opens();
  mock.timers.tick(19_000);
  assert.equal(tab.phase(), 'open');
  mock.timers.tick(1_500);
  const [held, lost] = tab.told.slice(-2).map(({ connection }) => connection);
  assert.deepEqual([held.isHeldBack, lost.phase], [true, 'waiting']);
  tab.ask({ do: 'retry' });
  sources[1].opens();
  sources[1].says('ping', { head: 'i1' }, 'i1');
  assert.equal(tab.told.findLast(({ is }) => is === 'connection').connection.isHeldBack, false);
  mock.timers.tick(15_500);
  assert.equal(tab.phase(), 'waiting');
});

test('a server that goes away says so', () => {
  const hub = new Hub();
  const tab = tabOf(hub);
  tab.subscribe('events?q=a');
  sources[0].opens();
  sources[0].says('end', {});
  sources[0].fails();
  assert.deepEqual([tab.told.at(-1).connection.isStopped, tab.phase()], [true, 'waiting']);
});
