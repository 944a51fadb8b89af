/** The limit of a framer whose stream has no limit. */
export const noLimit = Number.MAX_SAFE_INTEGER;

/**
 * Returns why a message cannot have the length of `bytes` that it claims, as a sentence without a full stop; empty if it can. A length
 * above the limit on a message (`maxMessage`, bytes) is wrong as soon as it is read. This is the rule for all framings but HTTP and LSP.
 * A number above 2^53 - 1 is not exact, unless it is a bigint, and is reported as such.
 */
export function claimProblem(bytes: number | bigint, maxMessage: number): string {
  if (bytes <= maxMessage) return '';
  const isExact = typeof bytes === 'bigint' || bytes <= Number.MAX_SAFE_INTEGER;
  const claimed = isExact ? String(bytes) : `more than ${Number.MAX_SAFE_INTEGER}`;
  return `a message claims ${claimed} bytes, more than the limit of ${maxMessage} bytes (maxMessage)`;
}
