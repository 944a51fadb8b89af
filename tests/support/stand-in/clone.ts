// Values on their way between the page and the main process, as JSON: what Electron's IPC carries by structured clone,
// as far as the app uses it. Injected into pages as source, so each function stands alone but for the one it names.

/** JSON of plain data, with bytes and `undefined` marked. Throws on what Electron could not clone either. */
export function pack(value: unknown): string {
  const mark = (part: unknown): unknown => {
    if (part === undefined) return { $: 'undefined' };
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return part;
    if (typeof part === 'number') return Number.isFinite(part) ? part : { $: 'number', text: String(part) };
    if (part instanceof Uint8Array) {
      let text = '';
      for (let at = 0; at < part.length; at += 8_192) text += String.fromCharCode(...part.subarray(at, at + 8_192));
      return { $: 'bytes', text: btoa(text) };
    }
    if (Array.isArray(part)) return part.map(mark);
    if (typeof part === 'object') {
      return { $: 'object', entries: Object.entries(part).map(([key, entry]) => [key, mark(entry)]) };
    }
    throw new Error('An object could not be cloned.');
  };
  return JSON.stringify(mark(value));
}

/** Reads `pack`. */
export function unpack(json: string): unknown {
  const unmark = (part: unknown): unknown => {
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part)) return part.map(unmark);
    const marked = part as { $: string; text: string; entries: [string, unknown][] };
    if (marked.$ === 'undefined') return undefined;
    if (marked.$ === 'number') return Number(marked.text);
    if (marked.$ === 'bytes') return Uint8Array.from(atob(marked.text), (char) => char.charCodeAt(0));
    return Object.fromEntries(marked.entries.map(([key, entry]) => [key, unmark(entry)]));
  };
  return unmark(JSON.parse(json));
}
