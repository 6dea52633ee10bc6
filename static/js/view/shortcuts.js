// @ts-check
// Keys. One table says what each does, and the help is made from it.

/**
 * Its keys as the help writes them, apart by blanks, with `Ctrl-` (also for ⌘), `Alt-` or `Shift-` before them; what they
 * do; how, where false leaves the key to the browser; and whether only while the log has the focus, because the
 * browser uses the key too.
 *
 * @typedef {[string, string, (event: KeyboardEvent) => void | false, boolean?]} Shortcut
 */

/** How the help writes keys that the browser calls otherwise. @type {Record<string, string>} */
const NAMES = {
  ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', PageDown: 'PgDn', PageUp: 'PgUp', Escape: 'Esc', ' ': 'Space',
};

/** While one of these is open, keys are its own. */
const PANELS = 'dialog[open], :popover-open';
const FIELDS = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]';

export class Shortcuts {
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
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector(PANELS) !== null) return;
    const name = keyName(event);
    // A digit with Shift writes something else, and that may mean something itself.
    const shortcut = this.#find(name) ?? (event.shiftKey ? this.#find(event.code.replace('Digit', '')) : undefined);
    if (shortcut === undefined || !this.#isMeant(shortcut, name, /** @type {Element} */ (event.target))) return;
    if (shortcut[2](event) !== false) event.preventDefault();
  }

  /** @param {string} name */
  #find(name) {
    return this.#table.find(([keys]) => keys.split(' ').includes(name));
  }

  /**
   * @param {Shortcut} shortcut
   * @param {string} name
   * @param {Element} target
   */
  #isMeant([, , , onlyInLog], name, target) {
    if (onlyInLog && !this.#log.contains(target)) return false;
    const isTyped = !name.startsWith('Ctrl-') && name !== 'Esc';
    // A field of a panel that was closed just now may still have the focus.
    if (isTyped && target.matches(FIELDS) && target.checkVisibility()) return false;
    const isForControl = /Space$|Enter$|[←↑→↓]/.test(name);
    if (isForControl && target.closest('button, a, label, input, [popover], [tabindex]:not(#log, #log *)') !== null) return false;
    return name.length > 1 || /[←↑→↓]/.test(name) || this.#hasSingleKeys();
  }
}

/** A key as the help writes it. @param {KeyboardEvent} event */
function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const hasControl = ctrlKey || metaKey || altKey;
  const isNamed = key.length > 1 || key === ' ';
  const name = NAMES[key] ?? (hasControl && !isNamed ? key.toUpperCase() : key);
  return `${ctrlKey || metaKey ? 'Ctrl-' : ''}${altKey ? 'Alt-' : ''}${shiftKey && isNamed ? 'Shift-' : ''}${name}`;
}
