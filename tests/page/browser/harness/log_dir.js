// A temporary folder of logs, and what programs do to them.

import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class LogDir {
  #folder = mkdtempSync(join(tmpdir(), 'logstream-page-'));

  /** @param {import('node:test').TestContext} test at whose end it is removed */
  constructor(test) {
    test.after(() => rmSync(this.#folder, { recursive: true }));
  }

  /** @param {string} name */
  path(name) {
    return join(this.#folder, name);
  }

  /**
   * One write, as a program logs.
   *
   * @param {string} name
   * @param {string | Buffer} text
   */
  append(name, text) {
    appendFileSync(this.path(name), text);
  }

  /**
   * `line 7` for 7, in one write.
   *
   * @param {string} name
   * @param {number} from
   * @param {number} to the first that is not written
   * @returns {string[]} the texts
   */
  appendLines(name, from, to) {
    const texts = Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
    this.append(name, `${texts.join('\n')}\n`);
    return texts;
  }

  /** @param {string} name */
  rotate(name) {
    renameSync(this.path(name), this.path(`${name}.1`));
    writeFileSync(this.path(name), '');
  }

  /** @param {string} name */
  truncate(name) {
    writeFileSync(this.path(name), '');
  }
}
