// @ts-check
// The way to the hub: in the worker that all tabs share, or in this page where there is none, as on some phones.

/** @typedef {import('./hub.js').Notice} Notice */
/** @typedef {import('./hub.js').Request} Request */

/** A page that has a hub of its own and is not seen for so long lets its stream go: nobody knows of other tabs. */
const HIDDEN_MAX_MS = 60_000;

export class SharedHub {
  #script;
  #hear;
  #again;
  /** @type {MessagePort | null} */
  #port = null;
  /** What is asked before there is a way. @type {Request[]} */
  #asked = [];
  #isOwn = false;
  #isAway = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hiddenTimer;

  /**
   * @param {string} script of the worker
   * @param {(notice: Notice) => void} hear
   * @param {() => void} again what was asked for has to be asked for again: the hub has forgotten it
   */
  constructor(script, hear, again) {
    this.#script = script;
    this.#hear = hear;
    this.#again = again;
    if ('SharedWorker' in globalThis) this.#share();
    else this.#readAlone();
  }

  /** @param {Request} request */
  send(request) {
    if (this.#port === null) this.#asked.push(request);
    else this.#port.postMessage(request);
    if (request.do === 'show' && this.#isOwn) this.#shown(request.isVisible);
  }

  #share() {
    const worker = new SharedWorker(trusted(this.#script), { name: 'logstream', type: 'module' });
    worker.addEventListener('error', () => {
      this.#port = null;
      this.#readAlone();
      this.#again();
    });
    this.#connect(worker.port);
  }

  async #readAlone() {
    this.#isOwn = true;
    // The script waits for those who connect, wherever it runs.
    await import('../worker.js');
    const { port1, port2 } = new MessageChannel();
    dispatchEvent(new MessageEvent('connect', { ports: [port1] }));
    this.#connect(port2);
  }

  /** @param {MessagePort} port */
  #connect(port) {
    port.addEventListener('message', ({ data }) => this.#hear(data));
    port.start();
    this.#port = port;
    for (const request of this.#asked.splice(0)) port.postMessage(request);
  }

  /** @param {boolean} isVisible */
  #shown(isVisible) {
    clearTimeout(this.#hiddenTimer);
    if (!isVisible) {
      this.#hiddenTimer = setTimeout(() => {
        this.#isAway = true;
        this.send({ do: 'leave' });
      }, HIDDEN_MAX_MS);
    } else if (this.#isAway) {
      this.#isAway = false;
      this.#again();
    }
  }
}

/**
 * What the page may run as a worker is this one script.
 *
 * @param {string} script
 * @returns {string} as far as the compiler knows; the browser knows better
 */
function trusted(script) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  return trustedTypes?.createPolicy('logstream-worker', { createScriptURL: () => script }).createScriptURL('') ?? script;
}
