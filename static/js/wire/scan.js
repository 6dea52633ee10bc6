// @ts-check
// A stream of events that has an end: a search, a timeline. It is not opened again when it breaks.

/**
 * @param {string} path
 * @param {[string, string][]} parameters
 * @param {Record<string, (data: any) => void>} listener by the name of the event; `failed` when the stream broke
 * @returns {() => void} ends it
 */
export function openScan(path, parameters, listener) {
  const stream = new EventSource(`${path}?${new URLSearchParams(parameters)}`);
  for (const [name, hear] of Object.entries(listener)) {
    stream.addEventListener(name, (event) => {
      if (name === 'done') stream.close();
      hear(JSON.parse(event.data));
    });
  }
  for (const name of ['error', 'end']) {
    stream.addEventListener(name, () => {
      stream.close();
      listener.failed?.(null);
    });
  }
  return () => stream.close();
}
