/*
 * What a reader would not see, or what would act: C0, DEL, C1; separators of lines; format characters, and what else Unicode calls
 * default ignorable (UAX #44), such as the marks that turn the direction of writing, the soft hyphen, fillers, the byte order
 * mark, variation selectors and tags; and halves of surrogate pairs. Joiners (U+200C, U+200D) stay where scripts and emoji need
 * them, and the selectors of emoji behind what they select.
 */
const emojiSelector = String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|\ufe0f\u20e3`;
const emojiJoiner = String.raw`(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})`;
/** Behind a letter or sign of a script whose letters join, such as Arabic and Devanagari. */
const scriptJoiner = String.raw`(?<=[\p{L}\p{M}])(?<![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Inherited}\p{sc=Common}])[\u200c\u200d]`;
const ignorable = String.raw`[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]`;
// The class stands in front: most characters end the look there.
const unseen = `(?=${ignorable})(?!${emojiSelector}|${emojiJoiner}|${scriptJoiner})[^]`;

/** Every character that hides or acts, as the source of a regular expression with the flag `u`. */
export const hiddenSource = `\\p{Cc}|${unseen}`;

// Compiled when first needed: that takes a millisecond, and most runs of the command line print plain text.
let inAll: RegExp | undefined;
let inLines: RegExp | undefined;

/** Returns the pattern of every character that hides or acts, one a match. It is global. */
export function hidden(): RegExp {
  inAll ??= new RegExp(hiddenSource, 'gu');
  return inAll;
}

/** Returns the same without line feeds and tabs. */
export function hiddenInLines(): RegExp {
  inLines ??= new RegExp(`(?![\\n\\t])\\p{Cc}|${unseen}`, 'gu');
  return inLines;
}

/** Nothing but these is in most texts. A look for them is many times faster than one for what hides. */
const isPlain = /^[\x20-\x7e]*$/;
const isPlainLines = /^[\x20-\x7e\n\t]*$/;

/** Returns `text` with `replacement` of each character that `pattern`, one of the above, finds. */
export function replaceHidden(text: string, pattern: () => RegExp, replacement: (char: string) => string): string {
  const plain = pattern === hiddenInLines ? isPlainLines : isPlain;
  return plain.test(text) ? text : text.replace(pattern(), replacement);
}

/** Returns the symbol of a C0 control character or DEL (`␛`), and the name of another one: `⟨U+FEFF⟩`. */
export function symbolOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Returns `value` as JSON in which all that hides or acts is escaped: `\u202e`. It stands for the same value. */
export function printableJson(value: unknown): string {
  return replaceHidden(JSON.stringify(value), hidden, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
