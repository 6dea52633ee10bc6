// @ts-check
// What can be done with a line.

import { detailOf } from '../page.js';
import { byId } from '../view/element.js';
import { mark, step } from '../view/key_table.js';
import { fetchBytes } from '../wire/api.js';

/** @typedef {import('../page.js').Page} Page */

/**
 * @param {Page} page
 * @param {() => void} toggleContext
 * @returns {import('../view/key_table.js').Detail}
 */
export function connectLines(page, toggleContext) {
  const { lines, list, strip, marks, rowMenu, gestures, actions, fieldActions, filterBar, navigation, pager, reader, log } = page;
  marks.addEventListener('change', () => {
    list.redraw();
    strip.repaint();
  });

  /** @param {EventTarget} menu of a line */
  function offer(menu) {
    menu.addEventListener('copy', () => actions.copy());
    menu.addEventListener('link', () => actions.copyLink());
    menu.addEventListener('json', () => actions.copyJson());
    menu.addEventListener('field', (event) => {
      const line = lines.lineAt(detailOf(event).row);
      fieldActions.run(actions.textOf(line), line.head, detailOf(event));
    });
  }

  /** @type {import('../view/detail_panel.js').DetailPanel | undefined} */
  let panel;

  /** @param {boolean} showsAround */
  async function openDetail(showsAround) {
    const late = await page.fetched(import('../view/detail_panel.js'));
    if (late === null) return;
    if (panel === undefined) {
      panel = new late.DetailPanel({ ...page, fetchBytes, unfiltered: (source, place) => reader.unfiltered(source, place) });
      offer(panel);
      panel.addEventListener('previous', () => step(page, -1));
      panel.addEventListener('next', () => step(page, 1));
      panel.addEventListener('closed', () => log.focus({ preventScroll: true }));
    }
    panel.open(showsAround);
  }

  const detail = {
    get isOpen() {
      return !byId('detail', HTMLElement).hidden;
    },
    open: () => { openDetail(false); },
    showAround: () => { openDetail(true); },
    close: () => panel?.close(),
  };

  offer(rowMenu);
  gestures.addEventListener('again', (event) => actions.toggle(detailOf(event)));
  rowMenu.addEventListener('details', detail.open);
  rowMenu.addEventListener('around', detail.showAround);
  rowMenu.addEventListener('context', toggleContext);
  rowMenu.addEventListener('mark', () => mark(page));
  rowMenu.addEventListener('filter-for', (event) => filterBar.add(detailOf(event)));
  rowMenu.addEventListener('filter-out', (event) => filterBar.add(detailOf(event), true));
  rowMenu.addEventListener('since', () => filterBar.limit(new Date(lines.timeAt(list.current)).toISOString(), ''));
  rowMenu.addEventListener('open', (event) => actions.toggle(detailOf(event)));
  rowMenu.addEventListener('older', (event) => navigation.toEndOfOlder(detailOf(event)));
  rowMenu.addEventListener('load', (event) => pager.fill(detailOf(event)));
  rowMenu.addEventListener('more', (event) => actions.more(detailOf(event)));
  rowMenu.addEventListener('download', (event) => actions.download(detailOf(event)));
  return detail;
}
