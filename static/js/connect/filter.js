// @ts-check
// Which lines are asked for: sources, filter and levels, as the reader chooses them and the server takes them.

import { Filter } from '../model/filter.js';
import { FILTER_LEVELS } from '../model/levels.js';
import { detailOf } from '../page.js';

/** @typedef {import('../page.js').Page} Page */

/** @param {Page} page */
export function connectFilter(page) {
  const { reader, filterBar, levelGroup, menu, sources, picker, findBar, search, notices, condition, timeline, addressBar, opened } = page;

  const wish = () => reader.wish(filterBar.wanted.with({ levels: levelGroup.levels }));

  /** @param {Filter} filter */
  function showLevels({ levels }) {
    levelGroup.show(levels);
    menu.showLevels(levels);
  }

  /** @param {string[]} names none for all */
  function choose(names) {
    addressBar.leave();
    sources.choose(names);
    addressBar.arrive();
    reader.wish(reader.filter);
  }

  filterBar.addEventListener('wanted', wish);
  levelGroup.addEventListener('wanted', wish);
  menu.addEventListener('level', () => {
    levelGroup.show(new Set(menu.levels));
    wish();
  });
  picker.addEventListener('opened', () => reader.refreshSources());
  picker.addEventListener('wanted', (event) => choose(detailOf(event)));
  picker.addEventListener('apart', (event) => {
    const url = page.address;
    url.searchParams.delete('source');
    url.searchParams.append('source', detailOf(event));
    open(url, '_blank', 'noopener');
  });
  findBar.addEventListener('filtered', () => filterBar.add(search.term));
  condition.addEventListener('unfiltered', () => {
    levelGroup.show(new Set(FILTER_LEVELS));
    filterBar.clear();
  });
  timeline.addEventListener('stale', () => reader.countLines());
  reader.addEventListener('taken', () => {
    filterBar.accept();
    showLevels(reader.filter);
  });
  reader.addEventListener('disliked', (event) => filterBar.refuse(detailOf(event)));
  // About something else than the filter: mostly a source that is not there.
  reader.addEventListener('refused', (event) => {
    notices.banner(detailOf(event).message, sources.chosen.size > 0 ? [{ label: 'Show all sources', run: () => choose([]) }] : []);
  });

  filterBar.show(opened.filter);
  showLevels(opened.filter);
}

/**
 * Shows the current line without the filter; and back, when asked again.
 *
 * @param {Page} page
 * @returns {() => void}
 */
export function contextToggle({ reader, following, filterBar }) {
  /** The filter that was dropped. @type {Filter | null} */
  let dropped = null;
  return () => {
    const wanted = dropped ?? new Filter();
    if (dropped === null && reader.filter.isEmpty) return;
    following.pause();
    dropped = dropped === null ? reader.filter : null;
    filterBar.show(wanted);
    reader.wish(wanted);
  };
}
