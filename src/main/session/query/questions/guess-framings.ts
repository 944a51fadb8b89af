import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Result } from '#shared/failure.ts';
import { guessBytes, guessFraming } from '#shared/framing/guess.ts';
import { kindCodes } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { BlockSource } from '../../format/block-source.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { isMessage } from '../../format/decoded-block.ts';
import type { Progress } from '../../threads.ts';
import { type Question, sliced } from '../asked-session.ts';

/** Guesses the framings of recorded streams: see `guessFramingsSchema`. */
export const guessFramings: Question<PageQuestionInput<'guessFramings'>, PageQuestionOutput<'guessFramings'>> = (
  input,
  { reader },
  job,
) => {
  return sliced('Guessing the framing', guessFlows(reader.index, input), job);
};

/** The maximum number of flows that are examined: those that begin first. */
const maxFlows = 32;

interface Flow {
  readonly socket: number;
  readonly code: number;
  readonly bytes: Uint8Array;
  length: number;
}

/**
 * Guesses the framings of the flows in `scope` that carry a stream, from the first 64 KiB of each, in the order in which they
 * begin; at most 32 flows. Each `yield` is a place to pause or stop.
 */
function* guessFlows(
  index: BlockIndex,
  { sockets, endpoint }: PageQuestionInput<'guessFramings'>,
): Generator<Progress, Result<PageQuestionOutput<'guessFramings'>>> {
  const source = new BlockSource(index);
  const flows = new Map<string, Flow>();
  const { count, end } = index;
  const isMeant = (socket: number) => {
    if (sockets !== undefined) return sockets.includes(socket);
    return endpoint === undefined || index.sockets.get(socket)?.endpoint === endpoint;
  };
  const most = Math.min(maxFlows, sockets === undefined ? maxFlows : 2 * sockets.length);
  for (let at = 0; at < count && at < index.count; at += 1) {
    const block = source.load(at);
    if (block === undefined) break;
    collect(index, block, isMeant, flows);
    if (flows.size === most && [...flows.values()].every(({ length }) => length > guessBytes)) break;
    yield { done: index.positions[at] as number, total: end };
  }
  const guessed: PageQuestionOutput<'guessFramings'>['flows'] = [];
  for (const { socket, code, bytes, length } of flows.values()) {
    const guesses = guessFraming(bytes.subarray(0, length));
    guessed.push({
      socket,
      peer: index.sockets.get(socket)?.peer ?? '',
      direction: code === kindCodes.in ? 'in' : 'out',
      bytes: Math.min(length, guessBytes),
      guesses: guesses.map((guess) => ({ ...guess, protocols: [...guess.protocols] })),
    });
    yield { done: end, total: end };
  }
  return { ok: true, value: { flows: guessed } };
}

/** Adds the messages of a block to their flows, with their framing. */
function collect(
  index: BlockIndex,
  block: DecodedBlock,
  isMeant: (socket: number) => boolean,
  flows: Map<string, Flow>,
): void {
  const { columns } = block;
  for (let at = 0; at < block.count; at += 1) {
    if (!isMessage(block, at)) continue;
    const socket = columns.sockets[at] as number;
    const code = columns.kinds[at] as number;
    if (!isMeant(socket)) continue;
    const info = index.sockets.get(socket);
    if (info && abilitiesOf(info.transport).messageOriented) continue;
    const key = `${socket} ${code}`;
    let flow = flows.get(key);
    if (flow === undefined) {
      if (flows.size === maxFlows) continue;
      // One byte more than is examined shows that the stream continues.
      flow = { socket, code, bytes: new Uint8Array(guessBytes + 1), length: 0 };
      flows.set(key, flow);
    }
    const wanted = Math.min(columns.lengths[at] as number, flow.bytes.length - flow.length);
    if (wanted <= 0) continue;
    flow.bytes.set(block.bytes(at, 0, wanted), flow.length);
    flow.length += wanted;
  }
}
