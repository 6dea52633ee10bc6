// @ts-check
// Reads the fields of a structured line: a JSON object that ends it, or a line that is nothing but logfmt pairs. Values
// are kept as places in the text, so that a number is shown as it was written and a hit is found where it was.

import { place } from './ansi.js';

/**
 * @typedef {object} Field
 * @property {string} key
 * @property {number} keyFrom where the key is written, without quotes; the same as `keyTo` where it is not
 * @property {number} keyTo
 * @property {'string' | 'number' | 'word' | 'object' | 'array'} kind
 * @property {number} from where the value is written, with its quotes or brackets
 * @property {number} to
 * @property {Field[]} fields of an object or array
 */

/** @typedef {{text: string, from: number, fields: Field[], isJson: boolean}} Fields `from`: where they begin */

/** Longer text is not read as JSON. */
export const PARSED_MAX = 1024 * 1024;
const BEGINNINGS_MAX = 3;

const BEGINNING = /\{\s*"/g;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const PAIR = /([\w.@/-]+)=("[^"\\]*(?:\\.[^"\\]*)*"|[^\s"=]*)(?:\s+|$)/y;
const FIRST_KEY = /[\w.@/-]+=/y;
const JSON_END = /\}\s*$/;
const ESCAPE = /\\(?:u[\da-fA-F]{4}|.)/g;

/**
 * Whether a text may have fields, at little cost.
 *
 * @param {string} text
 * @param {number} head of it that is no field
 */
export function mayHaveFields(text, head) {
  FIRST_KEY.lastIndex = head;
  const last = text.charCodeAt(text.length - 1);
  return ((last === 0x7d || last <= 0x20) && JSON_END.test(text)) || FIRST_KEY.test(text);
}

/**
 * @param {string} text
 * @param {number} head of it that is no field
 * @returns {Fields | null} null where it is no structured line, or broken
 */
export function readFields(text, head) {
  if (text.length > PARSED_MAX || !mayHaveFields(text, head)) return null;
  return readJson(text) ?? readPairs(text, head);
}

/**
 * @param {Field[]} fields
 * @param {string} path keys with points between them
 * @returns {Field | undefined}
 */
export function fieldAt(fields, path) {
  for (const field of fields) {
    if (field.key === path) return field;
    const inner = path.startsWith(`${field.key}.`) ? fieldAt(field.fields, path.slice(field.key.length + 1)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/**
 * The text of a value: of a string, what its quotes hold, and where each offset of the line comes to lie in that.
 *
 * @param {string} text
 * @param {Field} field
 * @param {number} [max] UTF-16 units of the source to be read
 * @returns {{text: string, from: number, place: (offset: number) => number}} `from`: the offset of its beginning
 */
export function valueOf(text, { kind, from, to }, max = Number.POSITIVE_INFINITY) {
  const isQuoted = kind === 'string' && text[from] === '"';
  return unescaped(text, from + Number(isQuoted), Math.min(to - Number(isQuoted), from + max));
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function unescaped(text, from, to) {
  const source = text.slice(from, to);
  if (!source.includes('\\')) return { text: source, from, place: (/** @type {number} */ offset) => offset - from };
  let result = '';
  let end = 0;
  /** @type {number[][]} */
  const edits = [];
  for (const { 0: escape, index } of source.matchAll(ESCAPE)) {
    result += source.slice(end, index);
    const start = result.length;
    end = index + escape.length;
    result += plain(escape);
    edits.push([index, end, start, result.length]);
  }
  return { text: result + source.slice(end), from, place: (/** @type {number} */ offset) => place(edits, offset - from) };
}

/** @param {string} escape */
function plain(escape) {
  try {
    return JSON.parse(`"${escape}"`);
  } catch {
    return escape;
  }
}

/**
 * @param {string} text
 * @returns {Fields | null}
 */
function readJson(text) {
  let tries = 0;
  for (const { index } of text.matchAll(BEGINNING)) {
    if (isJson(text.slice(index))) return { text, from: index, fields: readObject(text, index), isJson: true };
    tries += 1;
    if (tries === BEGINNINGS_MAX) break;
  }
  return null;
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} text
 * @param {number} from where an object begins that is known to be whole
 */
function readObject(text, from) {
  /** @type {Field} */
  const root = { key: '', keyFrom: 0, keyTo: 0, kind: 'array', from, to: text.length, fields: [] };
  const open = [root];
  /** @type {[number, number] | null} */
  let key = null;
  TOKEN.lastIndex = from;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const parent = open[open.length - 1];
    const to = index + token.length;
    if (token === '}' || token === ']') {
      parent.to = to;
      open.pop();
    } else if (parent.kind === 'object' && key === null && token[0] === '"') {
      key = [index + 1, to - 1];
    } else if (token !== ',' && token !== ':') {
      const [keyFrom, keyTo] = key ?? [index, index];
      const name = key === null ? String(parent.fields.length) : unescaped(text, keyFrom, keyTo).text;
      /** @type {Field} */
      const field = { key: name, keyFrom, keyTo, kind: kindOf(token), from: index, to, fields: [] };
      parent.fields.push(field);
      key = null;
      if (token === '{' || token === '[') open.push(field);
    }
  }
  return root.fields[0].fields;
}

/**
 * @param {string} token
 * @returns {Field['kind']}
 */
function kindOf(token) {
  if (token === '{') return 'object';
  if (token === '[') return 'array';
  if (token[0] === '"') return 'string';
  return /^-?\d/.test(token) ? 'number' : 'word';
}

/**
 * @param {string} text
 * @param {number} head
 * @returns {Fields | null}
 */
function readPairs(text, head) {
  /** @type {Field[]} */
  const fields = [];
  PAIR.lastIndex = head;
  for (let end = head; end < text.length; end = PAIR.lastIndex) {
    const pair = PAIR.exec(text);
    if (pair === null) return null;
    const [, key, value] = pair;
    const keyTo = pair.index + key.length;
    const kind = /^-?[\d.]+$/.test(value) ? 'number' : 'string';
    fields.push({ key, keyFrom: pair.index, keyTo, kind, from: keyTo + 1, to: keyTo + 1 + value.length, fields: [] });
  }
  return fields.length > 1 ? { text, from: head, fields, isJson: false } : null;
}
