/**
 * Returns how well `query` matches `label`: lower is better, `undefined` for no match. A substring is better than letters in the
 * same order, and the start of a word is better than its middle.
 */
export function costOf(label: string, query: string): number | undefined {
  const text = label.toLowerCase();
  const wanted = query.trim().toLowerCase();
  const run = text.indexOf(wanted);
  const length = label.length / 1_000;
  if (run >= 0) return (startsWord(text, run) ? 0 : 1) + length;
  let at = -1;
  let cost = 2;
  for (const char of wanted.replace(/\s+/g, '')) {
    const next = text.indexOf(char, at + 1);
    if (next < 0) return undefined;
    if (next !== at + 1) cost += startsWord(text, next) ? 1 : 2 + Math.min(next - at, 8);
    at = next;
  }
  return cost + length;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === ' ';
}

/** Returns the items that match `query`, best first; without a query, all in their order. */
export function bestFirst<Item extends { readonly label: string }>(items: readonly Item[], query: string): Item[] {
  if (query.trim() === '') return [...items];
  return items
    .flatMap((item) => {
      const cost = costOf(item.label, query);
      return cost === undefined ? [] : [{ item, cost }];
    })
    .sort((a, b) => a.cost - b.cost)
    .map(({ item }) => item);
}
