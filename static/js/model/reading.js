// @ts-check
// What is drawn of one line, and where in it its colours, links, matches and hits are. A structured line is written as
// one that can be read: its message first, then its other fields in their order. The time and level that the gutter
// shows are left out, unless something was found in them.

import { DRAWN_MAX } from './chunk.js';
import { readFields, valueOf } from './fields.js';
import { show, sourceOffset } from './ansi.js';

/** @typedef {import('./ansi.js').Part} Part */
/** @typedef {import('./ansi.js').Span} Span */
/** @typedef {import('./fields.js').Field} Field */
/** @typedef {import('./fields.js').Fields} Fields */
/** @typedef {import('./line_pieces.js').Range} Range */
/** @typedef {import('./stored_lines.js').Line} Line */

/**
 * @typedef {object} Reading
 * @property {string} text
 * @property {number} from where drawing begins
 * @property {number} length of the text, had all of it been drawn
 * @property {Span[]} spans
 * @property {Part[]} parts
 * @property {Part[]} extras links and chips, which may lie in any of those
 * @property {Range[]} matches
 * @property {Range[]} hits
 * @property {Fields | null} fields of a structured line
 * @property {boolean} isOverprinted
 */

/**
 * @typedef {object} Wishes
 * @property {boolean} showsHead the time and level as printed are part of the text
 * @property {boolean} isRaw structured lines stay as they are
 * @property {readonly string[]} columns fields that have columns of their own
 * @property {(text: string) => [number, number][]} hits of the search
 */

/** Of each value; the rest is seen when the line is unfolded. */
const VALUE_MAX = 120;
/** How much is written of one, escapes and all, to be so long. */
const VALUE_SOURCE_MAX = 6 * VALUE_MAX;

const TIME_KEY = /^(?:ts|t|@t|time|timestamp|@timestamp|datetime|date|asctime|eventtime|time_local|time_iso8601)$/i;
const LEVEL_KEY = /^(?:level|lvl|severity|loglevel|log\.level|levelname|@l|priority|s)$/i;
const MESSAGE_KEY = /^(?:msg|message|@m|@mt|log|event)$/i;

const EXTRA = /(https?:\/\/[^\s"'<>`\\^{|}]+)|\[redacted:[\w-]+\]/gi;
const AFTER_LINK = /[.,;:!?)\]]+$/;
const EXTRAS_MAX = 256;

/**
 * @param {Line} line
 * @param {string} whole its text, as far as it is here
 * @param {Wishes} wishes
 * @returns {Reading}
 */
export function readingOf(line, whole, wishes) {
  const head = wishes.showsHead ? 0 : sourceOffset(whole, line.head);
  const fields = wishes.isRaw || line.cut !== undefined ? null : readFields(whole, head);
  return fields === null ? plainReading(line, whole, wishes) : new Composition(line, fields, head, wishes).reading;
}

/**
 * @param {Line} line
 * @param {string} whole
 * @param {Wishes} wishes
 * @returns {Reading}
 */
function plainReading(line, whole, { showsHead, hits }) {
  let shown = show(whole, line.isUnfolded);
  // What was found is always shown.
  if (shown.isOverprinted && (line.matches.length > 0 || hits(show(whole, true).text).length > 0)) shown = show(whole, true);
  const text = whole === line.text ? shown.text.slice(0, DRAWN_MAX) : shown.text;
  return {
    text,
    from: showsHead ? 0 : line.head,
    length: shown.text.length,
    spans: shown.spans,
    parts: shown.parts,
    extras: extrasIn(text),
    matches: line.matches.map(([start, end]) => [shown.place(start), shown.place(end)]),
    hits: hits(text),
    fields: null,
    isOverprinted: shown.isOverprinted || (line.isUnfolded && show(whole).isOverprinted),
  };
}

/**
 * Links, and what the server has blackened.
 *
 * @param {string} text
 */
export function extrasIn(text) {
  /** @type {Part[]} */
  const extras = [];
  if (!text.includes('://') && !text.includes('[redacted:')) return extras;
  for (const { 0: found, 1: address, index: from } of text.matchAll(EXTRA)) {
    const href = address?.replace(AFTER_LINK, '');
    extras.push({ from, to: from + (href ?? found).length, kind: href === undefined ? 'redacted' : 'link', href });
  }
  return extras.slice(0, EXTRAS_MAX);
}

/** One structured line as it is put together. */
class Composition {
  #source;
  #text = '';
  /** @type {Span[]} */
  #spans = [];
  /** @type {Part[]} */
  #parts = [];
  /** Where pieces of the source are shown. @type {{from: number, to: number, at: number, end: number, place: (offset: number) => number}[]} */
  #pieces = [];
  /** @type {Range[]} */
  #found;

  /** @type {Reading} */
  reading;

