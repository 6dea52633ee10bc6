// The page for everybody: by keyboard alone, read by a machine, large, narrow, in both themes.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';

import { LogDir } from './harness/log_dir.js';
import { Server } from './harness/server.js';
import { Tab, closeBrowser } from './harness/tab.js';

after(closeBrowser);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const DESK = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

const TEXT = Array.from({ length: 200 }, (_, at) => {
  const time = new Date(Date.parse('2026-11-22T10:00:00Z') + at * 1000).toISOString();
  const levels = ['INFO', 'WARN', 'DEBUG', 'ERROR', 'TRACE'];
  return `${time} ${levels[at % 5]} line ${at} \u001b[31mred\u001b[0m\n{"time":"${time}","level":"info","msg":"done ${at}","status":200}\n`;
}).join('');

async function open(t, options, query = '') {
  const dir = new LogDir(t);
  dir.append('app.log', TEXT);
  dir.append('worker.log', '2026-11-22T10:03:30Z INFO working\n');
  const server = await Server.start(t, dir.path('app.log'), dir.path('worker.log'));
  const tab = await Tab.open(t, `${server.address}${query}`, options);
  return { dir, server, tab };
}

/** What axe finds, one line each. */
async function faults(tab) {
  await tab.page.addScriptTag({ path: AXE }).catch(() => tab.page.evaluate(() => undefined));
  return tab.page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary.replace(/\s+/g, ' ')}`));
  });
}

const click = (role, name) => ({ page }) => page.getByRole(role, { name }).first().click();

/** States, each with what is done to get there. */
const STATES = {
  live: async () => {},
  filtered: async ({ page }) => {
    await page.getByRole('textbox', { name: 'Filter' }).fill('line 1');
    await page.getByRole('textbox', { name: 'Filter' }).press('Enter');
    await page.getByRole('button', { name: 'Remove line 1' }).waitFor();
    await page.getByRole('textbox', { name: 'Filter' }).fill('(');
    await page.locator('#filter-message').waitFor();
  },
  find: async ({ page }) => {
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Find' }).fill('line 1');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.locator('[role=log] [aria-current]').waitFor();
  },
  unfolded: async ({ page }) => {
    await page.getByText('done 199').click();
    await page.keyboard.press('o');
  },
  sources: click('button', /^Sources/),
  menu: click('button', 'Menu'),
  share: click('button', 'Share'),
  keys: ({ page }) => page.keyboard.press('?'),
};

for (const colorScheme of ['dark', 'light']) {
  for (const [device, options] of Object.entries({ desk: DESK, phone: PHONE })) {
    test(`axe finds nothing to mend, ${colorScheme} on a ${device}`, async (t) => {
      const found = [];
      const { server } = await open(t, { ...options, colorScheme });
      for (const [name, arrange] of Object.entries(STATES)) {
        const tab = await Tab.open(t, server.address, { ...options, colorScheme, bypassCSP: true });
        await tab.sees('working');
        await arrange(tab);
        found.push(...(await faults(tab)).map((fault) => `${name}: ${fault}`));
        await tab.page.goto('about:blank');
      }
      assert.deepEqual(found, []);
    });
  }
}

test('the whole job by keyboard alone: a source, a filter, an error, a link, and back to the live end', async (t) => {
  const { tab } = await open(t, { ...DESK, timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] });
  const { keyboard } = tab.page;
  await tab.sees('working');
  const focused = () => tab.page.evaluate(() => {
    const { id, name, ariaLabel, textContent } = document.activeElement;
    return `${id || name} ${ariaLabel ?? ''} ${textContent.trim().slice(0, 40)}`;
  });
  const tabTo = async (pattern) => {
    const seen = [];
    for (let count = 0; count < 40; count += 1) {
      await keyboard.press('Tab');
      seen.push(await focused());
      if (pattern.test(seen.at(-1))) return;
    }
    assert.fail(`${pattern} is not reached: ${seen.join(' | ')}`);
  };
  await tabTo(/^sources-button/);
  await keyboard.press('Enter');
  await tab.page.getByRole('combobox', { name: 'Find a source' }).and(tab.page.locator(':focus')).waitFor();
  await keyboard.type('app');
  await keyboard.press('Enter');
  await tab.sees('line 199 red');
  await tabTo(/^filter /);
  await keyboard.type('line');
  await keyboard.press('Enter');
  await tab.page.getByRole('button', { name: 'Remove line' }).waitFor();
  await tab.until('the matching lines alone', async () => {
    const seen = await tab.texts();
    return { isThere: seen.length > 0 && seen.every((text) => text.startsWith('line')), seen: seen.slice(-3) };
  });
  await tabTo(/^log /);
  await keyboard.press('E');
  await tab.page.locator('[role=log] [aria-current]', { hasText: 'line 198 red' }).waitFor();
  await tab.until('the focus on the line, which has a name to be spoken', async () => {
    const seen = await focused();
    return { isThere: seen.includes(' error 10:03:18 line 198 red '), seen };
  });
  await keyboard.press('Y');
  await tab.page.getByText('Link copied').waitFor();
  assert.match(await tab.page.evaluate(() => navigator.clipboard.readText()), /source=app\.log&q=line&at=/);
  await tabTo(/^menu-button/);
  await keyboard.press('Enter');
  await tabTo(/^wraps/);
  await keyboard.press('Escape');
  await keyboard.press('Shift+Tab');
  assert.match(await focused(), /^share /);
  await keyboard.press('Enter');
  await tab.until('the focus on the link', async () => {
    const seen = await focused();
    return { isThere: /^share-link/.test(seen), seen };
  });
  await keyboard.press('Escape');
  await tab.until('the focus back on its button', async () => {
    const seen = await focused();
    return { isThere: /^share /.test(seen), seen };
  });
  await keyboard.press('End');
  await tab.isIn('live');
});

test('what is pressed is large enough: 24 px on a desk, 44 px in the bar of a phone', async (t) => {
  const { server } = await open(t, DESK);
  const small = async (options, selector, least) => {
    const tab = await Tab.open(t, server.address, options);
    await tab.sees('working');
    return tab.page.evaluate(([wanted, px]) => [...document.querySelectorAll(wanted)]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.closest('.visually-hidden, .row') === null)
      .map((one) => ({ name: one.id || one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < px || box.height < px))
      .map(({ name, box }) => `${name} ${box.width}×${box.height}`), [selector, least]);
  };
  assert.deepEqual(await small(DESK, 'button, select, input, a.choice', 24), []);
  assert.deepEqual(await small(PHONE, '.actions button, #menu-button', 44), []);
});

for (const [name, viewport] of [['200 %', { width: 640, height: 450 }], ['400 %', { width: 320, height: 256 }]]) {
  test(`at ${name} nothing is cut off or needs scrolling sideways`, async (t) => {
    const { tab } = await open(t, { viewport });
    await tab.sees('working');
    const { overflow, log, lost } = await tab.page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - innerWidth,
      log: document.getElementById('log').clientHeight,
      lost: [...document.querySelectorAll('button, input')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.closest('.visually-hidden, #log') === null)
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
        .map((one) => one.id),
    }));
    assert.ok(overflow <= 0, `${overflow} px too wide`);
    assert.ok(log >= 120, `the log is ${log} px high`);
    assert.deepEqual(lost, []);
    await tab.page.getByRole('button', { name: 'Menu' }).click();
    const panel = await tab.page.getByRole('dialog', { name: 'Settings' }).boundingBox();
    assert.ok(panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= viewport.width, JSON.stringify(panel));
    assert.ok(panel.height <= viewport.height, 'the menu scrolls rather than being cut off');
  });
}

test('nothing moves by itself for who does not want that', async (t) => {
  const { tab } = await open(t, { ...DESK, reducedMotion: 'reduce' });
  await tab.sees('working');
  const moving = await tab.page.evaluate(() => document.getAnimations().length
    + [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s').length);
  assert.equal(moving, 0);
});

test('with forced colours what is chosen can still be told', async (t) => {
  const { tab } = await open(t, { ...DESK, forcedColors: 'active' });
  await tab.sees('working');
  await tab.page.getByText('line 199').click();
  const outline = await tab.page.locator('[role=log] [aria-current]').evaluate((row) => getComputedStyle(row).outlineStyle);
  assert.equal(outline, 'solid');
});

test('the line the reader is at has the focus, a name, and stays when it is scrolled away', async (t) => {
  const { dir, tab } = await open(t, { ...DESK, timezoneId: 'UTC' });
  await tab.sees('working');
  const focused = () => tab.page.evaluate(() => `${document.activeElement.getAttribute('role')} ${document.activeElement.ariaLabel}`);
  await tab.page.getByRole('log').focus();
  await tab.page.keyboard.press('E');
  await tab.reads('the error', focused, 'group error 10:03:18 line 198 red');
  await tab.page.keyboard.press('ArrowDown');
  const before = 'group info 10:03:18 done 198 status=200';
  await tab.reads('the line below', focused, before);
  dir.append('app.log', TEXT.repeat(3));
  await tab.page.keyboard.press('End');
  await tab.isIn('live');
  await tab.reads('the same line', focused, before);
  assert.equal(await tab.count('#log[tabindex="-1"] .row[tabindex="0"]'), 1, 'one stop for Tab');
  await tab.page.keyboard.press('Escape');
  await tab.reads('the list', () => tab.page.evaluate(() => document.activeElement.id), 'log');
});

test('more contrast is had by a setting, or where the system asks for it', async (t) => {
  const { server } = await open(t, DESK);
  const colors = (tab) => tab.page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.rows .time')).color]);
  const black = ['rgb(0, 0, 0)', 'rgb(0, 0, 0)'];
  const tab = await Tab.open(t, server.address, { ...DESK, colorScheme: 'light' });
  await tab.sees('working');
  assert.notDeepEqual(await colors(tab), black);
  await tab.page.getByRole('button', { name: 'Menu' }).click();
  await tab.page.getByRole('checkbox', { name: 'More contrast' }).check();
  await tab.reads('black', () => colors(tab), black);
  const asked = await Tab.open(t, server.address, { ...DESK, colorScheme: 'light', contrast: 'more' });
  await asked.sees('working');
  await asked.reads('black', () => colors(asked), black);
});

test('a screen reader is told what came, and not what was there when the page was opened', async (t) => {
  const dir = new LogDir(t);
  dir.append('app.log', 'ERROR one\n'.repeat(30));
  const server = await Server.start(t, dir.path('app.log'));
  const tab = await Tab.open(t, 'about:blank');
  await tab.page.clock.install();
  await tab.page.goto(server.address);
  const told = () => tab.page.locator('#announcer').textContent();
  await tab.sees('one');
  // Only when the page has its first lines does it take up older ones.
  await tab.page.locator('#levels', { hasText: '30' }).waitFor();
  await tab.page.clock.fastForward(10_000);
  assert.equal(await told(), '');
  dir.append('app.log', 'ERROR two\nINFO three\n');
  await tab.sees('three');
  await tab.until('the words', async () => {
    await tab.page.clock.fastForward(10_000);
    const seen = await told();
    return { isThere: seen === 'Live. 2 new lines in 10 seconds, 1 error.', seen };
  });
});
