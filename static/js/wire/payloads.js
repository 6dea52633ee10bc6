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
 * @property {boolean} [context] did not match, and stands beside a line that did
 */

/** @typedef {WireLine & {source: string, segment: string}} HistoryLine */

/**
 * A page of the log, oldest line first.
 *
 * @typedef {object} HistoryAnswer
 * @property {HistoryLine[]} lines
 * @property {string | null} older what to ask for with `before` to go on, null at the start of the log
 * @property {string | null} newer the same with `after`, null at its end
 * @property {string} [line] position of the line that was meant, where a place or a moment was asked for
 * @property {boolean} [approximate] a time was asked for, and the log is not in the order of its times
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

/** @typedef {{source: string, segment?: string} & WireLine} PartialEvent the last line, which has no end yet */
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

/**
 * @typedef {object} Segment
 * @property {string} segment
 * @property {string} name of its file
 * @property {number} size bytes
 * @property {boolean} [compressed]
 * @property {number} [from] time of its first line, ms
 * @property {number} [to]
 */

/** @typedef {SourceEvent & {segments?: Segment[]}} SourceEntry segments oldest first */

/** @typedef {{title: string, lines: number, too_many_files?: boolean, sources: SourceEntry[]}} SourcesAnswer */

/**
 * @typedef {object} TimelineEvent
 * @property {number} from ms, or a byte
 * @property {number} to
 * @property {number} step
 * @property {boolean} exact
 * @property {'bytes'} [by] where the log has no times
 * @property {{total: number, warn: number, error: number}[]} buckets
 */

/**
 * @typedef {object} Resolution
 * @property {'here' | 'moved' | 'gone'} found
 * @property {string} [source]
 * @property {string} [segment]
 * @property {number} [offset]
 * @property {string} [name] of the file that holds it now
 */

/**
 * @typedef {object} Sharing
 * @property {string[]} links addresses of the page that other computers can use
 * @property {'owner' | 'token' | 'open'} access who is let in
 * @property {boolean} loopback it listens for this computer alone
 * @property {string} version of the program
 */

/** @typedef {{code: string, message: string, parameter?: string, pattern_offset?: number}} ApiError */

export {};
