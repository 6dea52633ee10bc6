// @ts-check
// What each key does. The help is made from the same table.

import { HIDDEN } from '../model/folds.js';
import { ERROR, WARN } from '../model/levels.js';

const MINUTE_MS = 60_000;

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
 * @property {Detail} detail
 * @property {() => void} toggleContext
 * @property {() => void} toggleLive
 * @property {() => void} goTo
 * @property {() => void} help
 */

/** Everything about the current line. @typedef {{isOpen: boolean, open: () => void, showAround: () => void, close: () => void}} Detail */

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
    ['/ Ctrl-F', 'Find; Ctrl-F once more: the browser’s own find', () => find(page)],
    ['n N', 'Next, previous hit', ({ key }) => { findBar.walk(key === 'n' ? 1 : -1); }],
    ['&', 'Filter: show only lines that match', () => filterBar.focus()],
    ['+ -', 'Filter for the selected text, filter it out', ({ key }) => filterSelection(page, key === '-')],
    ['v', 'The line without the filter; again: back', toggleContext],
    ['1 2 3 4 5 6 0', 'Levels from trace to fatal, and lines without one; with Shift only this', ({ code, shiftKey }) => levelGroup.press(code.slice(-1), shiftKey)],
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function moveKeys(page) {
  const { following, list, navigation, goTo } = page;
  const half = () => list.pageHeight / 2;
  const byMinutes = (/** @type {number} */ minutes) => { navigation.byTime(minutes * MINUTE_MS); };
  return [
    ['End G F', 'Go to the end and follow', () => following.follow()],
    ['p =', 'Pause or follow', () => following.toggle()],
    ['e E', 'Next, previous error', ({ key }) => walk(page, ERROR, key === 'e' ? 1 : -1)],
    ['w W', 'Next, previous warning or error', ({ key }) => walk(page, WARN, key === 'w' ? 1 : -1)],
    ['Home g', 'Go to the first line of all', () => { navigation.home(); }],
    [': Ctrl-G', 'Go to a line, a time, a part or a byte', goTo],
    ['[ ]', 'A minute back, on', ({ key }) => byMinutes(key === '[' ? -1 : 1)],
    ['Alt-[ Alt-]', 'An hour back, on', ({ key }) => byMinutes(key === '[' ? -60 : 60)],
    ['↓ j ↑ k', 'Next, previous line', ({ key }) => step(page, /[Dj]/.test(key) ? 1 : -1)],
    ['} {', 'Next, previous record', ({ key }) => step(page, key === '}' ? 1 : -1, (chunk, at) => !chunk.continues(at))],
    ['PgDn Space', 'Page down', () => scrollBy(page, 2 * half())],
    ['PgUp Shift-Space b', 'Page up', () => scrollBy(page, -2 * half())],
    ['Ctrl-D Ctrl-U', 'Half a page down, up', ({ key }) => scrollBy(page, key === 'd' ? half() : -half()), true],
    ['← →', 'Sideways, when lines are not wrapped', ({ key }) => list.scrollBy(0, key === 'ArrowLeft' ? -8 : 8)],
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function lineKeys(page) {
  const { settings, actions } = page;
  return [
    ['c y', 'Copy the lines chosen, as they are in the file', () => { actions.copy(); }],
    ['Y', 'Copy a link to the line', () => { actions.copyLink(); }],
    ['Enter o', 'Unfold or fold a record, or fields', () => unfold(page)],
    ['Shift-Enter', 'Details of the line', () => page.detail.open()],
    ['x', 'The lines around it, with what the filter leaves out', () => page.detail.showAround()],
    ['J', 'JSON and logfmt as they are', () => settings.set('isRaw', !settings.get('isRaw'))],
    ['m', 'Mark the line, or unmark it', () => mark(page)],
    ['u U', 'Next, previous mark', ({ key }) => walkMarks(page, key === 'u' ? 1 : -1)],
  ];
}

/** @param {Page} page @returns {import('./shortcuts.js').Shortcut[]} */
function pageKeys(page) {
  const { settings, picker, toggleLive, help } = page;
  const flip = (/** @type {'wraps' | 'hasTimeline'} */ name) => settings.set(name, !settings.get(name));
  return [
    ['s', 'Choose sources', () => picker.open()],
    ['t', 'Timeline on or off', () => flip('hasTimeline')],
    ['i', 'Timeline of five minutes, or of all', toggleLive],
    ['z Alt-Z', 'Wrap long lines or not', () => flip('wraps')],
    ['l', 'Clear the screen; Esc brings the lines back', () => clearScreen(page)],
    ['Esc', 'Leave find, selection, details, current line', () => leave(page)],
    ['?', 'This help', help],
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
  const edge = direction > 0 ? list.topRow : list.bottomRow;
  const from = list.current >= 0 ? list.current : edge - direction;
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
 * @param {Pick<Page, 'lines' | 'following' | 'list'>} page
 * @param {1 | -1} direction
 * @param {(chunk: import('../model/chunk.js').Chunk, at: number) => boolean} isMeant
 */
export function step({ lines, following, list }, direction, isMeant = (chunk, at) => chunk.fold[at] < HIDDEN) {
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
export function clearScreen({ lines, following, navigation }) {
  navigation.stay();
  if (lines.isAttached) lines.clear();
  else following.follow();
}

/** @param {Pick<Page, 'lines' | 'list' | 'marks'>} page */
export function mark({ lines, list, marks }) {
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
function leave({ findBar, list, lines, detail }) {
  const selection = document.getSelection();
  if (findBar.isOpen) findBar.close();
  else if (selection !== null && !selection.isCollapsed) selection.removeAllRanges();
  else if (detail.isOpen) detail.close();
  else if (list.current < 0 && lines.isCleared) lines.restore();
  else list.current = -1;
}
