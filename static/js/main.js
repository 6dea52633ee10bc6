// @ts-check
// Connects the models, the wire and the views. The only module that knows them all; it decides nothing about
// how lines are kept, drawn or fetched, only what follows from what.

import { Extent } from './model/extent.js';
import { Following } from './model/following.js';
import { ERROR, LEVELS } from './model/levels.js';
import { Lines } from './model/lines.js';
import { readPageState, writePageState } from './model/page_state.js';
import { Pager } from './model/pager.js';
import { Rate } from './model/rate.js';
import { Reception } from './model/reception.js';
import { Search } from './model/search.js';
import { Settings } from './model/settings.js';
import { Sources } from './model/sources.js';
import { status } from './model/status.js';
import { counted, day, second } from './model/wording.js';
import { Announcer } from './view/announcer.js';
import { byId } from './view/element.js';
import { FilterBar } from './view/filter_bar.js';
import { FindBar } from './view/find_bar.js';
import { FollowControls } from './view/follow_controls.js';
import { keyTable, walk } from './view/key_table.js';
import { LevelGroup } from './view/level_group.js';
import { LineGestures } from './view/line_gestures.js';
import { LineList } from './view/line_list.js';
import { Menu } from './view/menu.js';
import { Navigation } from './view/navigation.js';
import { Notices } from './view/notices.js';
import { OverviewStrip } from './view/overview_strip.js';
import { ShareDialog } from './view/share_dialog.js';
import { Shortcuts } from './view/shortcuts.js';
import { SourcePicker } from './view/source_picker.js';
import { StatusBar } from './view/status_bar.js';
import { TabSign } from './view/tab_sign.js';
import { Theme } from './view/theme.js';
import { Reader } from './wire/reader.js';

/** @typedef {import('./view/line_row.js').Look} Look */

const TICK_MS = 1000;
const COUNTS_MS = 200;
const ADDRESS_MS = 300;
const SCRUB_MS = 80;
const SOURCE_COLUMNS_MAX = 24;
const NARROW = matchMedia('(max-width: 640px)');
const opened = readPageState(location.search);
const settings = new Settings(storage());
const theme = new Theme(document.documentElement, settings);
const sources = new Sources();
const lines = new Lines();
const following = new Following(lines);
const search = new Search(lines);
const reception = new Reception(lines, Date.now);
const rate = new Rate();
const extent = new Extent();
const pager = new Pager(lines, (place, signal) => reader.history(place, signal), Date.now);

/** Where a paused reader was when another filter was asked for. @type {typeof list.place} */
let place = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let scrubTimer;
/** The stream was begun anew to get back to the live end. */
let isReturning = false;

const log = byId('log', HTMLElement);
const list = new LineList(log, { lines, following, look: look() });
new LineGestures(log, { list, lines, following });
const navigation = new Navigation({ lines, list, following, pager, extent });
const strip = new OverviewStrip(byId('strip', HTMLElement), { lines, list, extent, hits: () => [] });
const controls = new FollowControls(
  { button: byId('follow', HTMLElement), label: byId('follow-label', HTMLElement), pill: byId('pill', HTMLElement) },
  { following, lines },
);
const filterBar = new FilterBar();
const levelGroup = new LevelGroup(byId('levels', HTMLElement), lines);
const picker = new SourcePicker(sources);
const findBar = new FindBar({ search, lines, list });
const statusBar = new StatusBar(settings);
const tabSign = new TabSign(byId('icon', HTMLLinkElement));
new Announcer(byId('announcer', HTMLElement), { lines, following });
const notices = new Notices();
const menu = new Menu(settings);
const shareDialog = new ShareDialog();
const page = {
  lines, following, settings, list, filterBar, findBar, levelGroup, picker, notices, navigation, share, help: () => shortcuts.help(),
};
const shortcuts = new Shortcuts(keyTable(page), log, () => settings.get('hasSingleKeys'));
const reader = new Reader({ sources, reception }, {
  log: (event, id) => {
    reception.log(event, id);
    if (!extent.grow(event.source, event.segment, event.end)) reader.refreshSourcesSoon();
  },
  gap: (event) => reception.gap(event),
  rotated: (event) => reception.rotated(event),
  truncated: (event) => reception.truncated(event),
  ping: (event, id) => reception.ping(event, id),
  source: (event) => sources.update(event),
  connection: connectionChanged,
});

start();

