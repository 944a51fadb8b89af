import { kindCodes, type SocketInfo } from '#shared/record/record.ts';
import { isMessage } from '../../format/decoded-block.ts';
import { chosenBlocks, placeOf, type SaveSource } from './saving.ts';

/** One direction of one socket in an archive. */
export interface Stream {
  readonly socket: number;
  readonly code: number;
  size: number;
  records: number;
  /** Where it begins and ends among the blocks of the index. */
  readonly firstBlock: number;
  lastBlock: number;
}

/** The streams of the chosen messages, in the order in which they begin, with their sizes. */
export function* findStreams(source: SaveSource): Generator<{ done: number; total: number }, Stream[]> {
  const streams = new Map<number, Stream>();
  let number = 0;
  for (const chosen of chosenBlocks(source)) {
    const { sockets, kinds, lengths } = chosen.block.columns;
    for (let which = 0; which < chosen.count; which += 1) {
      const at = placeOf(chosen, which);
      const code = kinds[at] as number;
      if (!isMessage(chosen.block, at)) continue;
      const socket = sockets[at] as number;
      const key = streamKey(socket, code);
      let stream = streams.get(key);
      if (stream === undefined) {
        stream = { socket, code, size: 0, records: 0, firstBlock: number, lastBlock: number };
        streams.set(key, stream);
      }
      stream.size += lengths[at] as number;
      stream.records += 1;
      stream.lastBlock = number;
    }
    number += 1;
    yield { done: chosen.done / 2, total: chosen.total };
  }
  return [...streams.values()];
}

/** Returns one number for a socket and the code of a message's kind, which is below 16. Events are of no stream. */
export function streamKey(socket: number, code: number): number {
  return socket * 16 + code;
}

/** `socket-3-127.0.0.1_51422-in.bin`: with what peer, and which direction. */
export function streamName({ socket, code }: Pick<Stream, 'socket' | 'code'>, info: SocketInfo | undefined): string {
  const peer = (info?.peer ?? '')
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  const direction = code === kindCodes.in ? 'in' : 'out';
  return ['socket', String(socket), peer, direction].filter(Boolean).join('-').concat('.bin');
}
