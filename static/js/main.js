// @ts-check
// Connects the models, the wire and the views. The only module that knows them all; it decides nothing about
// how lines are kept, drawn or fetched, only what follows from what.

import { Filter } from './model/filter.js';
import { Following } from './model/following.js';
import { ERROR, LEVELS } from './model/levels.js';
import { Lines } from './model/lines.js';
import { readPageState, subscriptionParameters, writePageState } from './model/page_state.js';
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
import { Notices } from './view/notices.js';
import { OverviewStrip } from './view/overview_strip.js';
import { ShareDialog } from './view/share_dialog.js';
import { Shortcuts } from './view/shortcuts.js';
import { SourcePicker } from './view/source_picker.js';
import { StatusBar } from './view/status_bar.js';
import { TabSign } from './view/tab_sign.js';
import { Theme } from './view/theme.js';
import { checkFilter, fetchSources, Refusal } from './wire/api.js';
import { Events } from './wire/events.js';

/** @typedef {import('./view/line_row.js').Look} Look */

const TICK_MS = 1000;
const COUNTS_MS = 200;
const ADDRESS_MS = 300;
const SOURCE_COLUMNS_MAX = 24;
const NARROW = matchMedia('(max-width: 640px)');
/** Refusals that are about what the reader typed. */
const FILTER_CODES = new Set(['bad_regex', 'regex_too_big', 'filter_too_long', 'bad_query']);

const opened = readPageState(location.search);
const settings = new Settings(storage());
const theme = new Theme(document.documentElement, settings);
const sources = new Sources();
const lines = new Lines();
const following = new Following(lines);
const search = new Search(lines);
const reception = new Reception(lines, Date.now);
const rate = new Rate();

let filter = new Filter();
/** The parameters the stream was opened with, as one text. */
let subscribed = '';
let title = '';
/** Where a paused reader was when another filter was asked for. @type {typeof list.place} */
let place = null;
/** The wish being checked by the server. */
let check = new AbortController();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;

const log = byId('log', HTMLElement);
const list = new LineList(log, { lines, following, look: look() });
new LineGestures(log, { list, lines, following });
const strip = new OverviewStrip(byId('strip', HTMLElement), { lines, list });
const controls = new FollowControls(
  { button: byId('follow', HTMLElement), label: byId('follow-label', HTMLElement), pill: byId('pill', HTMLElement) },
  following,
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
  lines, following, settings, list, filterBar, findBar, levelGroup, picker, notices, share, help: () => shortcuts.help(),
};
const shortcuts = new Shortcuts(keyTable(page), log, () => settings.get('hasSingleKeys'));
const events = new Events({
  log: (event) => reception.log(event),
  gap: (event) => reception.gap(event),
  rotated: (event) => reception.rotated(event),
  truncated: (event) => reception.truncated(event),
  ping: (event) => reception.ping(event),
  source: (event) => sources.update(event),
  connection: connectionChanged,
});

start();

function start() {
  connectModels();
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
  refreshSources();
  wish(opened.filter);
}

function connectModels() {
  following.addEventListener('change', () => {
    tick();
    updateAddress();
  });
  search.addEventListener('change', () => {
    restyle();
    updateAddress();
  });
  sources.addEventListener('change', () => {
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
    const { detail } = /** @type {CustomEvent<number>} */ (event);
    notices.toast(`Caught up: ${counted(detail, 'line')} while away`);
  });
}

function connectViews() {
  filterBar.addEventListener('wanted', () => wish(filterBar.wanted.with({ levels: levelGroup.levels })));
  levelGroup.addEventListener('wanted', () => wish(filterBar.wanted.with({ levels: levelGroup.levels })));
  menu.addEventListener('level', () => {
    levelGroup.show(new Set(menu.levels));
    wish(filterBar.wanted.with({ levels: levelGroup.levels }));
  });
  menu.addEventListener('help', () => shortcuts.help());
  picker.addEventListener('opened', refreshSources);
  picker.addEventListener('wanted', () => wish(filter));
  findBar.addEventListener('closed', () => log.focus({ preventScroll: true }));
  statusBar.addEventListener('retry', () => events.retry());
  byId('find-open', HTMLElement).addEventListener('click', () => findBar.open());
  byId('error-previous', HTMLElement).addEventListener('click', () => walk(page, ERROR, -1));
  byId('error-next', HTMLElement).addEventListener('click', () => walk(page, ERROR, 1));
  byId('share', HTMLElement).addEventListener('click', share);
  addEventListener('online', () => events.retry());
}

