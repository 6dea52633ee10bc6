// @ts-check
// Connects the models, the wire and the views. The only module that knows them all; it decides nothing about
// how lines are kept, drawn or fetched, only what follows from what.

import { Extent } from './model/extent.js';
import { Filter } from './model/filter.js';
import { Following } from './model/following.js';
import { Hits } from './model/hits.js';
import { ERROR, LEVELS } from './model/levels.js';
import { Lines } from './model/lines.js';
import { readPageState, writePageState } from './model/page_state.js';
import { Pager } from './model/pager.js';
import { Rate } from './model/rate.js';
import { Reception } from './model/reception.js';
import { Search } from './model/search.js';
import { Settings } from './model/settings.js';
import { Sources } from './model/sources.js';
import { Timeline } from './model/timeline.js';
import { counted, second, size } from './model/wording.js';
import { AddressBar } from './view/address_bar.js';
import { Announcer } from './view/announcer.js';
import { Condition } from './view/condition.js';
import { byId } from './view/element.js';
import { FilterBar } from './view/filter_bar.js';
import { FindBar } from './view/find_bar.js';
import { FollowControls } from './view/follow_controls.js';
import { keyTable, walk } from './view/key_table.js';
import { GotoDialog } from './view/goto_dialog.js';
import { LevelGroup } from './view/level_group.js';
import { LineActions } from './view/line_actions.js';
import { LineGestures } from './view/line_gestures.js';
import { LineList } from './view/line_list.js';
import { lookOf } from './view/look.js';
import { Menu } from './view/menu.js';
import { Navigation } from './view/navigation.js';
import { Notices } from './view/notices.js';
import { OverviewStrip } from './view/overview_strip.js';
import { RowMenu } from './view/row_menu.js';
import { ShareDialog } from './view/share_dialog.js';
import { Shortcuts } from './view/shortcuts.js';
import { SourcePicker } from './view/source_picker.js';
import { StatusBar } from './view/status_bar.js';
import { storage } from './view/storage.js';
import { TabSign } from './view/tab_sign.js';
import { Theme } from './view/theme.js';
import { TimelineBar } from './view/timeline_bar.js';
import { UnfinishedLine } from './view/unfinished_line.js';
import { fetchLine, rawAddress, resolveLine } from './wire/api.js';
import { Finding } from './wire/finding.js';
import { Reader } from './wire/reader.js';

const TICK_MS = 1000;
const COUNTS_MS = 200;
const NARROW = matchMedia('(max-width: 640px)');
const opened = readPageState(location.search);
const settings = new Settings(storage());
const theme = new Theme(document.documentElement, settings);
const sources = new Sources();
const lines = new Lines();
const following = new Following(lines);
const search = new Search(lines);
const hits = new Hits(Date.now);
const reception = new Reception(lines, Date.now);
const rate = new Rate();
const extent = new Extent();
const timeline = new Timeline();
const pager = new Pager(lines, (place, signal) => reader.history(place, signal), Date.now);

/** Where a paused reader was when another filter was asked for. @type {typeof list.place} */
let place = null;
/** A link to a line that is still to be opened. */
let { link } = opened;
/** The filter that was dropped to show a line in context. @type {Filter | null} */
let dropped = null;
/** What lines look like, as one text. */
let lookKey = '';
/** The stream was begun anew to get back to the live end. */
let isReturning = false;

