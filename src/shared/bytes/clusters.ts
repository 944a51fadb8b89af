/**
 * The maximum number of consecutive combining marks. No language uses more than Unicode's stream-safe limit (UAX #15), and a browser
 * needs seconds to draw several thousand.
 */
export const maxMarks = 30;

/** Matches each mark beyond `maxMarks`; a global expression for `matchAll` and `replace`. */
export const marksBeyond = new RegExp(`(?<=\\p{M}{${maxMarks}})\\p{M}+`, 'gu');

/** Replaces the combining marks beyond 30 in a row with their number: `e…[+970 marks]`. */
export function limitMarks(text: string): string {
  return text.replace(marksBeyond, (marks) => `[+${countMarks(marks)} marks]`);
}

/** Shortens `text` for a line or a tooltip: its first `most` UTF-16 units, then `…` if there are more, with `limitMarks` applied. */
export function shortText(text: string, most = 400): string {
  return text.length > most ? `${limitMarks(text.slice(0, most))}…` : limitMarks(text);
}

/** Returns the number of characters of `marks`, a match of `marksBeyond`. */
export function countMarks(marks: string): number {
  let count = 0;
  for (const _ of marks) count += 1;
  return count;
}

/** Returns true if `char`, a code point, combines with the characters before it. */
export function isMark(char: number): boolean {
  return char >= 0x300 && /\p{M}/u.test(String.fromCodePoint(char));
}
