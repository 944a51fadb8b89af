/** How many things a sentence lists. */
const listed = 4;

/** “a, b and c”; of more than four, “a, b, c, d and 3 more”. */
export function listOf(items: readonly string[], join = 'and'): string {
  const shown = items.slice(0, listed);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} ${join} ${more} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} ${join} ${last}`;
}

/** “1 connection”, “3 connections”. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What a peer or another program said, as it can be put into a sentence: one line of visible characters, cut at `most`. */
export function quoted(text: string, most = 80): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** The words as the start of a sentence: in upper case, but for the name of a program. */
export function sentence(text: string): string {
  if (text.endsWith(')')) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
