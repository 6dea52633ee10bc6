// @ts-check
// Copies text, also on plain http where the clipboard API does not exist, and says whether it worked.

import { element } from './element.js';

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/**
 * Copies, and tells the reader.
 *
 * @param {string} text
 * @param {string} what it is, in words
 * @param {import('./notices.js').Notices} notices
 */
export async function copyAndTell(text, what, notices) {
  notices.toast(await copyText(text) ? `${what} copied` : 'This browser does not let the page copy');
}

/** @param {string} text */
function copyFromField(text) {
  const before = document.activeElement;
  const field = element('textarea', { class: 'visually-hidden', 'aria-hidden': 'true' }, text);
  // Outside an open modal dialog nothing can be focused.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
