// @ts-check
// What each key does. The help is made from the same table.

import { HIDDEN } from '../model/folds.js';
import { ERROR, WARN } from '../model/levels.js';

const MINUTE_MS = 60_000;
const LEVEL_KEYS = ['1', '2', '3', '4', '5', '6', '0'];

/**
 * @typedef {object} Page
 * @property {import('../model/lines.js').Lines} lines
 * @property {import('../model/following.js').Following} following
 * @property {import('../model/settings.js').Settings} settings
 * @property {import('./line_list.js').LineList} list
 * @property {import('./filter_bar.js').FilterBar} filterBar
 * @property {import('./find_bar.js').FindBar} findBar
 * @property {import('./level_group.js').LevelGroup} levelGroup
 * @property {import('./source_picker.js').SourcePicker} picker
 * @property {import('./notices.js').Notices} notices
 * @property {import('./navigation.js').Navigation} navigation
 * @property {import('./line_actions.js').LineActions} actions
 * @property {import('../model/marks.js').Marks} marks
 * @property {import('../model/sources.js').Sources} sources
 * @property {() => void} toggleContext
 * @property {() => void} toggleLive
 * @property {() => void} goTo
 * @property {() => void} help
 */

/** A heading of the help, and the keys below it. @typedef {[string, import('./shortcuts.js').Shortcut[]]} KeyGroup */

/**
 * @param {Page} page
 * @returns {KeyGroup[]}
 */
