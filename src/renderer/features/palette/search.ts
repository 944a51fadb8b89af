/** How well `query` fits `label`: lower is better, `undefined` where it does not. Letters must come in order. */
export function costOf(label: string, query: string): number | undefined {
  const text = label.toLowerCase();
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (wanted === '') return 0;
  let at = -1;
  let cost = 0;
  for (const char of wanted) {
    const next = text.indexOf(char, at + 1);
    if (next < 0) return undefined;
    const startsWord = next === 0 || text[next - 1] === ' ';
    if (next !== at + 1) cost += startsWord ? 1 : 2 + Math.min(next - at, 8);
    at = next;
  }
  return cost + label.length / 1_000;
}

/** The items that fit `query`, the best first; without a query, all in their own order. */
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
