// @ts-check
// How lines look at the moment, from what the reader has set and what there is to show. A phone has no room for the names
// of sources, and a single source needs none.

import { day } from '../model/wording.js';

/** @typedef {import('./line_row.js').Look} Look */

const SOURCE_COLUMNS_MAX = 24;

/**
 * @param {object} parts
 * @param {import('../model/settings.js').Settings} parts.settings
 * @param {import('../model/sources.js').Sources} parts.sources
 * @param {import('../model/lines.js').Lines} parts.lines
 * @param {import('../model/search.js').Search} parts.search
 * @param {import('./theme.js').Theme} parts.theme
 * @param {import('./line_list.js').LineList} parts.list not there while it is made itself
 * @param {boolean} parts.isNarrow
 * @param {import('../model/marks.js').Marks} parts.marks
 * @param {Look['textOf']} parts.textOf
 * @returns {Look}
 */
export function lookOf({ settings, sources, lines, search, theme, marks, list, isNarrow, textOf }) {
  const time = settings.get('time');
  const isUtc = time === 'utc';
  const hasSources = sources.shown.length > 1 && settings.get('hasSource');
  return {
    time,
    showsHead: time === 'logged',
    isRaw: settings.get('isRaw'),
    columns: settings.get('columns'),
    base: time === 'relative' && lines.has(list?.current ?? -1) ? lines.timeAt(list.current) : Number.NaN,
    timeAbove: ({ row }) => (lines.has(row) ? lines.timeAbove(row) : Number.NaN),
    isBelowItsOwn: ({ row }) => lines.has(row) && lines.isBelowItsOwn(row),
    hasTime: settings.get('hasTime'),
    hasLevel: settings.get('hasLevel'),
    hasOffset: settings.get('hasOffset'),
    type: `${settings.get('size')} ${settings.get('isCompact')}`,
    sourceColumns: isNarrow || !hasSources ? 0 : sourceColumns(sources.shown.map(({ source }) => sources.shortName(source).length)),
    hasSourceBar: isNarrow && hasSources,
    nameOf: (source) => sources.shortName(source),
    isMarked: (line) => marks.has(line),
    colorOf: (source) => sources.colorOf(source),
    showsDate: day(lines.earliest, isUtc) < day(Date.now(), isUtc),
    isNarrow,
    background: theme.background,
    hits: (text) => search.hits(text),
    textOf,
  };
}

/** @param {number[]} lengths of names */
function sourceColumns(lengths) {
  return Math.min(Math.max(...lengths), SOURCE_COLUMNS_MAX);
}
