// @ts-check
// Where this browser keeps the reader's settings, if it may.

/** Reading the property alone may throw where storage is forbidden. */
export function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
