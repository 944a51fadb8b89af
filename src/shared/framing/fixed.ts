import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import type { Ending, Framer, LengthClaim } from './framer.ts';

/** A framer for messages of `size` bytes. Any bytes follow this framing, so padding is a part of the message. */
export class FixedFramer implements Framer {
  readonly pendingHead = 0;
  readonly #size: number;
  /** Bytes of the current message. */
  #had = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get claim(): LengthClaim | undefined {
    return this.#had === 0 ? undefined : { received: this.#had, missing: this.#size - this.#had };
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const size = this.#size;
    let end = size - this.#had;
    for (; end <= chunk.length; end += size) boundaries.push(end, 0, 0, 0);
    this.#had = chunk.length - (end - size);
  }

  end(): Ending {
    this.#had = 0;
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }
}

/** Returns the padding of a body of `bodySize` bytes up to `size`, in bytes of the value `pad`; a sentence if the body is longer. */
export function fixedPadding(size: number, pad: number, bodySize: number): Uint8Array | string {
  if (bodySize > size) return `a message of ${bodySize} bytes does not fit into a fixed length of ${size}`;
  return new Uint8Array(size - bodySize).fill(pad);
}
