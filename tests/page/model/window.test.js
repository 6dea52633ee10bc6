// The window over the log: it grows at both ends and in between, and no line is ever in it twice or left out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lines } from '../../../static/js/model/lines.js';
import { Pager } from '../../../static/js/model/pager.js';
import { movedRow } from '../../../static/js/model/rows.js';

/** A log of lines of ten bytes, in two files, and a server that answers as the real one does. */
class Log {
  count;
  asked = [];
  answers = Promise.resolve();

  constructor(count) {
    this.count = count;
  }

  /** Keeps the answers to what is asked for from now on back until what this gives is called. */
  hold() {
    let release = () => {};
    this.answers = new Promise((resolve) => { release = resolve; });
    return release;
  }

  line(n) {
    return { source: 'app.log', segment: n < 1000 ? 'old' : 'new', offset: (n < 1000 ? n : n - 1000) * 10, text: `line ${n}` };
  }

  event(from, to) {
    const lines = Array.from({ length: to - from }, (_, at) => this.line(from + at));
    return { source: 'app.log', segment: lines[0].segment, end: 0, lines };
  }

  token(n) {
    const { segment, offset } = this.line(n);
    return `${segment}.${offset}`;
  }

  number(token) {
    const [segment, offset] = token.split('.');
    return Number(offset) / 10 + (segment === 'new' ? 1000 : 0);
  }

  ask = async (parameters) => {
    const asked = Object.fromEntries(parameters);
    this.asked.push(asked);
    await this.answers;
    const limit = Number(asked.limit);
    let from = 0;
    let to = this.count;
    if (asked.before !== undefined) [from, to] = [Math.max(this.number(asked.before) - limit, 0), this.number(asked.before)];
    if (asked.after !== undefined) [from, to] = [this.number(asked.after), this.number(asked.after) + limit];
    if (asked.around !== undefined) [from, to] = [Math.max(this.number(asked.around) - limit / 2, 0), this.number(asked.around) + limit / 2];
    to = Math.min(to, this.count);
    const lines = Array.from({ length: Math.max(to - from, 0) }, (_, at) => this.line(from + at));
    return {
      lines,
      older: from > 0 ? this.token(from) : null,
      newer: to < this.count ? this.token(to) : null,
    };
  };
}

function texts(lines) {
  const found = [];
  for (let row = lines.first; row < lines.end; row += 1) {
    const mark = lines.markAt(row);
    found.push(mark === undefined ? lines.lineAt(row).text : mark.kind);
  }
  return found;
}

function assertWhole(lines, log, from, to) {
  const expected = [];
  for (let n = from; n < to; n += 1) expected.push(log.line(n).text);
  assert.deepEqual(texts(lines).filter((text) => text !== 'rotated'), expected);
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

async function lookUntilQuiet(pager, log, rows) {
  for (let asked = -1; asked !== log.asked.length;) {
    asked = log.asked.length;
    pager.look(...rows());
    await settled();
  }
}

test('from the live end to the first byte and back, in bounded room, each line once', async () => {
  const log = new Log(6000);
  const lines = new Lines({ lines: 1500, bytes: 1e9 });
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(5900, 6000));
  lines.hold([lines.first, lines.first]);

  const seen = new Set();
  await lookUntilQuiet(pager, log, () => {
    lines.hold([lines.first, lines.first + 40]);
    texts(lines).forEach((text) => seen.add(text));
    assert.ok(lines.count <= 1500 + 500, `${lines.count} lines`);
    return [lines.first, lines.first + 40];
  });
  assert.equal(lines.older, null);
  assert.equal(lines.isAttached, false);
  assert.equal(texts(lines)[0], 'line 0');
  for (let n = 0; n < 6000; n += 1) assert.ok(seen.has(`line ${n}`), `line ${n}`);

  await lookUntilQuiet(pager, log, () => {
    lines.hold([lines.end - 40, lines.end - 1]);
    const [first] = texts(lines);
    const from = Number(first.slice(5));
    assertWhole(lines, log, from, from + lines.count);
    return [lines.end - 40, lines.end - 1];
  });
  assert.equal(lines.isAttached, true);
  assert.equal(texts(lines).at(-1), 'line 5999');
});

test('where one file ends and the next begins there is a row that says so', () => {
  const log = new Log(2000);
  const lines = new Lines();
  lines.replace({ lines: [...log.event(990, 1000).lines, ...log.event(1000, 1010).lines], older: null, newer: null });
  assert.equal(texts(lines)[10], 'rotated');
});

