// @ts-check
// How lines look follows what the reader has set and what there is to show.

import { detailOf } from '../page.js';

/** @typedef {import('../page.js').Page} Page */

const TICK_MS = 1000;

/** @param {Page} page */
export function connectLook(page) {
  const { settings, theme, search, sources, reception, reader, narrow, strip, timelineBar, list, columnHead, fieldActions, log } = page;
  let shown = '';

  /** Draws all lines again, which a selection in them does not survive: only when they will look different. */
  function restyle() {
    const { look } = page;
    const wraps = narrow.matches || settings.get('wraps');
    const key = JSON.stringify([look, wraps, search.term, reader.filter.context, sources.shown.map(({ source }) => source)]);
    if (key === shown) return;
    shown = key;
    log.classList.toggle('shows-context', reader.filter.context > 0);
    columnHead.show(look);
    list.restyle(look, wraps);
  }

  settings.addEventListener('change', restyle);
  search.addEventListener('change', restyle);
  list.addEventListener('chosen', restyle);
  columnHead.addEventListener('removed', (event) => fieldActions.toggleColumn(detailOf(event)));
  sources.addEventListener('change', restyle);
  reception.addEventListener('began', restyle);
  reader.addEventListener('taken', restyle);
  narrow.addEventListener('change', restyle);
  theme.addEventListener('change', () => {
    restyle();
    strip.repaint();
    timelineBar.repaint();
  });
  // At midnight the lines of the day before need their date.
  setInterval(restyle, TICK_MS);
  restyle();
}
