// @ts-check
// What can be done with a line.

import { detailOf } from '../page.js';

/** @typedef {import('../page.js').Page} Page */

/**
 * @param {Page} page
 * @param {() => void} toggleContext
 */
export function connectLines({ lines, announcer, list, strip, marks, rowMenu, actions, fieldActions, pager }, toggleContext) {
  list.addEventListener('chosen', () => announcer.read(list.current));
  marks.addEventListener('change', () => {
    list.redraw();
    strip.repaint();
  });
  rowMenu.addEventListener('copy', () => actions.copy());
  rowMenu.addEventListener('link', () => actions.copyLink());
  rowMenu.addEventListener('context', toggleContext);
  rowMenu.addEventListener('unfold', () => actions.unfold());
  rowMenu.addEventListener('open', (event) => actions.toggle(detailOf(event)));
  rowMenu.addEventListener('field', (event) => {
    const line = lines.lineAt(detailOf(event).row);
    fieldActions.run(actions.textOf(line), line.head, detailOf(event));
  });
  rowMenu.addEventListener('load', (event) => pager.fill(detailOf(event)));
  rowMenu.addEventListener('more', (event) => actions.more(detailOf(event)));
  rowMenu.addEventListener('download', (event) => actions.download(detailOf(event)));
}
