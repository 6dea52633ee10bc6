// What the page takes from others is what they published, with its licence, and nothing else.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../../static/vendor/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', FOLDER), 'utf8'));

test('every vendored file is the one that the manifest names', () => {
  for (const { file, sha256 } of manifest) {
    assert.equal(createHash('sha256').update(readFileSync(new URL(file, FOLDER))).digest('hex'), sha256, file);
  }
});

test('nothing is vendored that the manifest does not name, and each has a name, a version, an origin and its licence', () => {
  const there = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
  const named = manifest.flatMap(({ file, licenceFile }) => [file, licenceFile].map((path) => path.split('/').at(-1)));
  assert.deepEqual(there.filter((name) => !/\.d\.mts$|^manifest\.json$/.test(name)).sort(), named.sort());
  for (const { name, version, licence, licenceFile, from } of manifest) {
    assert.ok(name && from.startsWith('https://') && from.includes(version), name);
    assert.match(readFileSync(new URL(licenceFile, FOLDER), 'utf8'), new RegExp(licence));
  }
});
