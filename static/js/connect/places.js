// @ts-check
// Where in the log the reader is: leaps and the way back, the address that says it, links to a line.

import { readPageState, subscriptionParameters } from '../model/page_state.js';
import { detailOf } from '../page.js';

/** @typedef {import('../page.js').Page} Page */

/** @param {Page} page */
export function connectPlaces(page) {
  const { reader, reception, following, list, pager, navigation, addressBar, strip, sources, search, settings } = page;
  const { filterBar, condition, notices, actions, announcer, log, opened } = page;
  /** Where a paused reader is to be when other lines have come; undefined while there are none. @type {typeof list.place | undefined} */
  let place;
  /** Where the reader goes back to, when other lines have to come first. @type {typeof list.place | undefined} */
  let returning;
  /** A link to a line that is still to be opened. */
  let { link } = opened;

  const update = () => addressBar.update();
  following.addEventListener('change', update);
  search.addEventListener('change', update);
  settings.addEventListener('change', update);
  reader.addEventListener('taken', update);
  list.addEventListener('chosen', update);

  sources.addEventListener('change', () => navigation.measured());
  reader.addEventListener('leaving', () => {
    place = returning;
    returning = undefined;
    pager.forget();
  });
  reception.addEventListener('replacing', () => {
    if (place === undefined) place = list.place;
  });
  reception.addEventListener('began', () => {
    if (link !== null) openLink(link);
    else if (place !== undefined && !following.isFollowing) navigation.restore(place);
    place = undefined;
  });
  navigation.addEventListener('leaving', () => addressBar.leave());
  navigation.addEventListener('arrived', () => addressBar.arrive());
  navigation.addEventListener('failed', (event) => notices.toast(detailOf(event).message));
  navigation.addEventListener('approximate', () => {
    notices.toast('The log is not in the order of its times: this is near that moment.');
  });
  addressBar.addEventListener('back', (event) => goBack(detailOf(event)));
  strip.addEventListener('wanted', (event) => navigation.scrub(detailOf(event)));
  strip.addEventListener('settled', () => navigation.scrubbed());

  sources.choose(opened.sources);
  if (!opened.isFollowing || link !== null) following.pause();

  /** @param {NonNullable<typeof link>} asked */
  async function openLink(asked) {
    link = null;
    const text = await actions.open(asked);
    if (text === '') announcer.say('Showing the line of the link, paused.');
    condition.note(text, [{ label: 'Go to the live end', run: () => following.follow() }]);
    log.focus({ preventScroll: true });
  }

  /** @param {typeof list.place} to where the reader was before; null for the live end */
  async function goBack(to) {
    const state = readPageState(location.search);
    const before = JSON.stringify(reader.parameters);
    sources.choose(state.sources);
    filterBar.show(state.filter);
    const isSame = before === JSON.stringify(subscriptionParameters(state.sources, state.filter));
    if (to === null) following.follow();
    else following.pause();
    if (!isSame) {
      returning = to;
      await reader.wish(state.filter);
    } else if (to !== null) {
      await navigation.toLine(to, to.share);
    }
    addressBar.arrive();
  }
}