function start() {
  connectModels();
  connectReader();
  connectViews();
  setInterval(tick, TICK_MS);
  setInterval(updateCounts, COUNTS_MS);
  sources.choose(opened.sources);
  search.term = opened.find;
  if (opened.find !== '') findBar.open();
  if (!opened.isFollowing) following.pause();
  if (opened.wraps !== null) settings.lend('wraps', opened.wraps);
  notices.hints(!settings.get('hasSeenHints') && !NARROW.matches, () => settings.set('hasSeenHints', true));
  filterBar.show(opened.filter);
  showLevels(opened.filter);
  restyle();
  reader.refreshSources();
  reader.wish(opened.filter);
}

function connectModels() {
  following.addEventListener('change', () => {
    if (following.isFollowing && !lines.isAttached) toLiveEnd();
    tick();
    updateAddress();
  });
  search.addEventListener('change', () => {
    restyle();
    updateAddress();
  });
  sources.addEventListener('change', () => {
    extent.measure(sources.shown);
    navigation.measured();
    strip.update();
    restyle();
    updateNotices();
  });
  settings.addEventListener('change', () => {
    restyle();
    updateAddress();
  });
  theme.addEventListener('change', () => {
    restyle();
    strip.repaint();
  });
  NARROW.addEventListener('change', restyle);
  reception.addEventListener('began', () => {
    isReturning = false;
    following.startCounting();
    rate.restart();
    if (!following.isFollowing) goBack();
    updateNotices();
  });
  reception.addEventListener('flooded', () => {
    const actions = [{ label: 'Filter', run: () => filterBar.focus() }, { label: 'Pause', run: () => following.pause() }];
    notices.toast('Too fast to show every line; nothing is lost.', actions);
  });
  reception.addEventListener('caughtup', (event) => {
    notices.toast(`Caught up: ${counted(detailOf(event), 'line')} while away`);
  });
}

function connectReader() {
  reader.addEventListener('taken', () => {
    filterBar.accept();
    showLevels(reader.filter);
    updateAddress();
  });
  reader.addEventListener('leaving', () => {
    place = list.place;
    pager.forget();
  });
  reader.addEventListener('disliked', (event) => filterBar.refuse(detailOf(event)));
  reader.addEventListener('refused', (event) => refused(detailOf(event)));
}

function connectViews() {
  filterBar.addEventListener('wanted', () => reader.wish(filterBar.wanted.with({ levels: levelGroup.levels })));
  levelGroup.addEventListener('wanted', () => reader.wish(filterBar.wanted.with({ levels: levelGroup.levels })));
  menu.addEventListener('level', () => {
    levelGroup.show(new Set(menu.levels));
    reader.wish(filterBar.wanted.with({ levels: levelGroup.levels }));
  });
  menu.addEventListener('help', () => shortcuts.help());
  picker.addEventListener('opened', () => reader.refreshSources());
  picker.addEventListener('wanted', () => reader.wish(reader.filter));
  findBar.addEventListener('closed', () => log.focus({ preventScroll: true }));
  statusBar.addEventListener('retry', () => reader.events.retry());
  list.addEventListener('painted', () => {
    if (!reception.isBeginning && !isReturning) pager.look(list.topRow, list.bottomRow);
  });
  strip.addEventListener('wanted', (event) => scrub(detailOf(event)));
  log.addEventListener('click', ({ target }) => {
    const gap = target instanceof Element && target.matches('[data-load]') ? list.rowOf(target) : undefined;
    if (gap !== undefined) pager.fill(gap.number);
  });
  navigation.addEventListener('failed', (event) => notices.toast(detailOf(event).message));
  byId('find-open', HTMLElement).addEventListener('click', () => findBar.open());
  byId('error-previous', HTMLElement).addEventListener('click', () => walk(page, ERROR, -1));
  byId('error-next', HTMLElement).addEventListener('click', () => walk(page, ERROR, 1));
  byId('share', HTMLElement).addEventListener('click', share);
  addEventListener('online', () => reader.events.retry());
}

/** The reader wants to follow again, from a place far away: the stream begins anew with the newest lines. */
function toLiveEnd() {
  if (isReturning) return;
  isReturning = true;
  pager.forget();
  reader.begin();
}

/** @param {number} share of the log, to be gone to when the hand rests */
function scrub(share) {
  clearTimeout(scrubTimer);
  scrubTimer = setTimeout(() => navigation.toShare(share), SCRUB_MS);
}

/** @param {Error} refusal about something else than the filter: mostly a source that is not there */
function refused({ message }) {
  const all = { label: 'Show all sources', run: showAllSources };
  notices.banner(message, sources.chosen.size > 0 ? [all] : []);
}

