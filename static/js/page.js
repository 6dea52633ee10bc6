// @ts-check
// All parts of the page: models, the wire and views, each made once and given what it works with. What follows from
// what is said in `connect/`.

import { Activity } from './model/activity.js';
import { Extent } from './model/extent.js';
import { FilterHistory } from './model/filter_history.js';
import { Following } from './model/following.js';
import { Hits } from './model/hits.js';
import { Lines } from './model/lines.js';
import { Marks } from './model/marks.js';
import { readPageState, writePageState } from './model/page_state.js';
import { Pager } from './model/pager.js';
import { Rate } from './model/rate.js';
import { Reception } from './model/reception.js';
import { Search } from './model/search.js';
import { Settings } from './model/settings.js';
import { Sources } from './model/sources.js';
import { Timeline } from './model/timeline.js';
import { Visits } from './model/visits.js';
import { AddressBar } from './view/address_bar.js';
import { Announcer } from './view/announcer.js';
import { ColumnHead } from './view/column_head.js';
import { Condition } from './view/condition.js';
import { byId } from './view/element.js';
import { FieldActions } from './view/field_actions.js';
import { FilterBar } from './view/filter_bar.js';
import { FindBar } from './view/find_bar.js';
import { FollowControls } from './view/follow_controls.js';
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
import { SourcePicker } from './view/source_picker.js';
import { StatusBar } from './view/status_bar.js';
import { storage } from './view/storage.js';
import { TabSign } from './view/tab_sign.js';
import { Theme } from './view/theme.js';
import { TimelineBar } from './view/timeline_bar.js';
import { UnfinishedLine } from './view/unfinished_line.js';
import { fetchLine, fetchNewest, rawAddress, resolveLine } from './wire/api.js';
import { Finding } from './wire/finding.js';
import { HiddenCount } from './wire/hidden_count.js';
import { Reader } from './wire/reader.js';

/** Settings that an address may bring. */
const LENT = /** @type {const} */ (['wraps', 'time', 'columns']);

export class Page {
  /** What the address asked for. */
  opened = readPageState(location.search);
  /** The newest lines, asked for before anything else: they are on the screen before there is a stream. */
  newest = fetchNewest(this.opened);
  narrow = matchMedia('(max-width: 640px)');

  /** The script of the worker that all tabs share. */
  worker = new URL('worker.js', import.meta.url).href;

  settings = new Settings(storage());
  sources = new Sources();
  activity = new Activity();
  lines = new Lines();
  following = new Following(this.lines);
  search = new Search(this.lines);
  hits = new Hits(Date.now);
  reception = new Reception(this.lines, Date.now);
  rate = new Rate();
  marks = new Marks(storage());
  visits = new Visits(storage(), Date.now);
  extent = new Extent();
  timeline = new Timeline();
  pager = new Pager(this.lines, (place, signal) => this.reader.history(place, signal), Date.now);

  reader = new Reader(this);
  finding = new Finding(this);
  hiddenCount = new HiddenCount(this);

  log = byId('log', HTMLElement);
  theme = new Theme(document.documentElement, this.settings);
  list = new LineList(this.log, { lines: this.lines, following: this.following, look: this.look });
  gestures = new LineGestures(this.log, this);
  navigation = new Navigation({
    ...this,
    findLine: (number, source) => this.reader.findLine(number, source),
    measure: () => this.reader.refreshSources(),
  });
  strip = new OverviewStrip(byId('strip', HTMLElement), this);
  controls = new FollowControls(
    { button: byId('follow', HTMLElement), label: byId('follow-label', HTMLElement), pill: byId('pill', HTMLElement) },
    this,
  );
  filterBar = new FilterBar(new FilterHistory(storage()));
  timelineBar = new TimelineBar(this);
  levelGroup = new LevelGroup(byId('levels', HTMLElement), this.lines);
  picker = new SourcePicker(this);
  findBar = new FindBar({ ...this, look: () => this.look });
  statusBar = new StatusBar(this.settings);
  announcer = new Announcer(byId('announcer', HTMLElement), this);
  notices = new Notices();
  menu = new Menu(this.settings, () => this.reader.downloads);
  actions = new LineActions({
    ...this,
    address: () => this.address,
    server: { unfiltered: (source, place) => this.reader.unfiltered(source, place), fetchLine, rawAddress, resolveLine },
  });
  columnHead = new ColumnHead();
  fieldActions = new FieldActions(this);
  rowMenu = new RowMenu(this.log, this);
  unfinishedLine = new UnfinishedLine(byId('unfinished', HTMLElement), { ...this, unfinished: this.reception.unfinished });
  condition = new Condition({ ...this, tabSign: new TabSign(byId('icon', HTMLLinkElement)) });
  addressBar = new AddressBar(() => this.address, () => (this.following.isFollowing ? null : this.list.place));

  /** How lines look at the moment. */
  get look() {
    // Lines are drawn only when all parts of the page are there.
    return lookOf({ ...this, isNarrow: this.narrow.matches, textOf: (line) => this.actions.textOf(line) });
  }

  /**
   * A part of the page that is fetched when it is wanted.
   *
   * @template T
   * @param {Promise<T>} part
   * @returns {Promise<T | null>} null where the server cannot be reached, which is said
   */
  async fetched(part) {
    try {
      return await part;
    } catch {
      this.notices.toast('The server cannot be reached.');
      return null;
    }
  }

  /** How it looks that the reader has set. @returns {import('./model/share.js').Display} */
  get display() {
    return { wraps: this.settings.get('wraps'), time: this.settings.get('time'), columns: this.settings.get('columns') };
  }

  /** What the address asked for holds until the reader decides. */
  borrow() {
    for (const name of LENT) {
      const value = this.opened[name];
      if (value !== null) this.settings.lend(name, /** @type {any} */ (value));
    }
  }

  /** What is shown, as an address says it. @returns {import('./model/page_state.js').PageState} */
  get state() {
    const lent = Object.fromEntries(LENT.map((name) => [name, this.settings.isLent(name) ? this.settings.get(name) : null]));
    return /** @type {any} */ ({
      ...lent,
      sources: [...this.sources.chosen],
      filter: this.reader.filter,
      find: this.search.term,
      isFollowing: this.following.isFollowing || this.following.isSelecting,
      link: this.actions.link,
      others: this.opened.others,
    });
  }

  /** The address of what is shown. */
  get address() {
    const url = new URL(location.href);
    url.search = writePageState(this.state);
    return url;
  }
}

/** @param {Event} event */
export function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
