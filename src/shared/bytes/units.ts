/** Returns `bytes` with its unit, exact: `14 B`, `10 431 B`. */
export function byteCount(bytes: number): string {
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, '\u202f')} B`;
}

/** Returns a duration with its unit, to about two digits: `0.4 ms`, `12 ms`, `1.5 s`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 0.05) return 'less than 0.1 ms';
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}
