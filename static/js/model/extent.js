// @ts-check
// All bytes of the log as one stretch, from the first byte of the oldest file to the live end: what the strip
// beside the list stands for. With several sources it is the largest one that gives the measure, and lines of
// the others lie where the line before them does.

/** @typedef {import('../wire/payloads.js').Segment} Segment */
/** @typedef {import('../wire/payloads.js').SourceEntry} SourceEntry */
/** @typedef {import('./lines.js').Lines} Lines */

export class Extent {
  /** The source that gives the measure, '' while there is none. */
  source = '';
  total = 0;
  /** Bytes of the other sources. */
  others = 0;
  /** The first byte of all: of the oldest file, as far as times tell. @type {{segment: string, offset: number} | null} */
  start = null;

  /** @type {(Segment & {base: number})[]} */
  #segments = [];

  /** @param {SourceEntry[]} sources those that are shown */
  measure(sources) {
    const sizes = sources.map(({ segments = [] }) => segments.reduce((sum, { size }) => sum + size, 0));
    const largest = sources[sizes.indexOf(Math.max(...sizes))];
    this.source = largest?.source ?? '';
    this.others = sizes.reduce((sum, size) => sum + size, 0) - Math.max(...sizes, 0);
    this.#segments = (largest?.segments ?? []).map((segment) => ({ ...segment, base: 0 }));
    const oldest = sources.flatMap(({ segments = [] }) => segments.slice(0, 1))
      .sort((a, b) => (a.from ?? Number.POSITIVE_INFINITY) - (b.from ?? Number.POSITIVE_INFINITY) || 0)[0];
    this.start = oldest === undefined ? null : { segment: oldest.segment, offset: 0 };
    this.#add();
  }

  /**
   * A segment is at least so long.
   *
   * @param {string} source
   * @param {string} segment
   * @param {number} end
   * @returns {boolean} false for a segment that is not known
   */
  grow(source, segment, end) {
    if (source !== this.source && this.source !== '') return true;
    const known = this.#segments.find((one) => one.segment === segment);
    if (known !== undefined && known.size < end) {
      known.size = end;
      this.#add();
    }
    return known !== undefined;
  }

  /**
   * Where a place lies in the whole, null where that is not known.
   *
   * @param {{source: string, segment: string, offset: number}} place
   */
  share({ source, segment, offset }) {
    if (source !== this.source || this.total === 0) return null;
    const known = this.#segments.find((one) => one.segment === segment);
    return known === undefined ? null : Math.min((known.base + offset) / this.total, 1);
  }

  /**
   * @param {number} share of the whole, 0 to 1
   * @returns {{source: string, segment: string, offset: number} | null}
   */
  at(share) {
    const byte = Math.min(Math.max(share, 0), 1) * Math.max(this.total - 1, 0);
    const found = this.#segments.findLast(({ base, size }) => base <= byte && size > 0) ?? this.#segments[0];
    if (found === undefined) return null;
    return { source: this.source, segment: found.segment, offset: Math.floor(byte - found.base) };
  }

  /**
   * The share of the row itself or the nearest one before it of the source that gives the measure.
   *
   * @param {Lines} lines
   * @param {number} row
   */
  shareOfRow(lines, row) {
    for (const direction of /** @type {const} */ ([-1, 1])) {
      const found = lines.nextRow(row - direction, direction, (chunk, at) => (
        lines.origins.at(chunk.origin[at]).source === this.source
      ));
      if (found >= 0) return this.share(lines.lineAt(found));
    }
    return null;
  }

  #add() {
    let base = 0;
    for (const segment of this.#segments) {
      segment.base = base;
      base += segment.size;
    }
    this.total = base;
  }
}
