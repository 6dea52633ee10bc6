// What comes in, and what the page knows of how it comes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelay } from '../../../static/js/model/backoff.js';
import { Lines } from '../../../static/js/model/lines.js';
import { Rate } from '../../../static/js/model/rate.js';
import { Reception } from '../../../static/js/model/reception.js';

function reception() {
  const clock = { now: 1000 };
  const lines = new Lines();
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
  return { clock, lines, made, caughtUp, log };
}

test('rows stay until another subscription says something', () => {
  const { lines, made, log } = reception();
  made.ping({ head: 0, behind: 0 });
  log(10);
  made.begin();
  assert.equal(lines.count, 10);
  made.ping({ head: 0, behind: 0 });
  assert.equal(lines.count, 0);
});

test('after an interruption it says how many lines came', () => {
  const { clock, made, caughtUp, log } = reception();
  made.ping({ head: 0, behind: 0 });
  log(10);
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
  const { made, caughtUp, log } = reception();
  log(10);
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
  const { clock, made, caughtUp, log } = reception();
  log(10);
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
