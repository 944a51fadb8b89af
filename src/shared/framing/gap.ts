import type { Framer } from './framer.ts';

/**
 * A message ends when nothing came for `gapMs` milliseconds. The framer sees that at the next chunk; whoever reads the
 * stream sees it sooner, by a timer (`MessageStream.idle`). Whatever comes follows this framing.
 */
export function createGapFramer(gapMs: number): Framer {
  let lastAt = 0;
  let holds = false;

  return {
    gapMs,
    pendingHead: 0,
    push(chunk, boundaries, at) {
      if (chunk.length === 0) return;
      if (holds && at - lastAt >= gapMs) boundaries.push(0, 0, 0, 0);
      holds = true;
      lastAt = at;
    },
    end() {
      holds = false;
      return { head: 0, tail: 0, flags: 0 };
    },
  };
}
