import type { Boundaries } from '../message/boundaries.ts';
import type { Ending, Framer } from './framer.ts';

/** A framer for which each read is a message: the only one that depends on how the system splits the stream. */
export class RawFramer implements Framer {
  readonly pendingHead = 0;

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    if (chunk.length > 0) boundaries.push(chunk.length, 0, 0, 0);
  }

  end(): Ending {
    return { head: 0, tail: 0, flags: 0 };
  }
}
