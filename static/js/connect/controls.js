// @ts-check
// Keys, buttons, dialogs and hints.

import { ERROR } from '../model/levels.js';
import { byId } from '../view/element.js';
import { clearScreen, keyTable, walk } from '../view/key_table.js';
import { fetchSharing } from '../wire/api.js';
import { Shortcuts } from '../view/shortcuts.js';

/** @typedef {import('../page.js').Page} Page */

/**
 * @param {Page} page
 * @param {() => void} toggleContext
 */
export function connectControls(page, toggleContext) {
  const { settings, menu, gotoDialog, actions, findBar, notices, timeline, reader, narrow, log } = page;
  const toggleLive = () => {
    timeline.isLive = !timeline.isLive;
    reader.countLines();
  };
  /** @type {import('../view/share_dialog.js').ShareDialog | undefined} */
  let shareDialog;
  const share = async () => {
    const late = await import('../view/share_dialog.js').catch(() => null);
    if (late === null) {
      notices.toast('The server cannot be reached.');
      return;
    }
    shareDialog ??= new late.ShareDialog();
    shareDialog.open({
      url: new URL(location.href),
      state: page.state,
      display: page.display,
      line: actions.words,
      text: () => actions.text(),
      sharing: fetchSharing(),
    });
  };
  const keyed = { ...page, toggleContext, toggleLive, goTo: () => gotoDialog.open(), help: () => shortcuts.help() };
  const shortcuts = new Shortcuts(keyTable(keyed), log, () => settings.get('hasSingleKeys'));

  menu.addEventListener('help', () => shortcuts.help());
  menu.addEventListener('goto', () => gotoDialog.open());
  menu.addEventListener('clear', () => clearScreen(keyed));
  byId('find-open', HTMLElement).addEventListener('click', () => findBar.open());
  byId('error-previous', HTMLElement).addEventListener('click', () => walk(keyed, ERROR, -1));
  byId('error-next', HTMLElement).addEventListener('click', () => walk(keyed, ERROR, 1));
  byId('share', HTMLElement).addEventListener('click', share);
  notices.hints(!settings.get('hasSeenHints') && !narrow.matches, () => settings.set('hasSeenHints', true));
}