  /**
   * @param {Line} line
   * @param {Fields} structure
   * @param {number} head of the line that is not shown
   * @param {Wishes} wishes
   */
  constructor(line, structure, head, { showsHead, columns, hits }) {
    const { text, from, fields } = structure;
    this.#source = text;
    const hitRanges = hits(text);
    this.#found = [...line.matches, ...hitRanges];
    if (from > head) this.#copy(head, from, null);
    const message = fields.find(({ key, kind }) => kind === 'string' && MESSAGE_KEY.test(key));
    if (message !== undefined) this.#value(message, null, line.isUnfolded ? VALUE_MAX * 4 : DRAWN_MAX / 8);
    const isShown = (/** @type {Field} */ field) => (
      !(line.level > 0 && LEVEL_KEY.test(field.key))
      && !(!showsHead && !Number.isNaN(line.time) && TIME_KEY.test(field.key))
      && !columns.includes(field.key)
    );
    const rest = fields.filter((field) => field !== message && (isShown(field) || this.#holdsFound(field)));
    if (!line.isUnfolded || this.#text === '') rest.forEach((field) => this.#field(field));
    const drawn = this.#text.slice(0, DRAWN_MAX);
    this.reading = {
      text: drawn,
      from: 0,
      length: drawn.length,
      spans: this.#spans,
      parts: this.#parts,
      extras: extrasIn(drawn),
      matches: this.#ranges(line.matches),
      hits: this.#ranges(hitRanges),
      fields: structure,
      isOverprinted: false,
    };
  }

  /** @param {Field} field */
  #holdsFound({ keyFrom, to }) {
    return this.#found.some(([start, end]) => start < to && end > keyFrom);
  }

  /** @param {Field} field */
  #field(field) {
    if (this.#text.length > DRAWN_MAX) return;
    if (this.#text !== '' && !this.#text.endsWith(' ')) this.#text += ' ';
    this.#copy(field.keyFrom, field.keyTo, 'key');
    this.#own('=', 'key');
    const { kind } = field;
    if (kind === 'string') this.#string(field);
    else this.#value(field, kind === 'object' || kind === 'array' ? null : kind, VALUE_MAX);
  }

  /** In quotes where it would not be clear where it ends. @param {Field} field */
  #string(field) {
    const isPlain = !/[\s=]|^$/.test(valueOf(this.#source, field, VALUE_SOURCE_MAX).text);
    if (!isPlain) this.#own('"', 'string');
    this.#value(field, 'string', VALUE_MAX);
    if (!isPlain) this.#own('"', 'string');
  }

  /**
   * @param {Field} field
   * @param {Part['kind'] | null} kind
   * @param {number} max
   */
  #value(field, kind, max) {
    const value = valueOf(this.#source, field, VALUE_SOURCE_MAX * Math.ceil(max / VALUE_MAX));
    const isCut = this.#show(value.text, value.from, field.to, value.place, kind, max);
    if (isCut) this.#own('…', 'key');
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {Part['kind'] | null} kind
   */
  #copy(from, to, kind) {
    this.#show(this.#source.slice(from, to), from, to, (offset) => offset - from, kind, DRAWN_MAX);
  }

  /**
   * @param {string} text
   * @param {number} from where it is written
   * @param {number} to
   * @param {(offset: number) => number} place of an offset in the text
   * @param {Part['kind'] | null} kind
   * @param {number} max
   * @returns {boolean} whether that was not all
   */
  #show(text, from, to, place, kind, max) {
    // A line break in a value is a return key, which more fonts have than its picture.
    const shown = show(text.includes('\n') ? text.replaceAll('\n', '↵') : text);
    const at = this.#text.length;
    const added = shown.text.slice(0, max);
    this.#text += added;
    const end = this.#text.length;
    for (const span of shown.spans) if (span.from < added.length) this.#spans.push({ ...span, from: span.from + at, to: Math.min(span.to + at, end) });
    if (kind !== null && end > at) this.#parts.push({ from: at, to: end, kind });
    this.#pieces.push({ from, to, at, end, place: (offset) => Math.min(shown.place(place(offset)) + at, end) });
    return added.length < shown.text.length;
  }

  /**
   * What is not in the source.
   *
   * @param {string} text
   * @param {Part['kind']} kind
   */
  #own(text, kind) {
    const from = this.#text.length;
    this.#text += text;
    this.#parts.push({ from, to: this.#text.length, kind });
  }

  /**
   * @param {Range[]} ranges of the source
   * @returns {Range[]} of what is shown
   */
  #ranges(ranges) {
    const found = this.#pieces.flatMap(({ from, to, place }) => ranges
      .filter(([start, end]) => start < to && end > from)
      .map(([start, end]) => /** @type {[number, number]} */ ([place(Math.max(start, from)), place(Math.min(end, to))])));
    return found.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  }
}