/**
 * The reader wants this filter, and the sources that are chosen. The one in force stays until the server has
 * taken the new one.
 *
 * @param {Filter} wanted
 */
async function wish(wanted) {
  check.abort();
  check = new AbortController();
  const { signal } = check;
  const parameters = subscriptionParameters([...sources.chosen], wanted);
  try {
    if (parameters.length > 0) await checkFilter(parameters, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Refusal && FILTER_CODES.has(error.error.code)) {
      filterBar.refuse(error.error);
      if (events.connection.phase === 'idle') subscribe(new Filter({ levels: wanted.levels }));
      return;
    }
    if (error instanceof Refusal) refused(error);
  }
  filterBar.accept();
  subscribe(wanted);
}

/** @param {Filter} wanted */
function subscribe(wanted) {
  filter = wanted;
  showLevels(filter);
  updateAddress();
  const parameters = subscriptionParameters([...sources.chosen], filter);
  if (events.connection.phase !== 'idle' && JSON.stringify(parameters) === subscribed) return;
  subscribed = JSON.stringify(parameters);
  place = list.place;
  reception.begin();
  events.subscribe(parameters);
}

/** @param {Refusal} refusal about something else than the filter: mostly a source that is not there */
function refused({ message }) {
  const all = { label: 'Show all sources', run: showAllSources };
  notices.banner(message, sources.chosen.size > 0 ? [all] : []);
}

function showAllSources() {
  sources.choose([]);
  wish(filter);
}

async function refreshSources() {
  try {
    const answer = await fetchSources();
    title = answer.title;
    sources.replace(answer.sources);
  } catch {
    // The stream says what state the connection is in.
  }
}

/** @param {import('./wire/events.js').Connection} connection */
function connectionChanged({ phase, attempt }) {
  if (phase === 'waiting' && attempt === 1) reception.resume();
  if (phase === 'waiting' && attempt === 2) explainFailure();
  const isAway = phase === 'waiting' || (phase === 'connecting' && attempt > 0);
  const last = reception.lastLineAt;
  list.markStale(isAway && last !== null ? `last received ${second(last)}` : '');
  tick();
}

/** An event stream cannot say why it was refused, a request can. */
async function explainFailure() {
  try {
    await checkFilter(subscriptionParameters([...sources.chosen], filter));
  } catch (error) {
    if (error instanceof Refusal) refused(error);
  }
}

function tick() {
  const now = Date.now();
  reception.tick();
  rate.update(lines.received, now);
  const current = status({
    connection: events.connection,
    sources: sources.state,
    isFollowing: following.isFollowing,
    isSelecting: following.isSelecting,
    isFiltered: !filter.isEmpty,
    isSkipping: reception.isSkipping,
    newLines: following.newLines,
    perSecond: rate.perSecond,
    lastLineAt: reception.lastLineAt,
    now,
  });
  statusBar.show(current, reception.behind);
  tabSign.show(current, title === '' ? sources.label : title);
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
  if (events.connection.phase === 'open') notices.banner(sources.complaints.join(' '));
  const isReady = !reception.isBeginning && lines.isEmpty && events.connection.phase === 'open';
  byId('first-run', HTMLElement).hidden = !(isReady && sources.all.length === 0);
  if (!isReady || sources.all.length === 0 || sources.state !== 'live') notices.empty('');
  else if (filter.isEmpty) notices.empty(emptyText());
  else notices.empty(`No line matches ${filter.description}.`, [{ label: 'Clear filter', run: clearFilter }]);
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

/** @param {Filter} wanted */
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
    filter,
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
  if (lines.isEmpty) return;
  const row = place === null ? -1 : lines.rowOf(place);
  list.jump(row < 0 ? lines.end - 1 : row, row < 0 ? 0 : place?.share ?? 0);
  if (row >= 0 && place?.isCurrent) list.current = row;
}

/** Reading the property alone may throw where storage is forbidden. */
function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