const log = byId('log', HTMLElement);
const list = new LineList(log, { lines, following, look: look() });
new LineGestures(log, { list, lines, following });
const navigation = new Navigation({ lines, list, following, pager, extent });
const strip = new OverviewStrip(byId('strip', HTMLElement), { lines, list, extent, hits });
const controls = new FollowControls(
  { button: byId('follow', HTMLElement), label: byId('follow-label', HTMLElement), pill: byId('pill', HTMLElement) },
  { following, lines },
);
const gotoDialog = new GotoDialog((destination) => navigation.toDestination(destination));
const filterBar = new FilterBar();
const timelineBar = new TimelineBar({ timeline, list, lines, settings, navigation, filterBar });
const levelGroup = new LevelGroup(byId('levels', HTMLElement), lines);
const picker = new SourcePicker(sources);
const findBar = new FindBar({ search, hits, lines, sources, list, navigation, look });
const statusBar = new StatusBar(settings);
const announcer = new Announcer(byId('announcer', HTMLElement), { lines, following });
const notices = new Notices();
const menu = new Menu(settings, () => reader.downloads);
const shareDialog = new ShareDialog();
const actions = new LineActions({
  lines,
  list,
  navigation,
  notices,
  address,
  server: { unfiltered: (source, place) => reader.unfiltered(source, place), fetchLine, rawAddress, resolveLine },
});
const rowMenu = new RowMenu(log, { list, lines });
new UnfinishedLine(byId('unfinished', HTMLElement), { unfinished: reception.unfinished, following });
const condition = new Condition({
  lines,
  following,
  reception,
  rate,
  sources,
  reading: () => ({ connection: reader.events.connection, filter: reader.filter, title: reader.title }),
  notices,
  statusBar,
  tabSign: new TabSign(byId('icon', HTMLLinkElement)),
  clearFilter,
});
const addressBar = new AddressBar(address, () => (following.isFollowing ? null : list.place));
const page = {
  lines, following, settings, list, filterBar, findBar, levelGroup, picker, notices, navigation, actions,
  toggleContext, toggleLive, goTo: () => gotoDialog.open(), help: () => shortcuts.help(),
};
const shortcuts = new Shortcuts(keyTable(page), log, () => settings.get('hasSingleKeys'));
const reader = new Reader({ sources, reception, timeline }, {
  log: (event, id) => {
    reception.log(event, id);
    if (!reception.isBeginning) timeline.add(event.lines);
    if (!extent.grow(event.source, event.segment, event.end)) reader.refreshSourcesSoon();
  },
  gap: (event) => reception.gap(event),
  rotated: (event) => reception.rotated(event),
  truncated: (event) => reception.truncated(event),
  partial: (event) => reception.unfinished.tell(event),
  ping: (event, id) => reception.ping(event, id),
  source: (event) => sources.update(event),
  connection: connectionChanged,
});
const finding = new Finding({ reader, search, hits });

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
  if (!opened.isFollowing || link !== null) following.pause();
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
    if (following.isFollowing) condition.note('');
    if (following.isFollowing && !lines.isAttached) toLiveEnd();
    tick();
    addressBar.update();
  });
  search.addEventListener('change', () => {
    restyle();
    addressBar.update();
  });
  sources.addEventListener('change', () => {
    extent.measure(sources.shown);
    navigation.measured();
    strip.update();
    restyle();
    condition.update();
  });
  settings.addEventListener('change', () => {
    restyle();
    addressBar.update();
  });
  theme.addEventListener('change', () => {
    restyle();
    strip.repaint();
    timelineBar.repaint();
  });
  NARROW.addEventListener('change', restyle);
  reception.addEventListener('began', () => {
    isReturning = false;
    restyle();
    following.startCounting();
    rate.restart();
    if (link !== null) openLink();
    else if (!following.isFollowing) navigation.restore(place);
    condition.update();
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
    restyle();
    addressBar.update();
  });
  hits.addEventListener('change', () => strip.update());
  reader.addEventListener('leaving', () => {
    findBar.again();
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
  menu.addEventListener('goto', () => gotoDialog.open());
  navigation.addEventListener('approximate', () => notices.toast('The log is not in the order of its times: this is near that moment.'));
  findBar.addEventListener('wanted', () => finding.begin());
  findBar.addEventListener('continued', () => finding.begin(hits.resume));
  findBar.addEventListener('stopped', () => finding.stop());
  findBar.addEventListener('filtered', () => filterBar.add(search.term));
  findBar.addEventListener('left', () => log.focus({ preventScroll: true }));
  findBar.addEventListener('closed', () => {
    finding.clear();
    log.focus({ preventScroll: true });
  });
  statusBar.addEventListener('retry', () => reader.events.retry());
  list.addEventListener('chosen', () => addressBar.update());
  rowMenu.addEventListener('copy', () => actions.copy());
  rowMenu.addEventListener('link', () => actions.copyLink());
  rowMenu.addEventListener('context', toggleContext);
  rowMenu.addEventListener('unfold', () => actions.unfold());
  rowMenu.addEventListener('load', (event) => pager.fill(detailOf(event)));
  rowMenu.addEventListener('more', (event) => actions.more(detailOf(event)));
  rowMenu.addEventListener('download', (event) => actions.download(detailOf(event)));
  navigation.addEventListener('leaving', () => addressBar.leave());
  navigation.addEventListener('arrived', () => addressBar.arrive());
  addressBar.addEventListener('back', (event) => goTo(detailOf(event)));
  list.addEventListener('painted', () => {
    if (!reception.isBeginning && !isReturning) pager.look(list.topRow, list.bottomRow);
  });
  strip.addEventListener('wanted', (event) => navigation.scrub(detailOf(event)));
  strip.addEventListener('settled', () => navigation.scrubbed());
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

/** @param {Error} refusal about something else than the filter: mostly a source that is not there */
function refused({ message }) {
  const run = () => { sources.choose([]); reader.wish(reader.filter); };
  notices.banner(message, sources.chosen.size > 0 ? [{ label: 'Show all sources', run }] : []);
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
  condition.tick();
  // A page that could not be had is asked for again.
  list.invalidate();
  controls.update();
  if (look().showsDate !== list.look.showsDate) restyle();
}

function updateCounts() {
  controls.update();
  levelGroup.updateCounts();
  const { total } = extent;
  const share = extent.shareOfRow(lines, list.topRow);
  statusBar.showHeld(lines, share === null ? '' : `@ ${size(Math.round(share * total))} of ${size(total)}`);
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

/** Draws all lines again, which a selection in them does not survive: only when they will look different. */
function restyle() {
  const next = look();
  const wraps = NARROW.matches || settings.get('wraps');
  const key = JSON.stringify([next, wraps, search.term, reader.filter.context, sources.all.map(({ source }) => source)]);
  if (key === lookKey) return;
  lookKey = key;
  log.classList.toggle('shows-context', reader.filter.context > 0);
  list.restyle(next, wraps);
}

function look() {
  // Lines are drawn only when all parts of the page are there.
  return lookOf({ settings, sources, lines, search, theme, isNarrow: NARROW.matches, textOf: (line) => actions.textOf(line) });
}

function address() {
  const url = new URL(location.href);
  url.search = writePageState({
    sources: [...sources.chosen],
    filter: reader.filter,
    find: search.term,
    isFollowing: following.isFollowing || following.isSelecting,
    link: actions.link,
    wraps: settings.isLent('wraps') ? settings.get('wraps') : null,
    others: opened.others,
  });
  return url;
}

function share() {
  shareDialog.open(address());
}

function toggleLive() {
  timeline.isLive = !timeline.isLive;
  reader.countLines();
}

async function openLink() {
  const asked = link;
  link = null;
  if (asked === null) return;
  const text = await actions.open(asked);
  if (text === '') announcer.say('Showing the line of the link, paused.');
  condition.note(text, [{ label: 'Go to the live end', run: () => following.follow() }]);
  log.focus({ preventScroll: true });
}

/** Without the filter, at the same line; and back. */
function toggleContext() {
  const wanted = dropped ?? new Filter();
  if (dropped === null && reader.filter.isEmpty) return;
  following.pause();
  dropped = dropped === null ? reader.filter : null;
  filterBar.show(wanted);
  reader.wish(wanted);
}

/** @param {typeof list.place} to where the reader was before; null for the live end */
async function goTo(to) {
  const state = readPageState(location.search);
  sources.choose(state.sources);
  filterBar.show(state.filter);
  place = to;
  if (to === null) following.follow();
  else await navigation.toLine(to, to.share);
  addressBar.arrive();
}

/** @param {Event} event */
function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
