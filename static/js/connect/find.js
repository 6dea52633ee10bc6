// @ts-check
// Finding: the drawer and the hits of a search through the whole log.

/** @typedef {import('../page.js').Page} Page */

/** @param {Page} page */
export function connectFind(page) {
  const { findBar, finding, hits, search, reader, strip, log, opened } = page;
  hits.addEventListener('change', () => strip.update());
  reader.addEventListener('leaving', () => findBar.again());
  findBar.addEventListener('wanted', async () => {
    finding.begin();
    const late = await page.fetched(import('../view/hit_list.js'));
    if (late !== null) findBar.showHitsIn(late.HitList);
  });
  findBar.addEventListener('continued', () => finding.begin(hits.resume));
  findBar.addEventListener('stopped', () => finding.stop());
  findBar.addEventListener('left', () => log.focus({ preventScroll: true }));
  findBar.addEventListener('closed', () => {
    finding.clear();
    log.focus({ preventScroll: true });
  });

  search.term = opened.find;
  if (opened.find !== '') findBar.open();
}
