/*
 * Characters that a reader cannot see or that have an effect: C0, DEL, C1; line separators; format characters and others that Unicode
 * calls default ignorable (UAX #44), such as marks that change the direction of writing, the soft hyphen, fillers, the byte order mark,
 * variation selectors and tags; and unpaired surrogates. Joiners (U+200C, U+200D) are kept where scripts and emoji need them, and
 * emoji selectors after what they select.
 */
const emojiSelector = String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|\ufe0f\u20e3`;
const emojiJoiner = String.raw`(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})`;
/** After a letter or sign of a script whose letters join, such as Arabic and Devanagari. */
const scriptJoiner = String.raw`(?<=[\p{L}\p{M}])(?<![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Inherited}\p{sc=Common}])[\u200c\u200d]`;
const ignorable = String.raw`[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]`;
// The class comes first: it ends the match for most characters.
const unseen = `(?=${ignorable})(?!${emojiSelector}|${emojiJoiner}|${scriptJoiner})[^]`;

/** Every hidden character, as the source of a regular expression with the flag `u`. */
export const hiddenSource = `\\p{Cc}|${unseen}`;

// Compiled on first use: that takes a millisecond, and most runs of the command line print plain text.
let inAll: RegExp | undefined;
let inLines: RegExp | undefined;

/** Returns the global pattern that matches each hidden character. */
export function hidden(): RegExp {
  inAll ??= new RegExp(hiddenSource, 'gu');
  return inAll;
}

/** Returns the same pattern without line feeds and tabs. */
export function hiddenInLines(): RegExp {
  inLines ??= new RegExp(`(?![\\n\\t])\\p{Cc}|${unseen}`, 'gu');
  return inLines;
}

/** Most texts contain only these characters. This test is much faster than a search for hidden ones. */
const isPlain = /^[\x20-\x7e]*$/;
const isPlainLines = /^[\x20-\x7e\n\t]*$/;

/** Replaces each character that `pattern`, one of the above, matches. */
export function replaceHidden(text: string, pattern: () => RegExp, replacement: (char: string) => string): string {
  const plain = pattern === hiddenInLines ? isPlainLines : isPlain;
  return plain.test(text) ? text : text.replace(pattern(), replacement);
}

/** Returns the symbol of a C0 control character or DEL (`␛`), or the name of another character: `⟨U+FEFF⟩`. */
export function symbolOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Returns `value` as JSON in which hidden characters are escaped: `\u202e`. Parsing it yields the same value. */
export function printableJson(value: unknown): string {
  return replaceHidden(JSON.stringify(value), hidden, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
