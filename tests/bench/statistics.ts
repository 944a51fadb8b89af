/** The value at `share` (0 to 1) of the sorted `values`. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** One line of the report: a ratio's median with its least and most, then the figures behind it. */
export function report(name: string, ratios: readonly number[], figures: string): void {
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  console.log(`${name.padEnd(58)} ${median(ratios).toFixed(2).padStart(6)} ×  (${range})  ${figures}`);
}

/** One line of the report for a figure that is no ratio: its median with the least and the most. */
export function reportFigure(name: string, values: readonly number[], more = ''): void {
  const range = `${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}`;
  console.log(`${name.padEnd(66)} ${median(values).toFixed(1).padStart(6)}  (${range})  ${more}`.trimEnd());
}
