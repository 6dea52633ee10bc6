// @ts-check
// How a record is folded: its first line and the three that follow are shown, and in the place of the others stands
// one row that says how many they are. A line the filter matched is always shown. Each row has one number for it,
// which follows from that of the row above; 1 to 3 are the lines of a record that are shown in any case.

/** The first of the further lines, where it is shown. */
export const FURTHER = 4;
/** Any other of them that is shown. */
const SHOWN = 5;
/** The row that says how many lines are folded away; it is the first of them. */
export const TOGGLE = 6;
/** Folded away. */
export const HIDDEN = 7;

const SHOWN_MAX = 3;

/**
 * @param {number} above of the row above, 0 where it belongs to another record
 * @param {boolean} isWanted it is to be shown in any case
 * @returns {number} of a line that continues a record
 */
export function foldOf(above, isWanted) {
  if (above < SHOWN_MAX) return above + 1;
  if (isWanted) return above === SHOWN_MAX ? FURTHER : SHOWN;
  return above >= TOGGLE ? HIDDEN : TOGGLE;
}
