import type { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';

/** Sets the flags with which each message of `bytes` was sent: `flagsOf` returns those of one message. */
export function setSentFlags(
  boundaries: Boundaries,
  bytes: Uint8Array,
  flagsOf: (message: Uint8Array) => number,
): void {
  let from = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = boundaries.ends[index] as number;
    const others = (boundaries.flags[index] as number) & ~messageFlags.text;
    boundaries.flags[index] = others | flagsOf(bytes.subarray(from, end));
    from = end;
  }
}
