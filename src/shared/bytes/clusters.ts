/**
 * How many combining marks in a row stand behind a character. More than these (Unicode's stream-safe limit, UAX #15) have
 * no use in any language, and a browser takes seconds to lay out some thousands.
 */
export const maxMarks = 30;

/** Marks beyond `maxMarks`, each a match of its own; a global expression for `matchAll` and `replace`. */
export const marksBeyond = new RegExp(`(?<=\\p{M}{${maxMarks}})\\p{M}+`, 'gu');

/** Returns `text` with the combining marks beyond 30 in a row replaced by their number: `e…[+970 marks]`. */
export function limitMarks(text: string): string {
  return text.replace(marksBeyond, (marks) => `[+${countMarks(marks)} marks]`);
}

/** Returns `text` for a line or a tooltip: its first `most` UTF-16 units, with `…` where there were more, and `limitMarks`. */
export function shortText(text: string, most = 400): string {
  return text.length > most ? `${limitMarks(text.slice(0, most))}…` : limitMarks(text);
}

/** Returns the number of characters of `marks`, a match of `marksBeyond`. */
export function countMarks(marks: string): number {
  let count = 0;
  for (const _ of marks) count += 1;
  return count;
}

/** Returns whether `char`, a code point, combines with the characters before it. */
export function isMark(char: number): boolean {
  return char >= 0x300 && /\p{M}/u.test(String.fromCodePoint(char));
}
