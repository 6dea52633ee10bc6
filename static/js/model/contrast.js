// @ts-check
// Colours a log brings along may be unreadable on the page's background. They are moved towards white or black,
// keeping their tone, until they can be read (WCAG 2: 4.5 to 1).

const ENOUGH = 4.5;

/**
 * @param {string} color `#rrggbb`
 * @param {string} background `#rrggbb`
 * @returns {string}
 */
export function readable(color, background) {
  const ground = luminance(channels(background));
  const goal = ground < 0.18 ? 255 : 0;
  const own = channels(color);
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = own.map((channel) => Math.round(channel + (goal - channel) * share));
    if (ratio(luminance(mixed), ground) >= ENOUGH) return `rgb(${mixed.join(' ')})`;
  }
  return `rgb(${goal} ${goal} ${goal})`;
}

/**
 * @param {string} a `#rrggbb`
 * @param {string} b `#rrggbb`
 */
export function contrast(a, b) {
  return ratio(luminance(channels(a)), luminance(channels(b)));
}

/**
 * @param {number} a
 * @param {number} b
 */
function ratio(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** @param {string} color */
function channels(color) {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

/** @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
