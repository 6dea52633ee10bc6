// @ts-check
// Turns the text of a line into what is safe and pleasant to look at: SGR colours become spans, every
// other escape sequence disappears, control and bidirectional characters become visible, tabs become
// spaces. Offsets the server counted in the original text are mapped to the text that is shown.
//
// Where a carriage return overprints what stands before it, only what is left is shown, unless all is asked for.
//
// Concealed text (SGR 8) stays visible and nothing blinks: a log must not be able to hide a line.

/**
 * @typedef {object} Style
 * @property {number | string | null} color a palette number 0-15, or `#rrggbb`
 * @property {number | string | null} background the same
 * @property {boolean} bold
 * @property {boolean} dim
 * @property {boolean} italic
 * @property {boolean} underline
 * @property {boolean} strike
 * @property {boolean} inverse
 */

/** @typedef {{from: number, to: number, style: Style}} Span */

/**
 * A part of a text that is more than text: `href` of a link, which is http or https.
 *
 * @typedef {object} Part
 * @property {number} from
 * @property {number} to
 * @property {'link' | 'control' | 'redacted' | 'key' | 'string' | 'number' | 'word'} kind
 * @property {string} [href]
 */

/**
 * @typedef {object} Shown
 * @property {string} text
 * @property {Span[]} spans
 * @property {Part[]} parts
 * @property {boolean} isOverprinted something before a carriage return is not shown
 * @property {(offset: number) => number} place where an offset of the original text lies in `text`
 */

const SPANS_MAX = 256;
const TAB_WIDTH = 8;

const UNSHOWN = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff';
/** A carriage return that something follows: the last one of a line. */
const OVERPRINTED = /\r(?=[^\r]+$)/;
const WEB = /^https?:\/\/[^/\s]/i;
const HAS_UNSHOWN = new RegExp(`[${UNSHOWN}]`);

// In this order: CSI; OSC 8, a link; OSC, DCS, SOS, PM and APC with their terminator; any other escape; one character.
// A string sequence without a terminator is not swallowed, or half an escape could hide the rest of a line.
const TOKEN = new RegExp(
  '(?:\\u001b\\[|\\u009b)([0-?]*)[ -/]*([@-~])'
  + '|\\u001b\\]8;[^;\\u0007\\u001b]*;([^\\u0007\\u001b]*)(?:\\u0007|\\u001b\\\\)'
  + '|\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)'
  + '|\\u001b[ -/]*[0-~]'
  + `|[${UNSHOWN}]`,
  'g',
);

/** @type {Style} */
const DEFAULT_STYLE = Object.freeze({
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
});

/** What a code switches on; one that is 20 higher switches it off. @type {Record<number, 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike'>} */
const ON = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike', 21: 'underline' };

/**
 * True for text that is shown as it is.
 *
 * @param {string} text
 */
export function isPlain(text) {
  return !HAS_UNSHOWN.test(text);
}

/**
 * @param {string} text
 * @param {boolean} [isWhole] with what was overprinted
 * @returns {Shown}
 */
export function show(text, isWhole = false) {
  if (isPlain(text)) return { text, spans: [], parts: [], isOverprinted: false, place: (offset) => offset };
  return new Reading(text).shown(isWhole);
}

/**
 * The part of a text that is shown between two places.
 *
 * @param {string} text
 * @param {number} from in the text as shown
 * @param {number} to
 */
export function originalPart(text, from, to) {
  return text.slice(sourceOffset(text, from), sourceOffset(text, to));
}

/**
 * Where in a text what is shown at a place is written.
 *
 * @param {string} text
 * @param {number} shown
 */
export function sourceOffset(text, shown) {
  if (isPlain(text)) return Math.min(shown, text.length);
  const { place } = show(text);
  let offset = 0;
  while (offset < text.length && place(offset) < shown) offset += 1;
  return offset;
}

/** One pass over a line that holds something to be translated. */
class Reading {
  #source;
  #text = '';
  /** @type {Span[]} */
  #spans = [];
  /** @type {Style} */
  #style = DEFAULT_STYLE;
  #styledFrom = 0;
  /** @type {Part[]} */
  #parts = [];
  /** The link that is open. @type {{from: number, href: string} | null} */
  #link = null;
  #isOverprinted = false;
  /** Where each replaced piece lay: start and end in the source, start and end in the result. @type {number[][]} */
  #edits = [];

  /** @param {string} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * @param {boolean} isWhole
   * @returns {Shown}
   */
  shown(isWhole) {
    const overprinted = isWhole ? -1 : this.#source.search(OVERPRINTED);
    let from = 0;
    for (const token of this.#source.matchAll(TOKEN)) {
      this.#text += this.#source.slice(from, token.index);
      from = token.index + token[0].length;
      const start = this.#text.length;
      if (token[2] === 'm') this.#restyle(token[1]);
      else if (token[3] !== undefined) this.#relink(token[3]);
      else if (token[0] === '\r' && token.index <= overprinted) this.#overprint(from);
      else if (token[0].length === 1) this.#show(token[0]);
      if (token.index > overprinted || token[0] !== '\r') this.#edits.push([token.index, from, start, this.#text.length]);
    }
    this.#text += this.#source.slice(from);
    this.#closeSpan();
    this.#relink('');
    const edits = this.#edits;
    return {
      text: this.#text,
      spans: this.#spans,
      parts: this.#parts,
      isOverprinted: this.#isOverprinted,
      place: (offset) => place(edits, offset),
    };
  }

