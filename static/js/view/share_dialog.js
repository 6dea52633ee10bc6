// @ts-check
// The link to what is on the screen, for somebody else: what of it is shared, how it is copied, and who can open it.

import { writePageState } from '../model/page_state.js';
import { asMarkdown, LINK_MAX, shared } from '../model/share.js';
import { copyText } from './clipboard.js';
import { byId, element, setText } from './element.js';

/**
 * @typedef {object} Shown what is on the screen
 * @property {URL} url of the page
 * @property {import('../model/page_state.js').PageState} state
 * @property {import('../model/share.js').Display} display
 * @property {string} line which line is meant, in words; '' for none
 * @property {() => Promise<string>} text of the lines that are chosen
 * @property {Promise<import('../wire/payloads.js').Sharing | null>} sharing who else can come here
 */

const THIS_COMPUTER = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/;

const ACCESS = Object.freeze({
  owner: 'Only you can open it: the server lets in nobody else.',
  token: 'Who opens it needs the token of this server, too.',
  open: 'Anyone who can reach this server can open it.',
});

export class ShareDialog {
  #dialog = byId('share-dialog', HTMLDialogElement);
  #form = byId('share-form', HTMLFormElement);
  #link = byId('share-link', HTMLInputElement);
  #text = byId('share-text', HTMLTextAreaElement);
  #result = byId('share-result', HTMLElement);
  #note = byId('share-note', HTMLElement);
  #others = byId('share-others', HTMLElement);
  #code = byId('share-code', HTMLCanvasElement);
  /** @type {Shown | null} */
  #shown = null;
  /** Where others find the server. */
  #base = '';

  constructor() {
    this.#form.addEventListener('change', () => this.#show());
    this.#on('share-copy', () => this.#copy(this.#link, this.#link.value));
    this.#on('share-copy-text', async () => {
      const text = await this.#shown?.text().catch((error) => error.message);
      this.#text.value = asMarkdown(text, this.#link.value);
      this.#copy(this.#text, this.#text.value);
    });
    this.#on('share-qr', () => {
      this.#code.hidden = !this.#code.hidden;
      this.#draw();
    });
  }

  /** @param {Shown} shown */
  open(shown) {
    this.#shown = shown;
    this.#base = `${shown.url.origin}${shown.url.pathname}`;
    const hasLine = shown.line !== '';
    this.#option('line').checked = hasLine;
    this.#option('filter').checked = true;
    this.#option('display').checked = false;
    this.#option('following').checked = !hasLine && shown.state.isFollowing;
    byId('share-line', HTMLElement).hidden = !hasLine;
    byId('share-copy-text', HTMLElement).hidden = !hasLine;
    setText(byId('share-line-name', HTMLElement), shown.line);
    this.#code.hidden = true;
    this.#others.replaceChildren();
    this.#show();
    setText(this.#note, THIS_COMPUTER.test(shown.url.hostname) ? 'This link only works on this computer.' : ACCESS.open);
    this.#dialog.showModal();
    this.#link.select();
    shown.sharing.then((sharing) => {
      if (sharing !== null && shown === this.#shown) this.#tellSharing(sharing, shown.url);
    });
  }

  /**
   * @param {import('../wire/payloads.js').Sharing} sharing
   * @param {URL} url
   */
  #tellSharing({ links, access, loopback }, url) {
    const who = ACCESS[access];
    if (!THIS_COMPUTER.test(url.hostname)) {
      setText(this.#note, who);
      return;
    }
    const others = links.filter((link) => !THIS_COMPUTER.test(new URL(link).hostname));
    if (others.length === 0) {
      setText(this.#note, `This link only works on this computer${loopback ? ': the server listens for no other. Start it with --share for teammates' : ''}.`);
      return;
    }
    setText(this.#note, `This link only works on this computer — use one of these instead. ${who}`);
    this.#others.replaceChildren(...others.map((link) => {
      const button = element('button', { class: 'quiet' }, link);
      button.addEventListener('click', () => {
        this.#base = link;
        setText(this.#note, who);
        this.#show();
        this.#link.select();
      });
      return button;
    }));
  }

  #show() {
    if (this.#shown === null) return;
    const { state, display } = this.#shown;
    const choice = {
      hasLine: this.#option('line').checked,
      hasFilter: this.#option('filter').checked,
      hasDisplay: this.#option('display').checked,
      isFollowing: this.#option('following').checked,
    };
    this.#link.value = this.#base + writePageState(shared(state, display, choice, Date.now()));
    this.#text.hidden = true;
    const { length } = this.#link.value;
    setText(this.#result, length > LINK_MAX ? `This link has ${length} characters: some programs will cut it.` : '');
    this.#draw();
  }

  async #draw() {
    if (this.#code.hidden) return;
    const { generate } = await import('../../vendor/lean-qr/nano.mjs');
    try {
      generate(this.#link.value).toCanvas(this.#code);
    } catch {
      this.#code.hidden = true;
      setText(this.#result, 'This link is too long for a QR code.');
    }
  }

  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} field that is left selected
   * @param {string} text
   */
  async #copy(field, text) {
    const isCopied = await copyText(text);
    if (field === this.#text) this.#text.hidden = isCopied;
    if (!field.hidden) {
      field.focus();
      field.select();
    }
    setText(this.#result, isCopied ? 'Copied' : 'Press Ctrl-C');
  }

  /** @param {string} name */
  #option(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  /**
   * @param {string} id
   * @param {() => void} run
   */
  #on(id, run) {
    byId(id, HTMLButtonElement).addEventListener('click', run);
  }
}
