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
 * symbol (`␀`, `␊`, `␍`, `␛`, `⟨U+FEFF⟩` …) so that nothing a peer sends can break the line or hide. A character that the cut
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

/*
 * What a reader would not see, or what would act: C0, DEL, C1; separators of lines; interlinear annotation; and what Unicode calls
 * default ignorable (UAX #44), such as the marks that turn the direction of writing, the soft hyphen, fillers, the byte order mark,
 * variation selectors and tags. Joiners (U+200C, U+200D) stay, which scripts and emoji need, and the selectors of emoji
 * behind what they select.
 */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb]|(?![\u200c\u200d]|(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|\ufe0f\u20e3)\p{Default_Ignorable_Code_Point}/gu;
const hiddenInLines = new RegExp(hidden.source.replace('\\u0000-\\u001f', '\\u0000-\\u0008\\u000b-\\u001f'), 'gu');

/**
 * Returns `text` on one line and with nothing that acts or hides: each C0 control character and DEL is replaced by its
 * Unicode symbol, C1, bidirectional marks, tags and other characters that are not drawn by their names: `⟨U+FEFF⟩`.
 */
export function showControls(text: string): string {
  return text.replace(hidden, symbolOf);
}

/** Returns `text` as `showControls` does, but for line feeds and tabs, which stay. All that goes to a terminal passes here. */
export function showLines(text: string): string {
  return text.replace(hiddenInLines, symbolOf);
}

function symbolOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
