/** The limit of a framer whose stream has none. */
export const noLimit = Number.MAX_SAFE_INTEGER;

/**
 * Says why a message that claims a length of `bytes` cannot come, as a sentence without a full stop; empty where it can. This is the
 * rule for every length that a peer names, but those of HTTP and LSP: one above the limit on a message (`maxMessage`, bytes) is wrong
 * as soon as it is read.
 * What is above 2^53 - 1 and not given as a bigint is not exact, and is named as such.
 */
export function claimProblem(bytes: number | bigint, maxMessage: number): string {
  if (bytes <= maxMessage) return '';
  const isExact = typeof bytes === 'bigint' || bytes <= Number.MAX_SAFE_INTEGER;
  const claimed = isExact ? String(bytes) : `more than ${Number.MAX_SAFE_INTEGER}`;
  return `a message claims ${claimed} bytes, more than the limit of ${maxMessage} bytes (maxMessage)`;
}
