import { createFramer } from '#shared/framing/list.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';

/** A message as a test compares it: its body and framing as Latin-1 text, so that every byte shows. */
export interface Cut {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
  readonly flags: number;
}

/** Runs `chunks` through a framing as the engine does and gives all that came out, with the most bytes ever held. */
export function cutStream(
  spec: FramingSpec,
  chunks: readonly Uint8Array[],
  maxMessage = 1_048_576,
): { cuts: Cut[]; mostHeld: number } {
  const cuts: Cut[] = [];
  let mostHeld = 0;
  const stream = new MessageStream(
    createFramer(spec),
    { maxMessage, badFrame: 'resynchronise' },
    (held, chunk, found) => {
      let start = -held.length;
      const all = Buffer.concat([held, chunk]);
      for (let index = 0; index < found.count; index += 1) {
        const end = found.ends[index] as number;
        const bytes = all.subarray(start + held.length, end + held.length);
        const head = found.heads[index] as number;
        const tail = found.tails[index] as number;
        cuts.push({
          head: bytes.subarray(0, head).toString('latin1'),
          body: bytes.subarray(head, bytes.length - tail).toString('latin1'),
          tail: bytes.subarray(bytes.length - tail).toString('latin1'),
          flags: found.flags[index] as number,
        });
        start = end;
      }
    },
  );
  for (const chunk of chunks) {
    stream.push(chunk, 0);
    mostHeld = Math.max(mostHeld, stream.pending);
  }
  stream.end();
  return { cuts, mostHeld };
}

/** `bytes` cut at the given places (any numbers; taken modulo the length). */
export function chunksOf(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) {
    chunks.push(bytes.subarray(from, to));
    from = to;
  }
  return chunks;
}