  /** @param {string} character */
  #show(character) {
    const from = this.#text.length;
    this.#text += visible(character, from);
    const to = this.#text.length;
    if (character === '\t' || this.#link !== null) return;
    const last = this.#parts.at(-1);
    if (last?.kind === 'control' && last.to === from) last.to = to;
    else if (this.#parts.length < SPANS_MAX) this.#parts.push({ from, to, kind: 'control' });
  }

  /** @param {number} sourceEnd of what disappears */
  #overprint(sourceEnd) {
    if (this.#text.trim() !== '') this.#isOverprinted = true;
    this.#text = '';
    this.#styledFrom = 0;
    this.#spans = [];
    this.#parts = [];
    this.#edits = [[0, sourceEnd, 0, 0]];
    if (this.#link !== null) this.#link.from = 0;
  }

  /** @param {string} address where the text from here on leads, '' for nowhere */
  #relink(address) {
    const to = this.#text.length;
    const link = this.#link;
    if (link !== null && to > link.from && this.#parts.length < SPANS_MAX) this.#parts.push({ ...link, to, kind: 'link' });
    this.#link = WEB.test(address) ? { from: to, href: address } : null;
  }

  /** @param {string} parameters */
  #restyle(parameters) {
    this.#closeSpan();
    this.#style = applySgr(this.#style, parameters);
    this.#styledFrom = this.#text.length;
  }

  #closeSpan() {
    const to = this.#text.length;
    if (this.#style === DEFAULT_STYLE || to === this.#styledFrom || this.#spans.length === SPANS_MAX) return;
    this.#spans.push({ from: this.#styledFrom, to, style: this.#style });
  }
}

/**
 * Where an offset comes to lie.
 *
 * @param {number[][]} edits of a text: start and end of each piece replaced, and of what replaces it, in order
 * @param {number} offset
 */
export function place(edits, offset) {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edits[middle][0] <= offset) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return offset;
  const [, sourceEnd, start, end] = edits[low - 1];
  return offset < sourceEnd ? start : end + offset - sourceEnd;
}

/**
 * @param {string} character
 * @param {number} column
 */
function visible(character, column) {
  const code = character.charCodeAt(0);
  if (code === 0x09) return ' '.repeat(TAB_WIDTH - (column % TAB_WIDTH));
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/**
 * @param {Style} style
 * @param {string} parameters
 * @returns {Style}
 */
function applySgr(style, parameters) {
  const next = { ...style };
  const codes = parameters.split(';');
  for (let at = 0; at < codes.length; at += 1) {
    const code = Number.parseInt(codes[at], 10) || 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at);
      if (code === 38) next.color = color;
      else next.background = color;
      at += used;
    } else {
      applyCode(next, code);
    }
  }
  return isDefault(next) ? DEFAULT_STYLE : next;
}

/**
 * @param {Style} style
 * @param {number} code
 */
function applyCode(style, code) {
  const digit = code % 10;
  if (code === 0) Object.assign(style, DEFAULT_STYLE);
  else if (ON[code] !== undefined) style[ON[code]] = true;
  else if (code === 22) style.bold = style.dim = false;
  else if (code > 22 && code < 30 && ON[digit] !== undefined) style[ON[digit]] = false;
  else if (code < 30 || code > 107 || (code > 49 && code < 90)) return;
  else if (digit < 8) style[Math.floor(code / 10) % 2 === 1 ? 'color' : 'background'] = digit + (code < 90 ? 0 : 8);
  else if (code === 39) style.color = null;
  else if (code === 49) style.background = null;
}

/**
 * Reads `38;5;n`, `38;2;r;g;b` and their forms with colons, which stand in one parameter.
 *
 * @param {string[]} codes
 * @param {number} at
 * @returns {[number | string | null, number]} the colour, and how many further parameters it took
 */
function extendedColor(codes, at) {
  const inOne = codes[at].includes(':');
  const parts = (inOne ? codes[at].split(':') : codes.slice(at)).map((part) => Number.parseInt(part, 10));
  if (parts[1] === 5) return [indexedColor(parts[2]), inOne ? 0 : 2];
  if (parts[1] !== 2) return [null, inOne ? 0 : 1];
  const channels = inOne ? parts.slice(-3) : parts.slice(2, 5);
  return [hex(channels), inOne ? 0 : 4];
}

/** @param {number} index */
function indexedColor(index) {
  if (!(index >= 0 && index <= 255)) return null;
  if (index < 16) return index;
  if (index >= 232) return hex(Array(3).fill(8 + (index - 232) * 10));
  const cube = index - 16;
  const channel = (/** @type {number} */ step) => (step === 0 ? 0 : 55 + step * 40);
  return hex([channel(Math.floor(cube / 36)), channel(Math.floor(cube / 6) % 6), channel(cube % 6)]);
}

/** @param {number[]} channels */
function hex(channels) {
  const isValid = channels.length === 3 && channels.every((channel) => channel >= 0 && channel <= 255);
  return isValid ? `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}` : null;
}

/** @param {Style} style */
function isDefault(style) {
  return Object.entries(DEFAULT_STYLE).every(([key, value]) => style[/** @type {keyof Style} */ (key)] === value);
}
