import { messageFlags } from '../message/flags.ts';
import type { Framer } from './framer.ts';

/** Creates a framer for messages of `size` bytes. Any bytes follow this framing, so padding is a part of the message. */
export function createFixedFramer(size: number): Framer {
  /** Bytes of the current message. */
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

/** Returns the padding of a body of `bodySize` bytes up to `size`, in bytes of the value `pad`; a sentence if the body is longer. */
export function fixedPadding(size: number, pad: number, bodySize: number): Uint8Array | string {
  if (bodySize > size) return `a message of ${bodySize} bytes does not fit into a fixed length of ${size}`;
  return new Uint8Array(size - bodySize).fill(pad);
}
