// What comes in, and what the page knows of how it comes.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { retryDelay } from '../../../static/js/model/backoff.js';
import { Lines } from '../../../static/js/model/lines.js';
import { Rate } from '../../../static/js/model/rate.js';
import { Reception } from '../../../static/js/model/reception.js';

mock.timers.enable({ apis: ['setTimeout'] });

function reception() {
  const clock = { now: 1000 };
  const lines = new Lines(undefined, 0);
  const made = new Reception(lines, () => clock.now);
  const caughtUp = [];
  made.addEventListener('caughtup', ({ detail }) => caughtUp.push(detail));
  let next = 0;
  const log = (count) => made.log({
    source: 'a',
    segment: 's',
    end: 0,
    lines: Array.from({ length: count }, () => ({ offset: next++, text: 'x' })),
  });
  const begun = () => {
    log(10);
    mock.timers.tick(50);
  };
  return { clock, lines, made, caughtUp, log, begun };
}

test('rows stay until another subscription has brought its first lines', () => {
  const { lines, made, log, begun } = reception();
  begun();
  made.begin();
  made.ping({ head: 0, behind: 0 });
  log(3);
  assert.equal(lines.count, 10);
  mock.timers.tick(49);
  log(3);
  mock.timers.tick(49);
  assert.equal(lines.count, 10);
  mock.timers.tick(1);
  assert.equal(lines.count, 6);
  log(1);
  assert.equal(lines.count, 7);
});

test('a subscription that begins with nothing empties the page', () => {
  const { lines, made, begun } = reception();
  begun();
  made.begin();
  made.ping({ head: 0, behind: 0 });
  mock.timers.tick(50);
  assert.equal(lines.count, 0);
  assert.equal(made.isBeginning, false);
  assert.equal(made.lastLineAt, null);
});

test('first lines that do not end are shown all the same', () => {
  const { clock, lines, log } = reception();
  for (let n = 0; n < 20; n += 1) {
    clock.now += 30;
    log(1);
  }
  assert.ok(lines.count > 15);
});

test('of several sources the lines begin where those of all are whole', () => {
  const begin = (...events) => {
    const { lines, made } = reception();
    made.ping({ head: 0, behind: 9 }, 'start');
    events.forEach(([source, offset, time], at) => {
      made.log({ source, segment: source, end: 0, lines: [{ offset, text: `${source}${time}`, time }] }, `id ${at}`);
    });
    mock.timers.tick(120);
    const texts = [];
    for (let row = lines.first; row < lines.end; row += 1) texts.push(lines.lineAt(row).text);
    return `${lines.older}: ${texts.join(' ')}`;
  };
  assert.equal(begin(['a', 70, 1], ['a', 80, 2], ['b', 50, 3], ['a', 90, 4]), 'id 1: b3 a4');
  // The whole of b is here, so nothing of it is missing before.
  assert.equal(begin(['a', 70, 1], ['b', 0, 3], ['a', 90, 4]), 'start: a1 b3 a4');
  // Not in the order of times: nothing can be said.
  assert.equal(begin(['a', 70, 9], ['b', 50, 3]), 'start: a9 b3');
  assert.equal(begin(['a', 70], ['b', 50]), 'start: aundefined bundefined');
});

test('lines that are known to come are waited for a little longer', () => {
  const { lines, made, log, begun } = reception();
  begun();
  made.begin();
  made.ping({ head: 9000, behind: 9000 });
  mock.timers.tick(400);
  assert.equal(lines.count, 10);
  log(3);
  mock.timers.tick(119);
  assert.equal(lines.count, 10);
  mock.timers.tick(1);
  assert.equal(lines.count, 3);
});

test('newest lines that came before stay where the first lines of the subscription go on from them', () => {
  const event = (offset, text, source = 'a') => ({ source, segment: 's', end: 0, lines: [{ offset, text }] });
  const after = (page, ...events) => {
    const { lines, made } = reception();
    let replaced = 0;
    made.addEventListener('replacing', () => { replaced += 1; });
    made.begin();
    made.preview({ lines: page, older: 's.10', newer: null });
    assert.equal(made.isBeginning, true);
    made.ping({ head: 0, behind: 9 }, 'start');
    events.forEach((one, at) => made.log(one, `id ${at}`));
    mock.timers.tick(1500);
    const texts = [];
    for (let row = lines.first; row < lines.end; row += 1) texts.push(lines.lineAt(row).text);
    return `${replaced ? 'others' : 'same'}: ${texts.join(' ')}`;
  };
  const page = [{ source: 'a', segment: 's', offset: 20, text: 'two' }, { source: 'a', segment: 's', offset: 30, text: 'three' }];
  assert.equal(after(page, event(10, 'one'), event(20, 'two'), event(30, 'three'), event(40, 'four')), 'same: two three four');
  // The file was emptied, and filled again as far as this or further.
  assert.equal(after(page, event(0, 'new'), event(30, 'other')), 'others: new other');
  // More has come than a subscription begins with.
  assert.equal(after(page, event(70, 'seven')), 'others: seven');
  // Where the lines of this file belong, nobody can say.
  assert.equal(after(page, event(30, 'three'), event(5, 'quiet', 'b')), 'others: three quiet');
  assert.equal(after(page), 'others: ');
});