function showAllSources() {
  sources.choose([]);
  reader.wish(reader.filter);
}

/** @param {import('./wire/events.js').Connection} connection */
function connectionChanged({ phase, attempt }) {
  if (phase === 'waiting' && attempt === 1) reception.resume();
  if (phase === 'waiting' && attempt === 2) reader.explainFailure();
  const isAway = phase === 'waiting' || (phase === 'connecting' && attempt > 0);
  const last = reception.lastLineAt;
  list.markStale(isAway && last !== null ? `last received ${second(last)}` : '');
  tick();
}

function tick() {
  const now = Date.now();
  reception.tick();
  rate.update(lines.received, now);
  const current = status({
    connection: reader.events.connection,
    sources: sources.state,
    isFollowing: following.isFollowing,
    isSelecting: following.isSelecting,
    isFiltered: !reader.filter.isEmpty,
    isSkipping: reception.isSkipping,
    newLines: following.newLines,
    perSecond: rate.perSecond,
    lastLineAt: reception.lastLineAt,
    now,
  });
  statusBar.show(current, reception.behind);
  tabSign.show(current, reader.title === '' ? sources.label : reader.title);
  controls.update();
  updateNotices();
  if (look().showsDate !== list.look.showsDate) restyle();
}

function updateCounts() {
  controls.update();
  levelGroup.updateCounts();
  statusBar.showHeld(lines);
}

function updateNotices() {
  if (reader.events.connection.phase === 'open') notices.banner(sources.complaints.join(' '));
  const isReady = !reception.isBeginning && lines.isEmpty && reader.events.connection.phase === 'open';
  byId('first-run', HTMLElement).hidden = !(isReady && sources.all.length === 0);
  if (!isReady || sources.all.length === 0 || sources.state !== 'live') notices.empty('');
  else if (reader.filter.isEmpty) notices.empty(emptyText());
  else notices.empty(`No line matches ${reader.filter.description}.`, [{ label: 'Clear filter', run: clearFilter }]);
}

function emptyText() {
  const { shown } = sources;
  const isEmpty = shown.every(({ size }) => size === 0);
  if (!isEmpty) return 'No lines yet. New lines will appear here.';
  return `${shown.length === 1 ? `${sources.label} is` : `These ${shown.length} sources are`} empty. New lines will appear here.`;
}

function clearFilter() {
  levelGroup.show(new Set(LEVELS));
  filterBar.clear();
}

/** @param {import('./model/filter.js').Filter} wanted */
function showLevels(wanted) {
  levelGroup.show(wanted.levels);
  menu.showLevels(wanted.levels);
}

function restyle() {
  list.restyle(look(), NARROW.matches || settings.get('wraps'));
}

/** @returns {Look} */
function look() {
  return {
    time: settings.get('time'),
    sourceColumns: sourceColumns(),
    colorOf: (source) => sources.colorOf(source),
    showsDate: day(lines.earliest, settings.get('time') === 'utc') < day(Date.now(), settings.get('time') === 'utc'),
    isNarrow: NARROW.matches,
    background: theme.background,
    hits: (text) => search.hits(text),
  };
}

/** A phone has no room for names, and a single source needs none. */
function sourceColumns() {
  const { shown } = sources;
  if (NARROW.matches || shown.length <= 1) return 0;
  return Math.min(Math.max(...shown.map(({ source }) => source.length)), SOURCE_COLUMNS_MAX);
}

function updateAddress() {
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => history.replaceState(null, '', address()), ADDRESS_MS);
}

function address() {
  const url = new URL(location.href);
  url.search = writePageState({
    sources: [...sources.chosen],
    filter: reader.filter,
    find: search.term,
    isFollowing: following.isFollowing || following.isSelecting,
    wraps: settings.isLent('wraps') ? settings.get('wraps') : null,
    others: opened.others,
  });
  return url;
}

function share() {
  shareDialog.open(address());
}

/** After the filter was changed: to the line where the reader was, or the last one before it that is left. */
function goBack() {
  const row = place === null ? -1 : lines.rowOf(place);
  if (place === null || (row < 0 && lines.older === null)) {
    if (!lines.isEmpty) list.jump(lines.end - 1, 0);
  } else if (row < 0) {
    navigation.toLine(place, place.share);
  } else {
    list.jump(row, place.share);
    if (place.isCurrent) list.current = row;
  }
}

/** @param {Event} event */
function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}

/** Reading the property alone may throw where storage is forbidden. */
function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
