/** The maximum number of items that a sentence lists. */
const listed = 4;

/** Returns “a, b and c”; of more than four items, “a, b, c, d and 3 more”. */
export function listOf(items: readonly string[], join = 'and'): string {
  const shown = items.slice(0, listed);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} ${join} ${more} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} ${join} ${last}`;
}

/** Returns “1 connection”, “3 connections”. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Returns text from a peer or another program in a form that fits into a sentence: one line of visible characters, truncated to `most`. */
export function quoted(text: string, most = 80): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** Capitalises the start of a sentence, except for the name of a program. */
export function sentence(text: string): string {
  if (text.endsWith(')')) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
