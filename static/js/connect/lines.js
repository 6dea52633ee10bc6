// @ts-check
// What can be done with a line.

import { detailOf } from '../page.js';
import { step } from '../view/key_table.js';

/** @typedef {import('../page.js').Page} Page */

/**
 * @param {Page} page
 * @param {() => void} toggleContext
 */
export function connectLines(page, toggleContext) {
  const { lines, list, strip, marks, rowMenu, detail, gestures, actions, fieldActions, filterBar, pager, announcer, log } = page;
  list.addEventListener('chosen', () => announcer.read(list.current));
  marks.addEventListener('change', () => {
    list.redraw();
    strip.repaint();
  });
  for (const menu of [rowMenu, detail]) {
    menu.addEventListener('copy', () => actions.copy());
    menu.addEventListener('link', () => actions.copyLink());
    menu.addEventListener('json', () => actions.copyJson());
    menu.addEventListener('field', (event) => {
      const line = lines.lineAt(detailOf(event).row);
      fieldActions.run(actions.textOf(line), line.head, detailOf(event));
    });
  }
  detail.addEventListener('previous', () => step(page, -1));
  detail.addEventListener('next', () => step(page, 1));
  detail.addEventListener('closed', () => log.focus({ preventScroll: true }));
  gestures.addEventListener('again', (event) => actions.toggle(detailOf(event)));
  rowMenu.addEventListener('details', () => detail.open());
  rowMenu.addEventListener('context', toggleContext);
  rowMenu.addEventListener('filter-for', (event) => filterBar.add(detailOf(event)));
  rowMenu.addEventListener('filter-out', (event) => filterBar.add(detailOf(event), true));
  rowMenu.addEventListener('since', () => filterBar.limit(new Date(lines.timeAt(list.current)).toISOString(), ''));
  rowMenu.addEventListener('open', (event) => actions.toggle(detailOf(event)));
  rowMenu.addEventListener('load', (event) => pager.fill(detailOf(event)));
  rowMenu.addEventListener('more', (event) => actions.more(detailOf(event)));
  rowMenu.addEventListener('download', (event) => actions.download(detailOf(event)));
}
