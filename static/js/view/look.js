// @ts-check
// How lines look at the moment, from what the reader has set and what there is to show.

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
  return {
    time,
    showsHead: time === 'logged',
    isRaw: settings.get('isRaw'),
    columns: settings.get('columns'),
    base: time === 'relative' && lines.has(list?.current ?? -1) ? lines.timeAt(list.current) : Number.NaN,
    timeAbove: ({ row }) => (lines.has(row) ? lines.timeAbove(row) : Number.NaN),
    hasTime: settings.get('hasTime'),
    hasLevel: settings.get('hasLevel'),
    hasOffset: settings.get('hasOffset'),
    type: `${settings.get('size')} ${settings.get('isCompact')}`,
    sourceColumns: isNarrow || !settings.get('hasSource') ? 0 : sourceColumns(sources.shown.map(({ source }) => sources.shortName(source).length)),
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

/**
 * A phone has no room for names, and a single source needs none.
 *
 * @param {number[]} lengths
 */
function sourceColumns(lengths) {
  return lengths.length <= 1 ? 0 : Math.min(Math.max(...lengths), SOURCE_COLUMNS_MAX);
}
