import type { Boundaries } from '../message/boundaries.ts';
import type { Framer } from './framer.ts';

/** Creates a framer for which each read is a message: the only one that depends on how the system splits the stream. */
export function createRawFramer(): Framer {
  return {
    pendingHead: 0,
    push(chunk: Uint8Array, boundaries: Boundaries): void {
      if (chunk.length > 0) boundaries.push(chunk.length, 0, 0, 0);
    },
    end: () => ({ head: 0, tail: 0, flags: 0 }),
  };
}
