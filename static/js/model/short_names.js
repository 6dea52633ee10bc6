// @ts-check
// What differs between names: of paths, the folders that all of them begin with and the ends that all of them have say
// nothing where they stand beside each other.

/**
 * @param {readonly string[]} names
 * @returns {Map<string, string>} from each name to the part of it that differs
 */
export function shortNames(names) {
  const paths = names.map((name) => name.split('/'));
  const shortest = Math.min(...paths.map(({ length }) => length));
  const isSame = (/** @type {number} */ at) => paths.length > 0 && paths.every((path) => path.at(at) === paths[0].at(at));
  let start = 0;
  while (start < shortest - 1 && isSame(start)) start += 1;
  let end = 0;
  while (start + end < shortest - 1 && isSame(-1 - end)) end += 1;
  return new Map(names.map((name, index) => [name, paths[index].slice(start, paths[index].length - end).join('/')]));
}
