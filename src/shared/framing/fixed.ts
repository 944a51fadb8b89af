import { messageFlags } from '../message/flags.ts';
import type { Framer } from './framer.ts';

/** Every message has `size` bytes. Whatever comes follows this framing, so padding is a part of the message. */
export function createFixedFramer(size: number): Framer {
  /** Bytes of the message in hand. */
  let had = 0;

  return {
    pendingHead: 0,
    get claim() {
      return had === 0 ? undefined : { received: had, missing: size - had };
    },
    push(chunk, boundaries) {
      let end = size - had;
      for (; end <= chunk.length; end += size) boundaries.push(end, 0, 0, 0);
      had = chunk.length - (end - size);
    },
    end() {
      had = 0;
      return { head: 0, tail: 0, flags: messageFlags.incomplete };
    },
  };
}

/** What a body of `bodySize` bytes needs after it to have `size`, in bytes of the value `pad`; a sentence where it is longer. */
export function fixedPadding(size: number, pad: number, bodySize: number): Uint8Array | string {
  if (bodySize > size) return `a message of ${bodySize} bytes does not fit into a fixed length of ${size}`;
  return new Uint8Array(size - bodySize).fill(pad);
}