test('newest lines also stay that came before the subscription was asked for, and not those of another one', () => {
  const events = [20, 30, 40].map((offset) => ({ source: 'a', segment: 's', end: 0, lines: [{ offset, text: `${offset}` }] }));
  const page = { lines: events.slice(0, 2).map(({ lines: [line] }) => ({ source: 'a', segment: 's', ...line })), older: 's.20', newer: null };
  for (const [others, isCleared, count] of [[0, false, 3], [1, false, 3], [0, true, 1]]) {
    const { lines, made } = reception();
    made.preview(page);
    const { first } = lines;
    for (let number = 0; number <= others; number += 1) made.begin();
    if (isCleared) lines.clear();
    made.ping({ head: 0, behind: 9 }, 'start');
    for (const event of events) made.log(event, 'id');
    mock.timers.tick(1500);
    assert.equal(lines.count, count);
    assert.equal(lines.first === first, others === 0 && !isCleared);
    assert.equal(lines.isCleared, isCleared);
  }
});

test('newest lines that came before also stay where another tab has the stream', () => {
  const { lines, made } = reception();
  made.begin();
  const line = (offset) => ({ source: 'a', segment: 's', offset, text: `${offset}` });
  made.preview({ lines: [line(20), line(30)], older: 's.20', newer: null });
  const { first } = lines;
  made.beginWith({ lines: [line(10), line(20), line(30), line(40)], older: 's.10', newer: null }, 'id');
  assert.deepEqual([lines.first, lines.count, lines.lineAt(lines.end - 1).text, lines.cursor], [first, 3, '40', 'id']);
});

test('lines are shown at once when there are all that the server has said to be there', () => {
  const { lines, made } = reception();
  const log = (offset, end) => made.log({ source: 'a', segment: 's', end, lines: [{ offset, text: 'x' }] });
  made.ping({ head: 900, behind: 50 });
  log(850, 870);
  assert.equal(lines.count, 0);
  log(870, 900);
  assert.equal(lines.count, 2);
});

test('a gap among the first lines stands where it was sent', () => {
  const { lines, made, log } = reception();
  made.gap({ source: 'a', reason: 'cursor', loadable: false });
  log(2);
  assert.deepEqual([lines.markAt(lines.first)?.kind, lines.markAt(lines.first + 1)?.kind, lines.count], ['gap', undefined, 2]);
});

test('the place where the lines begin is known, for older ones to be asked for', () => {
  const { lines, made } = reception();
  made.ping({ head: 0, behind: 9 }, 'before');
  made.log({ source: 'a', segment: 's', end: 0, lines: [{ offset: 70, text: 'x' }] }, 'after');
  mock.timers.tick(120);
  assert.equal(lines.older, 'before');
  assert.equal(lines.cursor, 'after');
});

test('after an interruption it says how many lines came', () => {
  const { clock, made, caughtUp, log, begun } = reception();
  begun();
  made.resume();
  clock.now += 60_000;
  made.tick();
  made.ping({ head: 0, behind: 5e6 });
  log(128);
  log(72);
  clock.now += 500;
  made.tick();
  assert.deepEqual(caughtUp, [200]);
  log(5);
  clock.now += 500;
  made.tick();
  assert.deepEqual(caughtUp, [200]);
});

test('a ping near the end also ends the catching up, one far from it does not', () => {
  const { made, caughtUp, log, begun } = reception();
  begun();
  made.resume();
  made.ping({ head: 0, behind: 5e6 });
  log(100);
  made.ping({ head: 0, behind: 4e6 });
  assert.deepEqual(caughtUp, []);
  log(100);
  made.ping({ head: 0, behind: 0 });
  assert.deepEqual(caughtUp, [200]);
});

test('an interruption in which nothing came is not worth a word', () => {
  const { clock, made, caughtUp, begun } = reception();
  begun();
  made.resume();
  made.ping({ head: 0, behind: 0 });
  clock.now += 1000;
  made.tick();
  assert.deepEqual(caughtUp, []);
});

test('lines left out for speed are known for a while', () => {
  const { clock, made } = reception();
  assert.equal(made.isSkipping, false);
  made.gap({ source: 'a', reason: 'lag', loadable: true });
  assert.equal(made.isSkipping, true);
  clock.now += 5000;
  assert.equal(made.isSkipping, false);
});

test('leaving out lines is told once, when it goes on', () => {
  const { clock, made } = reception();
  let told = 0;
  made.addEventListener('flooded', () => { told += 1; });
  for (let second = 0; second < 10; second += 1) {
    made.gap({ source: 'a', reason: 'lag', loadable: true });
    assert.equal(told, second < 5 ? 0 : 1);
    clock.now += 1000;
  }
});

test('the rate settles within seconds and falls to nothing', () => {
  const rate = new Rate();
  for (let second = 0; second <= 6; second += 1) rate.update(second * 312, 1000 + second * 1000);
  assert.ok(Math.abs(rate.perSecond - 312) < 5, `${rate.perSecond}`);
  for (let second = 7; second <= 20; second += 1) rate.update(6 * 312, 1000 + second * 1000);
  assert.equal(rate.perSecond, 0);
});

test('lines that were there at the start are no rate', () => {
  const rate = new Rate();
  rate.update(1000, 5000);
  assert.equal(rate.perSecond, 0);
});

test('waits grow up to half a minute, with jitter', () => {
  assert.deepEqual([1, 2, 3, 9].map((attempt) => retryDelay(attempt, 1)), [1000, 2000, 4000, 30_000]);
  assert.equal(retryDelay(1, 0), 500);
});
