// Writes lines to a file at a steady rate, in a process of its own: `node feed.js FILE RATE SECONDS`. All lines
// have one length, so that the number of a line follows from its offset.

import { closeSync, openSync, writeSync } from 'node:fs';

const TICK_MS = 5;
const LEVELS = ['INFO ', 'INFO ', 'INFO ', 'DEBUG', 'INFO ', 'WARN ', 'INFO ', 'ERROR'];

/** @param {number} number of the line */
function line(number) {
  const time = new Date(Date.now()).toISOString();
  const id = String(number).padStart(9, '0');
  return `${time} ${LEVELS[number % LEVELS.length]} GET /api/v1/orders/${id} 200 ${String(number % 997).padStart(3)}ms ua="Mozilla/5.0 (X11)"\n`;
}

const [path, rate, seconds] = process.argv.slice(2);
const file = openSync(path, 'a');
const start = performance.now();
const total = Number(rate) * Number(seconds);
let written = 0;

function tick() {
  const due = Math.min(Math.floor((performance.now() - start) / 1000 * Number(rate)), total);
  let text = '';
  for (; written < due; written += 1) text += line(written);
  if (text !== '') writeSync(file, text);
  if (written < total) setTimeout(tick, TICK_MS);
  else closeSync(file);
}

tick();
