import type { ByteReader } from '#shared/pcap/reading/byte-reader.ts';

const chunkBytes = 262_144;
const lineFeed = 10;

/** One line without its end; `undefined` where it is too long to be taken. Good until the next one. */
export type Line = Buffer | undefined;

/**
 * The lines of `reader` one after another, also the last one where no line feed ends it. A line of more than `maxBytes`
 * is passed over and given as `undefined`: the memory holds no more than that.
 */
export function* readLines(reader: ByteReader, maxBytes: number): Generator<Line> {
  let carryOver: Buffer[] = [];
  let carryOverBytes = 0;
  for (;;) {
    const taken = reader.take(chunkBytes);
    if (taken.length === 0) break;
    const chunk = Buffer.from(taken.buffer, taken.byteOffset, taken.length);
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const rest = chunk.subarray(from, end);
      if (carryOverBytes + rest.length > maxBytes) yield undefined;
      else yield carryOverBytes === 0 ? rest : Buffer.concat([...carryOver, rest]);
      carryOver = [];
      carryOverBytes = 0;
      from = end + 1;
    }
    if (from < chunk.length) {
      // Of a line that is too long only its length is kept.
      carryOverBytes += chunk.length - from;
      if (carryOverBytes <= maxBytes) carryOver.push(Buffer.from(chunk.subarray(from)));
      else carryOver = [];
    }
  }
  if (carryOverBytes > maxBytes) yield undefined;
  else if (carryOverBytes > 0) yield Buffer.concat(carryOver);
}