export function keyTable(page) {
  return [['Find and filter', findKeys(page)], ['Move', moveKeys(page)], ['Lines', lineKeys(page)], ['Page', pageKeys(page)]];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function findKeys(page) {
  const { filterBar, findBar, levelGroup, toggleContext } = page;
  return [
    { keys: ['/', 'Ctrl+f'], shown: '/ Ctrl-F', does: 'Find in the whole log; Ctrl-F once more: the browser’s own find', run: () => find(page) },
    { keys: ['n', 'N'], shown: 'n N', does: 'Next, previous hit', run: ({ key }) => { findBar.walk(key === 'n' ? 1 : -1); } },
    { keys: ['&'], shown: '&', does: 'Filter: show only lines that match', run: () => filterBar.focus() },
    { keys: ['+', '-'], shown: '+ -', does: 'Filter for the selected text, filter it out', run: ({ key }) => filterSelection(page, key === '-') },
    { keys: ['v'], shown: 'v', does: 'Show the line in context, without the filter; again: back', run: toggleContext },
    { keys: LEVEL_KEYS, shown: '1 … 6', does: 'Switch a level on or off, from trace to fatal; 0: lines that say none', run: ({ key }) => levelGroup.toggle(key) },
    { keys: LEVEL_KEYS.map((key) => `Shift+${key}`), shown: 'Shift-1 …', does: 'Only this level', run: ({ code }) => levelGroup.only(code.at(-1) ?? '') },
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function moveKeys(page) {
  const { following, list, navigation, goTo } = page;
  const half = () => list.pageHeight / 2;
  const byMinutes = (/** @type {number} */ minutes) => { navigation.byTime(minutes * MINUTE_MS); };
  return [
    { keys: ['End', 'G', 'F'], shown: 'End G F', does: 'Go to the end and follow', run: () => following.follow() },
    { keys: ['p', '='], shown: 'p =', does: 'Pause or follow', run: () => following.toggle() },
    { keys: ['e', 'E'], shown: 'e E', does: 'Next, previous error', run: ({ key }) => walk(page, ERROR, key === 'e' ? 1 : -1) },
    { keys: ['w', 'W'], shown: 'w W', does: 'Next, previous warning or error', run: ({ key }) => walk(page, WARN, key === 'w' ? 1 : -1) },
    { keys: ['Home', 'g'], shown: 'Home g', does: 'Go to the first line of all', run: () => { navigation.home(); } },
    { keys: [':', 'Ctrl+g'], shown: ': Ctrl-G', does: 'Go to a line, a time, a part or a byte', run: goTo },
    { keys: ['[', ']'], shown: '[ ]', does: 'A minute back, on; with Alt an hour', run: ({ key }) => byMinutes(key === '[' ? -1 : 1) },
    { keys: ['Alt+[', 'Alt+]'], shown: '', does: '', run: ({ key }) => byMinutes(key === '[' ? -60 : 60) },
    { keys: ['ArrowDown', 'j', 'ArrowUp', 'k'], shown: '↓ j ↑ k', does: 'Next, previous line', run: ({ key }) => step(page, /[Dj]/.test(key) ? 1 : -1) },
    { keys: ['{', '}'], shown: '{ }', does: 'Previous, next record: past stack traces', run: ({ key }) => step(page, key === '}' ? 1 : -1, (chunk, at) => !chunk.continues(at)) },
    { keys: ['PageDown', ' '], shown: 'PgDn Space', does: 'Page down', run: () => scrollBy(page, 2 * half()) },
    { keys: ['PageUp', 'Shift+ ', 'b'], shown: 'PgUp Shift-Space b', does: 'Page up', run: () => scrollBy(page, -2 * half()) },
    { keys: ['Ctrl+d', 'Ctrl+u'], shown: 'Ctrl-D Ctrl-U', does: 'Half a page down, up', run: ({ key }) => scrollBy(page, key === 'd' ? half() : -half()), onlyInLog: true },
    { keys: ['ArrowLeft', 'ArrowRight'], shown: '← →', does: 'Sideways, when lines are not wrapped', run: ({ key }) => list.scrollBy(0, key === 'ArrowLeft' ? -8 : 8) },
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function lineKeys(page) {
  const { settings, actions } = page;
  return [
    { keys: ['c', 'y'], shown: 'c y', does: 'Copy the lines chosen, as they are in the file', run: () => { actions.copy(); } },
    { keys: ['Y'], shown: 'Y', does: 'Copy a link to the line', run: () => { actions.copyLink(); } },
    { keys: ['Enter', 'o'], shown: 'Enter o', does: 'Unfold or fold the record, or the fields of the line', run: () => unfold(page) },
    { keys: ['J'], shown: 'J', does: 'Structured lines as they are, or readable', run: () => settings.set('isRaw', !settings.get('isRaw')) },
    { keys: ['x'], shown: 'x', does: 'Show the lines around this one in their place', run: () => { actions.unfold(); } },
    { keys: ['m'], shown: 'm', does: 'Mark the line, or unmark it', run: () => mark(page) },
    { keys: ['u', 'U'], shown: 'u U', does: 'Next, previous mark', run: ({ key }) => walkMarks(page, key === 'u' ? 1 : -1) },
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function pageKeys(page) {
  const { settings, following, lines, picker, toggleLive, help } = page;
  const flip = (/** @type {'wraps' | 'hasTimeline'} */ name) => settings.set(name, !settings.get(name));
  return [
    { keys: ['s'], shown: 's', does: 'Choose sources', run: () => picker.open() },
    { keys: ['t'], shown: 't', does: 'Timeline on or off', run: () => flip('hasTimeline') },
    { keys: ['i'], shown: 'i', does: 'Timeline of the last five minutes, or of the whole log', run: toggleLive },
    { keys: ['z', 'Alt+z'], shown: 'z Alt-Z', does: 'Wrap long lines or not', run: () => flip('wraps') },
    { keys: ['l'], shown: 'l', does: 'Clear the screen; Esc brings the lines back', run: () => (lines.isAttached ? lines.clear() : following.follow()) },
    { keys: ['Escape'], shown: 'Esc', does: 'Leave what is innermost: find, selection, current line', run: () => leave(page) },
    { keys: ['?'], shown: '?', does: 'This help', run: help },
  ];
}

/**
 * To the next line of a level.
 *
 * @param {Page} page
 * @param {number} least
 * @param {1 | -1} direction
 */
export function walk({ lines, list, notices }, least, direction) {
  if (lines.isEmpty) return;
  const from = list.current >= 0 ? list.current : list.topRow - direction;
  const row = lines.nextOfLevel(from, direction, least);
  if (row >= 0) {
    list.goTo(row);
    return;
  }
  const what = least === ERROR ? 'error' : 'warning';
  notices.toast(`No ${direction > 0 ? 'later' : 'earlier'} ${what} in the lines here`);
}

/**
 * To the line beside the current one, or to the first that can be seen.
 *
 * @param {Page} page
 * @param {1 | -1} direction
 * @param {(chunk: import('../model/chunk.js').Chunk, at: number) => boolean} isMeant
 */
function step({ lines, following, list }, direction, isMeant = (chunk, at) => chunk.fold[at] < HIDDEN) {
  if (lines.isEmpty) return;
  const isFirst = list.current < 0;
  const row = lines.nextRow(isFirst ? list.topRow - 1 : list.current, isFirst ? 1 : direction, isMeant);
  if (row < 0) return;
  following.pause();
  list.reveal(row, direction > 0 ? 0.9 : 0.05);
  list.current = row;
}

/** @param {Page} page */
function unfold({ lines, list, actions }) {
  if (lines.has(list.current) && lines.markAt(list.current) === undefined) actions.toggle(list.current);
}

/**
 * @param {Page} page
 * @param {number} distance px
 */
function scrollBy({ following, list }, distance) {
  if (distance < 0) following.pause();
  list.scrollBy(distance);
}

/** @param {Page} page */
function find({ findBar }) {
  if (findBar.hasFocus) return false;
  findBar.open();
  return undefined;
}

/**
 * @param {Page} page
 * @param {boolean} isExcluded
 */
function filterSelection({ filterBar, list }, isExcluded) {
  const selection = document.getSelection();
  const [text = ''] = selection?.toString().trim().split('\n') ?? [];
  if (text === '' || list.rowOf(selection?.anchorNode ?? null) === undefined) return false;
  selection?.removeAllRanges();
  filterBar.add(text, isExcluded);
  return undefined;
}

/** @param {Page} page */
function mark({ lines, list, marks }) {
  if (lines.has(list.current) && lines.markAt(list.current) === undefined) marks.toggle(lines.lineAt(list.current));
}

/**
 * @param {Page} page
 * @param {1 | -1} direction
 */
function walkMarks({ list, marks, sources, navigation, notices }, direction) {
  const found = marks.next(list.place, direction, (segment) => sources.rank(segment));
  if (found === undefined) notices.toast('No line is marked: m marks one');
  else navigation.toLine(found);
}

/** @param {Page} page */
function leave({ findBar, list, lines }) {
  const selection = document.getSelection();
  if (findBar.isOpen) findBar.close();
  else if (selection !== null && !selection.isCollapsed) selection.removeAllRanges();
  else if (list.current < 0 && lines.isCleared) lines.restore();
  else list.current = -1;
}
