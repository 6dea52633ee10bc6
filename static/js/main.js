// @ts-check
// The door of the page: its parts are made, connected, and the reader begins to read.

import { connectCondition } from './connect/condition.js';
import { connectControls } from './connect/controls.js';
import { connectFilter, contextToggle } from './connect/filter.js';
import { connectFind } from './connect/find.js';
import { connectLines } from './connect/lines.js';
import { connectLook } from './connect/look.js';
import { connectPlaces } from './connect/places.js';
import { connectSession } from './connect/session.js';
import { connectStream } from './connect/stream.js';
import { connectVisits } from './connect/visits.js';
import { Page } from './page.js';

const page = new Page();
const toggleContext = contextToggle(page);

// What hears the same event is called in this order.
connectLook(page);
connectStream(page);
connectFilter(page);
connectFind(page);
connectPlaces(page);
const detail = connectLines(page, toggleContext);
connectControls(page, toggleContext, detail);
connectCondition(page);
connectVisits(page);

page.borrow();
connectSession(page, () => {
  page.reader.refreshSources();
  page.reader.wish(page.opened.filter);
});
