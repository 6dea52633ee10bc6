// @ts-check
// What cannot wait for the modules, which run only after the page was drawn: a theme chosen by hand, so that a dark
// page does not flash white, and the newest lines, which are asked for meanwhile. The rest is in view/theme.js and
// wire/api.js.

try {
  const { theme } = JSON.parse(localStorage.getItem('logstream') ?? '{}');
  if (theme === 'dark' || theme === 'light') document.documentElement.style.colorScheme = theme;
} catch {
  // Without storage the system decides.
}

// What else an address may ask for is not known here.
if (location.search === '' && location.hash === '') {
  // It is read here as well: a module that has to wait for it would miss the first frame.
  Object.assign(globalThis, {
    newestLines: fetch('api/history?limit=200').then((answer) => (answer.ok ? answer.json() : null)).catch(() => null),
  });
}
