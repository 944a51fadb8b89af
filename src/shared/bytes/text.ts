const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The UTF-8 bytes of `text`. A lone surrogate becomes U+FFFD, as the encoding standard says. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text that `bytes` are in UTF-8, or `undefined` where they are not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of `bytes` for showing: what is not UTF-8 becomes U+FFFD. Never throws. */
export function decodeUtf8Lossy(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/**
 * One line of text for a table cell: at most `maxBytes` of `bytes` as UTF-8, with every control character as its
 * symbol (`␀`, `␊`, `␍`, `␛` …) so that nothing a peer sends can break the line or hide. A character that the cut
 * would split is left out.
 */
export function previewText(bytes: Uint8Array, maxBytes = 256): string {
  let end = Math.min(bytes.length, maxBytes);
  if (end < bytes.length) {
    // Step back over the continuation bytes (10xxxxxx) of a character that the cut splits: at most three.
    for (let back = 0; back < 3 && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
  }
  return showControls(lenient.decode(bytes.subarray(0, end)));
}

/** `text` with each C0 control character and DEL replaced by its Unicode symbol, and bidi controls by U+FFFD. */
export function showControls(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}
