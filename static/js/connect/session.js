// @ts-check
// Who reads here, and that the page comes back to where it was when a session had to be begun anew.

import { takeToken } from '../view/address_bar.js';
import { setText, byId } from '../view/element.js';
import { beginSession, fetchSharing, Refusal } from '../wire/api.js';

/** @typedef {import('../page.js').Page} Page */

/**
 * @param {Page} page
 * @param {() => void} read what to do when the link that was opened has been tried
 */
export function connectSession(page, read) {
  const { reader, notices } = page;
  /** @type {import('../view/sign_in.js').SignIn | undefined} */
  let signIn;
  let wasOut = false;
  /** The server was asked who may read. */
  let isAsked = false;

  /** @param {string} token */
  async function begin(token) {
    try {
      await beginSession(token);
    } catch (error) {
      if (error instanceof Refusal && error.error.code === 'auth') return 'That is not the token of this server.';
      return error instanceof Error ? error.message : String(error);
    }
    signIn?.close();
    reader.signedIn();
    return '';
  }

  async function ask() {
    const late = await page.fetched(import('../view/sign_in.js'));
    if (late === null || !wasOut) return;
    signIn ??= new late.SignIn(begin);
    signIn.open();
  }

  reader.addEventListener('connection', () => {
    const isOut = reader.connection.phase === 'refused';
    if (isOut && !wasOut) {
      notices.banner('No lines come until you sign in.', [{ label: 'Sign in', run: ask }]);
      ask();
    }
    wasOut = isOut;
    if (reader.connection.phase === 'open' && !isAsked) {
      isAsked = true;
      fetchSharing().then((sharing) => {
        setText(byId('version', HTMLElement), sharing?.version ?? '');
        if (sharing?.access === 'open') setText(byId('status-access', HTMLElement), 'no sign-in');
      });
    }
  });
  addEventListener('hashchange', () => {
    const token = takeToken();
    if (token !== '') begin(token);
  });

  const token = takeToken();
  if (token === '') read();
  else beginSession(token).then(read, read);
}
