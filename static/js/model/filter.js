// @ts-check
// Which lines the reader wants, as the server understands it. A value: changing it makes another one. What
// matches is decided by the server alone; here it is only written down, compared and put into words.

import { LEVELS } from './levels.js';

/** @typedef {import('./levels.js').Level} Level */
/** @typedef {{text: string, isExcluded: boolean}} Term */
/** @typedef {'smart' | 'ignore' | 'match'} CaseRule */

/** @typedef {{terms: readonly Term[], caseRule: CaseRule, isLiteral: boolean, levels: ReadonlySet<Level>}} FilterParts */

const PARAMETERS = ['q', 'x', 'case', 'literal', 'level'];

export class Filter {
  /** @type {readonly Term[]} */
  terms;
  /** @type {CaseRule} */
  caseRule;
  isLiteral;
  /** All of them where the level does not matter. @type {ReadonlySet<Level>} */
  levels;

  /** @param {Partial<FilterParts>} [parts] */
  constructor({ terms = [], caseRule = 'smart', isLiteral = false, levels = new Set(LEVELS) } = {}) {
    this.terms = terms.filter((term) => term.text !== '');
    this.caseRule = caseRule;
    this.isLiteral = isLiteral;
    this.levels = levels;
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
    const parameters = this.terms.map((term) => [term.isExcluded ? 'x' : 'q', term.text]);
    parameters.sort(([a], [b]) => a.localeCompare(b));
    if (this.terms.length > 0 && this.caseRule !== 'smart') parameters.push(['case', this.caseRule]);
    if (this.terms.length > 0 && this.isLiteral) parameters.push(['literal', '1']);
    const level = writeLevels(this.levels);
    if (level !== null) parameters.push(['level', level]);
    return parameters;
  }

  get isEmpty() {
    return this.toParameters().length === 0;
  }

  /** @param {Partial<FilterParts>} parts */
  with(parts) {
    const { terms, caseRule, isLiteral, levels } = this;
    return new Filter({ terms, caseRule, isLiteral, levels, ...parts });
  }

  /** As a reader would say it: `/status=5\d\d/, not “healthz”, WRN and worse`. */
  get description() {
    const quote = (/** @type {Term} */ { text, isExcluded }) => (
      `${isExcluded ? 'not ' : ''}${this.isLiteral ? `“${text}”` : `/${text}/`}`
    );
    const level = writeLevels(this.levels);
    return [...this.terms.map(quote), ...(level === null ? [] : [`level ${level}`])].join(', ');
  }
}

/**
 * A level alone is a minimum; a comma makes it a list.
 *
 * @param {string | null} text
 * @returns {ReadonlySet<Level>}
 */
function readLevels(text) {
  const named = LEVELS.filter((level) => (text ?? '').split(',').includes(level));
  if (named.length === 0) return new Set(LEVELS);
  return new Set(text?.includes(',') ? named : LEVELS.slice(LEVELS.indexOf(named[0])));
}

/** @param {ReadonlySet<Level>} levels */
function writeLevels(levels) {
  const named = LEVELS.filter((level) => levels.has(level));
  if (named.length === LEVELS.length || named.length === 0) return null;
  const isMinimum = named.every((level, index) => level === LEVELS[LEVELS.length - named.length + index]);
  if (isMinimum) return named[0];
  return named.length === 1 ? `${named[0]},` : named.join(',');
}
