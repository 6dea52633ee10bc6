// @ts-check
// Lets the server look through the whole log for what the reader wants to find. One search at a time.

/** @typedef {import('../model/hits.js').Hits} Hits */
/** @typedef {import('../model/search.js').Search} Search */
/** @typedef {import('./reader.js').Reader} Reader */

export class Finding {
  #reader;
  #search;
  #hits;
  #end = () => {};

  /** @param {{reader: Reader, search: Search, hits: Hits}} parts */
  constructor({ reader, search, hits }) {
    this.#reader = reader;
    this.#search = search;
    this.#hits = hits;
  }

  /** @param {string} [from] where an earlier search had stopped */
  begin(from = '') {
    this.stop();
    const hits = this.#hits;
    if (from === '') hits.clear();
    hits.begin();
    /** @type {[string, string][]} */
    const options = [['order', hits.order]];
    if (from !== '') options.push(['from', from]);
    this.#end = this.#reader.search(this.#search.term, options, {
      hit: ({ lines }) => hits.add(lines),
      progress: (progress) => hits.progress(progress),
      done: ({ reason, resume, ...progress }) => {
        hits.progress(progress);
        hits.end(reason, resume);
      },
      failed: () => hits.end('failed'),
    });
  }

  stop() {
    this.#end();
    this.#end = () => {};
    if (this.#hits.isRunning) this.#hits.end('stopped');
  }

  clear() {
    this.stop();
    this.#hits.clear();
  }
}
