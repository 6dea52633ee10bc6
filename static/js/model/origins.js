// @ts-check
// Where lines come from: each segment of each source has a small number, under which its lines are kept, and it is
// known which of its lines are the first and the last one here.

/** @typedef {import('./chunk.js').Chunk} Chunk */
/** @typedef {{source: string, segment: string}} Place */

/** `least` and `most`: offsets of the first and the last line here. @typedef {Place & {least: number, most: number}} Origin */

export class Origins {
  /** @type {Origin[]} */
  #all = [];
  /** @type {Map<string, number>} */
  #index = new Map();

  /** @param {number} index */
  at(index) {
    return this.#all[index];
  }

  /**
   * @param {Place} place
   * @returns {number | undefined}
   */
  find(place) {
    return this.#index.get(key(place));
  }

  /**
   * @param {Place} place
   * @returns {number} its number, a new one if need be
   */
  of({ source, segment }) {
    const known = this.find({ source, segment });
    if (known !== undefined) return known;
    this.#index.set(key({ source, segment }), this.#all.length);
    return this.#all.push({ source, segment, least: Number.POSITIVE_INFINITY, most: -1 }) - 1;
  }

  /**
   * Whether a line lies before the first or after the last one here of its segment.
   *
   * @param {Place & {offset: number}} line
   * @param {1 | -1} direction 1 for after
   */
  isBeyond({ source, segment, offset }, direction) {
    const index = this.find({ source, segment });
    if (index === undefined) return true;
    const { least, most } = this.#all[index];
    return direction > 0 ? offset > most : offset < least;
  }

  /**
   * @param {number} index
   * @param {number} offset of a line that is here now
   */
  note(index, offset) {
    const origin = this.#all[index];
    origin.least = Math.min(origin.least, offset);
    origin.most = Math.max(origin.most, offset);
  }

  /**
   * @param {Chunk} chunk that is here no longer
   * @param {1 | -1} direction 1 where it was the last one, -1 where it was the first
   */
  forget(chunk, direction) {
    for (let at = 0; at < chunk.count; at += 1) {
      if (chunk.marks.has(at)) continue;
      const origin = this.#all[chunk.origin[at]];
      if (direction > 0) origin.most = Math.min(origin.most, chunk.offset[at] - 1);
      else origin.least = Math.max(origin.least, chunk.offset[at] + 1);
    }
  }

  /**
   * An emptied file may be refilled under the same segment: its offsets begin again.
   *
   * @param {string} source
   */
  begin(source) {
    for (const origin of this.#all) if (origin.source === source) this.#index.delete(key(origin));
  }

  clear() {
    this.#all = [];
    this.#index.clear();
  }
}

/** @param {Place} place */
function key({ source, segment }) {
  return `${segment} ${source}`;
}
