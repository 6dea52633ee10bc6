// @ts-check
// What the server sends, as types. See the wire in the crate's documentation.

/**
 * @typedef {object} WireLine
 * @property {number} offset of the line's first byte in its segment
 * @property {string} text without its terminator
 * @property {number} [time] ms since the epoch
 * @property {string} [level]
 * @property {[number, number][]} [matches] UTF-16 ranges the filter matched
 * @property {number} [cut] full length in bytes of a line that was cut
 * @property {boolean} [continues] belongs to the record above
 * @property {boolean} [lossy] was not UTF-8
 */

/** @typedef {{source: string, segment: string, end: number, lines: WireLine[]}} LogEvent */

/**
 * @typedef {object} SourceEvent
 * @property {string} source
 * @property {string} id
 * @property {'live' | 'waiting' | 'unreadable' | 'gone'} state
 * @property {number} size bytes
 * @property {string} [reason]
 */

/** @typedef {{source: string, segment?: string, name?: string, time: number}} RotatedEvent */
/** @typedef {{source: string, segment?: string, size: number, time: number}} TruncatedEvent */

/**
 * @typedef {object} GapEvent
 * @property {string} source
 * @property {string} [segment]
 * @property {number} [from] offset of the first byte not sent
 * @property {number} [to]
 * @property {number} [lines]
 * @property {string} reason
 * @property {boolean} loadable
 */

/** @typedef {{head: number, behind: number}} PingEvent bytes of all sources; bytes this reader is behind */
/** @typedef {{reason: string}} EndEvent */

/** @typedef {{title: string, lines: number, sources: SourceEvent[]}} SourcesAnswer */

/** @typedef {{code: string, message: string, parameter?: string, pattern_offset?: number}} ApiError */

export {};
