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
 * @param {import('../view/key_table.js').Detail} detail
 */
export function connectControls(page, toggleContext, detail) {
  const { settings, menu, actions, findBar, navigation, notices, timeline, reader, narrow, log } = page;
  const toggleLive = () => {
    timeline.isLive = !timeline.isLive;
    reader.countLines();
  };
  /** @type {import('../view/share_dialog.js').ShareDialog | undefined} */
  let shareDialog;
  const share = async () => {
    const late = await page.fetched(import('../view/share_dialog.js'));
    if (late === null) return;
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
  /** @type {import('../view/goto_dialog.js').GotoDialog | undefined} */
  let gotoDialog;
  const goTo = async () => {
    const late = await page.fetched(import('../view/goto_dialog.js'));
    if (late === null) return;
    gotoDialog ??= new late.GotoDialog((destination) => navigation.toDestination(destination));
    gotoDialog.open();
  };
  const help = async () => (await page.fetched(import('../view/help_dialog.js')))?.showHelp(keys);
  const keyed = { ...page, toggleContext, toggleLive, detail, goTo, help };
  const keys = keyTable(keyed);
  new Shortcuts(keys, log, () => settings.get('hasSingleKeys'));

  menu.addEventListener('help', help);
  menu.addEventListener('goto', goTo);
  menu.addEventListener('clear', () => clearScreen(keyed));
  byId('find-open', HTMLElement).addEventListener('click', () => findBar.open());
  byId('error-previous', HTMLElement).addEventListener('click', () => walk(keyed, ERROR, -1));
  byId('error-next', HTMLElement).addEventListener('click', () => walk(keyed, ERROR, 1));
  byId('share', HTMLElement).addEventListener('click', share);
  notices.hints(!settings.get('hasSeenHints') && !narrow.matches, () => settings.set('hasSeenHints', true));
}
