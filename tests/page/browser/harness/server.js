// The real program, started on a free port. `LOGSTREAM` says where it is.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const PROGRAM = process.env.LOGSTREAM ?? 'target/release/logstream';

export class Server {
  #arguments;
  #child;
  #stderr = '';

  /** The address of the page, with its slash. */
  address = '';

  /**
   * @param {import('node:test').TestContext} test at whose end it is killed
   * @param {string[]} args of the program, without a port
   */
  static async start(test, ...args) {
    const server = new Server(args);
    test.after(() => server.#child.kill('SIGKILL'));
    await server.#start('0');
    return server;
  }

  /** @param {string[]} args */
  constructor(args) {
    this.#arguments = args;
  }

  /** Ends whoever is signed in, where the token stands in a file. */
  hangUp() {
    this.#child.kill('SIGHUP');
  }

  /** Kills it without a word, as a crash would. */
  async crash() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to end. */
  async stop() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  /** Starts it again on the port it had. */
  async restart() {
    await this.#start(new URL(this.address).port);
  }

  /** @param {string} port */
  async #start(port) {
    this.#child = spawn(PROGRAM, ['--port', port, ...this.#arguments], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr.on('data', (bytes) => { this.#stderr += bytes; });
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error(`the program ended: ${this.#stderr}`);
    });
    ended.catch(() => {});
    const [address] = await Promise.race([once(createInterface(this.#child.stdout), 'line'), ended]);
    this.address = address;
  }
}
