// @ts-check
// Which lines the reader wants, as the server understands it. A value: changing it makes another one. What
// matches is decided by the server alone; here it is only written down, compared and put into words.

import { FILTER_LEVELS, LEVELS } from './levels.js';

/** @typedef {import('./levels.js').FilterLevel} Level */
/** @typedef {{text: string, isExcluded: boolean, isOff?: boolean}} Term one that is off is kept, and asks for nothing */
/** @typedef {'smart' | 'ignore' | 'match'} CaseRule */

/**
 * @typedef {object} FilterParts
 * @property {readonly Term[]} terms
 * @property {CaseRule} caseRule
 * @property {boolean} isLiteral
 * @property {ReadonlySet<Level>} levels
 * @property {string} since a time as the server understands it, '' for none
 * @property {string} until
 * @property {number} context lines to be shown around each that matches
 */

const PARAMETERS = ['q', 'x', 'case', 'literal', 'level', 'since', 'until', 'context'];
const CONTEXT_MAX = 100;

export class Filter {
  /** @type {readonly Term[]} */
  terms;
  /** @type {CaseRule} */
  caseRule;
  isLiteral;
  /** All of them where the level does not matter. @type {ReadonlySet<Level>} */
  levels;
  since;
  until;
  context;

  /** @param {Partial<FilterParts>} [parts] */
  constructor({
    terms = [], caseRule = 'smart', isLiteral = false, levels = new Set(FILTER_LEVELS), since = '', until = '', context = 0,
  } = {}) {
    this.terms = terms.filter((term) => term.text !== '');
    this.caseRule = caseRule;
    this.isLiteral = isLiteral;
    this.levels = levels;
    this.since = since;
    this.until = until;
    this.context = context;
  }

  /** @param {URLSearchParams} parameters */
  static fromParameters(parameters) {
    const term = (/** @type {boolean} */ isExcluded) => (/** @type {string} */ text) => ({ text, isExcluded });
    const caseRule = parameters.get('case');
    return new Filter({
      terms: [...parameters.getAll('q').map(term(false)), ...parameters.getAll('x').map(term(true))],
      caseRule: caseRule === 'ignore' || caseRule === 'match' ? caseRule : 'smart',
      isLiteral: parameters.get('literal') === '1',
      levels: readLevels(parameters.get('level')),
      since: parameters.get('since') ?? '',
      until: parameters.get('until') ?? '',
      context: Math.min(Number.parseInt(parameters.get('context') ?? '', 10) || 0, CONTEXT_MAX),
    });
  }

  /** Names of the parameters a filter is written as. */
  static get parameterNames() {
    return PARAMETERS;
  }

  /**
   * Only what differs from the default, in a fixed order.
   *
   * @returns {[string, string][]}
   */
  toParameters() {
    /** @type {[string, string][]} */
    const parameters = this.#active.map((term) => [term.isExcluded ? 'x' : 'q', term.text]);
    parameters.sort(([a], [b]) => a.localeCompare(b));
    const hasTerms = parameters.length > 0;
    if (hasTerms && this.caseRule !== 'smart') parameters.push(['case', this.caseRule]);
    if (hasTerms && this.isLiteral) parameters.push(['literal', '1']);
    const level = writeLevels(this.levels);
    if (level !== null) parameters.push(['level', level]);
    if (this.since !== '') parameters.push(['since', this.since]);
    if (this.until !== '') parameters.push(['until', this.until]);
    if (this.context > 0) parameters.push(['context', String(this.context)]);
    return parameters;
  }

  get #active() {
    return this.terms.filter(({ isOff }) => !isOff);
  }

  /** True where it keeps every line. */
  get isEmpty() {
    return this.with({ context: 0 }).toParameters().length === 0;
  }

  /** @param {Partial<FilterParts>} parts */
  with(parts) {
    return new Filter({ ...this, ...parts });
  }

  /** As a reader would say it: `/status=5\d\d/, not “healthz”, WRN and worse`. */
  get description() {
    const quote = (/** @type {Term} */ { text, isExcluded }) => (
      `${isExcluded ? 'not ' : ''}${this.isLiteral ? `“${text}”` : `/${text}/`}`
    );
    const level = writeLevels(this.levels);
    const rest = [level && `level ${level}`, this.since && `since ${this.since}`, this.until && `until ${this.until}`];
    return [...this.#active.map(quote), ...rest.filter(Boolean)].join(', ');
  }
}

/**
 * A text as the pattern that matches just this text, for the server.
 *
 * @param {string} text
 */
export function escapePattern(text) {
  return text.replace(/[\\^$.*+?()[\]{}|#&~-]/g, '\\$&');
}

/**
 * A level alone is a minimum; a comma makes it a list.
 *
 * @param {string | null} text
 * @returns {ReadonlySet<Level>}
 */
function readLevels(text) {
  const named = FILTER_LEVELS.filter((level) => (text ?? '').split(',').includes(level));
  const isMinimum = named.length === 1 && named[0] !== 'unknown' && !text?.includes(',');
  if (named.length === 0 || (isMinimum && named[0] === LEVELS[0])) return new Set(FILTER_LEVELS);
  return new Set(isMinimum ? FILTER_LEVELS.slice(FILTER_LEVELS.indexOf(named[0])) : named);
}

/** @param {ReadonlySet<Level>} levels */
function writeLevels(levels) {
  const named = FILTER_LEVELS.filter((level) => levels.has(level));
  if (named.length === FILTER_LEVELS.length || named.length === 0) return null;
  const isMinimum = named.length < LEVELS.length && named.every((level, at) => level === FILTER_LEVELS.at(at - named.length));
  if (isMinimum) return named[0];
  return named.length === 1 && named[0] !== 'unknown' ? `${named[0]},` : named.join(',');
}