test('lines that come while the last page is on its way are neither lost nor doubled', async () => {
  const log = new Log(3000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  await pager.jump([['around', log.token(2600)]]);
  lines.append(log.event(3000, 3005));
  const answer = log.hold();
  pager.look(lines.end - 5, lines.end - 1);
  lines.append(log.event(3005, 3010));
  log.count = 3010;
  lines.append(log.event(3010, 3020));
  answer();
  await settled();
  assert.equal(lines.isAttached, true);
  lines.append(log.event(3020, 3021));
  assertWhole(lines, log, 2350, 3021);
});

test('what is detached is counted', async () => {
  const log = new Log(3000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(2900, 3000));
  await pager.jump([['around', log.token(10)]]);
  lines.append(log.event(3000, 3100));
  assert.equal(lines.received, 200);
  assert.equal(texts(lines).includes('line 3000'), false);
});

test('an answer that comes after the reader has gone elsewhere is forgotten', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  const first = pager.jump([['around', log.token(100)]]);
  await pager.jump([['around', log.token(4000)]]);
  assert.equal(await first, null);
  assert.equal(texts(lines)[0], 'line 3750');
});

test('what is asked for while a jump is on its way does not come among its lines', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(4000, 4100));
  const jumping = pager.jump([['around', log.token(100)]]);
  const answer = log.hold();
  pager.look(lines.first, lines.end - 1);
  await jumping;
  const before = texts(lines);
  answer();
  await settled();
  assert.deepEqual(texts(lines), before);
  assert.equal(before[0], 'line 0');
});

test('what was asked for before the screen was cleared does not come back by itself', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(4900, 5000));
  const answer = log.hold();
  pager.look(lines.first, lines.end - 1);
  lines.clear();
  answer();
  await settled();
  assert.deepEqual(texts(lines), []);
  lines.append(log.event(5000, 5010));
  lines.restore();
  pager.look(lines.first, lines.end - 1);
  await settled();
  assertWhole(lines, log, 4500, 5010);
});

test('a jump that is not wanted any more changes nothing', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(4000, 4100));
  const jumping = pager.jump([['around', log.token(100)]]);
  pager.stay();
  assert.equal(await jumping, null);
  assertWhole(lines, log, 4000, 4100);
});

test('after a failure nothing is asked for a while', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const clock = { now: 0 };
  let failures = 0;
  const pager = new Pager(lines, async () => {
    failures += 1;
    throw new Error('gone');
  }, () => clock.now);
  lines.append(log.event(4000, 4100));
  for (let round = 0; round < 5; round += 1) {
    pager.look(lines.first, lines.end - 1);
    await settled();
  }
  assert.equal(failures, 1);
  clock.now = 10_000;
  pager.look(lines.first, lines.end - 1);
  assert.equal(failures, 2);
});

test('the lines of a gap come in its place', async () => {
  const log = new Log(5000);
  const lines = new Lines();
  const pager = new Pager(lines, log.ask, () => 0);
  lines.append(log.event(1100, 1200));
  lines.mark({ kind: 'gap', source: 'app.log', segment: 'new', from: 2000, to: 29_000, reason: 'lag', loadable: true });
  lines.append(log.event(3900, 4000));
  const below = lines.end - 1;
  let moved = lines.first;
  lines.addEventListener('moved', (event) => { moved = movedRow(moved, event); });
  await pager.fill(lines.first + 100);
  assertWhole(lines, log, 1100, 4000);
  assert.equal(lines.lineAt(below).text, 'line 3999');
  assert.equal(lines.lineAt(moved).text, 'line 1100');
});

test('lines around one line are put in between, and offsets tell where others are missing', () => {
  const log = new Log(3000);
  const lines = new Lines();
  for (const n of [1100, 1200, 1300]) lines.append(log.event(n, n + 1));
  lines.fill(lines.first + 1, log.event(1198, 1200).lines.map((line) => ({ ...line, context: true })));
  assert.deepEqual(texts(lines), ['line 1100', 'line 1198', 'line 1199', 'line 1200', 'line 1300']);
  const rows = texts(lines).map((_, at) => lines.lineAt(lines.first + at));
  assert.deepEqual(rows.map(({ isContext }) => isContext), [false, true, true, false, false]);
});

test('a row is apart from the one above it where bytes lie between them', () => {
  const lines = new Lines();
  const line = (offset, text, rest = {}) => ({ offset, text, ...rest });
  lines.append({ source: 'a', segment: 's', end: 0, lines: [line(0, 'abc'), line(4, 'é'), line(8, 'crlf'), line(20, 'x'), line(99, 'y', { cut: 50 }), line(150, 'z')] });
  const apart = Array.from({ length: 6 }, (_, at) => lines.lineAt(lines.first + at).isApart);
  assert.deepEqual(apart, [false, false, false, true, true, false]);
});

test('a mark is taken out and what is above it moves', () => {
  const log = new Log(3000);
  const lines = new Lines();
  lines.append(log.event(1100, 1110));
  lines.mark({ kind: 'gap', source: 'app.log', reason: 'lag', loadable: false });
  lines.append(log.event(1110, 1120));
  lines.remark(lines.first + 10, null);
  assertWhole(lines, log, 1100, 1120);
  assert.equal(lines.end - lines.first, 20);
});
