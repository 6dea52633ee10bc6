// What our classes call their members is made short in the packed page (static/build/members.rs), but not where a
// browser has a property of the same name. UPDATE_GOLDEN=1 writes the list anew.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../../static/', import.meta.url).pathname;
const LIST = `${ROOT}build/platform_names.txt`;
const LIBRARIES = new URL('../node_modules/@typescript/', import.meta.url).pathname;

function files(folder, pattern) {
  return readdirSync(folder, { recursive: true }).filter((name) => pattern.test(name)).map((name) => `${folder}${name}`);
}

function names(paths, pattern) {
  return new Set(paths.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, name]) => name)));
}

test('no member of ours is made short that a browser knows by its name', () => {
  const ours = names(files(`${ROOT}js/`, /\.js$/), /\b([a-zA-Z]\w+)\b/g);
  const platform = names(files(LIBRARIES, /lib\.[\w.]+\.d\.ts$/), /\b(\w+)\??(?:<[^>]*>)?[(:]/g);
  // The compiler does not know trusted types.
  for (const name of ['trustedTypes', 'createPolicy', 'createScriptURL']) platform.add(name);
  assert(platform.size > 5_000, 'the compiler brings what browsers have');
  const shared = [...ours].filter((name) => platform.has(name)).sort().map((name) => `${name}\n`).join('');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(LIST, shared);
  assert.equal(readFileSync(LIST, 'utf8'), shared);
});
