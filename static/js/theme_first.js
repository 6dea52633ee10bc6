// @ts-check
// Applies a theme chosen by hand before the first paint, so that a dark page does not flash white. A classic
// script, because modules run only after the page was drawn; the rest of the theme is in view/theme.js.

try {
  const { theme } = JSON.parse(localStorage.getItem('logstream') ?? '{}');
  if (theme === 'dark' || theme === 'light') document.documentElement.style.colorScheme = theme;
} catch {
  // Without storage the system decides.
}
