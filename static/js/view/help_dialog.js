// @ts-check
// The help: all keys, from the table that says what they do.

import { byId, element } from './element.js';

/** @typedef {import('./key_table.js').KeyGroup} KeyGroup */

/** @param {KeyGroup[]} groups */
export function showHelp(groups) {
  byId('help-keys', HTMLElement).replaceChildren(...groups.map(helpTable));
  const dialog = byId('help-dialog', HTMLDialogElement);
  dialog.showModal();
  dialog.scrollTop = 0;
}

/** @param {KeyGroup} group */
function helpTable([name, shortcuts]) {
  return element('table', {}, element('caption', {}, name), element('tbody', {}, ...shortcuts.map(helpRow)));
}

/** @param {import('./shortcuts.js').Shortcut} shortcut */
function helpRow([keys, does]) {
  const shown = keys.split(' ').map((key) => element('kbd', {}, key));
  return element('tr', {}, element('th', { scope: 'row' }, ...shown), element('td', {}, does));
}
