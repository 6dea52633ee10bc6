// @ts-check
// Keys. One table says what each does, and the help is made from it.

import { byId, element } from './element.js';

/**
 * @typedef {object} Shortcut
 * @property {string[]} keys as `KeyboardEvent.key`, with `Ctrl+` (also for ⌘), `Alt+` or `Shift+` before it
 * @property {string} shown how the help writes them, keys apart by blanks
 * @property {string} does
 * @property {(event: KeyboardEvent) => void | false} run false leaves the key to the browser
 * @property {boolean} [onlyInLog] while the log has the focus, because the browser uses the key too
 */

/** While one of these is open, keys are its own. */
const PANELS = 'dialog[open], :popover-open';
const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]';

export class Shortcuts {
  #dialog = byId('help-dialog', HTMLDialogElement);
  /** @type {Shortcut[]} */
  #table;
  #log;
  #hasSingleKeys;

  /**
   * @param {import('./key_table.js').KeyGroup[]} groups
   * @param {HTMLElement} log
   * @param {() => boolean} hasSingleKeys whether the reader wants keys of one character
   */
  constructor(groups, log, hasSingleKeys) {
    this.#table = groups.flatMap(([, shortcuts]) => shortcuts);
    this.#log = log;
    this.#hasSingleKeys = hasSingleKeys;
    document.addEventListener('keydown', (event) => this.#pressed(event));
    byId('help-keys', HTMLElement).replaceChildren(...groups.map(helpTable));
  }

  help() {
    this.#dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector(PANELS) !== null) return;
    const [name, shortcut] = this.#find(event);
    if (shortcut === undefined || !this.#isMeant(shortcut, name, /** @type {Element} */ (event.target))) return;
    if (shortcut.run(event) !== false) event.preventDefault();
  }

  /**
   * By what the key writes; and where that means nothing, a digit with Shift by its place on the keyboard.
   *
   * @param {KeyboardEvent} event
   * @returns {[string, Shortcut | undefined]}
   */
  #find(event) {
    const names = [keyName(event), event.shiftKey ? event.code.replace('Digit', 'Shift+') : ''];
    const name = names.find((one) => this.#table.some(({ keys }) => keys.includes(one))) ?? '';
    return [name, this.#table.find(({ keys }) => keys.includes(name))];
  }

  /**
   * @param {Shortcut} shortcut
   * @param {string} name
   * @param {Element} target
   */
  #isMeant({ onlyInLog }, name, target) {
    if (onlyInLog && !this.#log.contains(target)) return false;
    const isTyped = !name.startsWith('Ctrl+') && name !== 'Escape';
    if (isTyped && target.matches(FIELDS)) return false;
    const isForControl = /^(Shift\+)?( |Enter|Arrow.*)$/.test(name);
    if (isForControl && target.closest('button, a, label, input, [popover]') !== null) return false;
    return !/^(Shift\+)?[^ ]$/.test(name) || this.#hasSingleKeys();
  }
}

/** @param {KeyboardEvent} event */
function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const isNamed = key.length > 1 || key === ' ';
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey && isNamed ? 'Shift+' : ''}${key}`;
}

/** @param {import('./key_table.js').KeyGroup} group */
function helpTable([name, shortcuts]) {
  const rows = shortcuts.filter(({ shown }) => shown !== '').map(helpRow);
  return element('table', {}, element('caption', {}, name), element('tbody', {}, ...rows));
}

/** @param {Shortcut} shortcut */
function helpRow({ shown, does }) {
  const keys = shown.split(' ').map((key) => element('kbd', {}, key));
  return element('tr', {}, element('th', { scope: 'row' }, ...keys), element('td', {}, does));
}
