import fc from 'fast-check';
import type { Recorder } from '#session/record/recorder.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { FrameFaults } from '#shared/framing/frame-faults.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import { createFramer, formatFraming } from '#shared/framing/spec.ts';
import { singleBoundary } from '#shared/message/boundaries.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { Expected } from './session-script.ts';

/** What happens on the wire of one of some connections. */
export type WireStep =
  | { readonly do: 'in' | 'out'; readonly socket: number; readonly bytes: Uint8Array; readonly waitMs: number }
  | { readonly do: 'flush' };

export const sockets = [1, 2] as const;
const none = new Uint8Array(0);

/** Pieces of JSON, of lines and of anything, so that all framings find something, and something wrong. */
const wireBytes = fc.oneof(
  fc
    .constantFrom(
      '{"a":',
      '1}',
      '"x\\"',
      '[]',
      '\n',
      '\r\n',
      'true ',
      'tru',
      ' \n',
      'line\n',
      '12',
      '}',
      '{"b":[{}]}\n',
    )
    .map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ minLength: 1, maxLength: 60 }),
  fc
    .array(fc.constantFrom('a\n', 'bb\n', '{}', '3 '), { minLength: 1, maxLength: 30 })
    .map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
);

/** Reads and sends of two connections in any order. */
export const wireSteps: fc.Arbitrary<WireStep[]> = fc.array(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        do: fc.constantFrom('in' as const, 'in' as const, 'out' as const),
        socket: fc.constantFrom(...sockets),
        bytes: wireBytes,
        waitMs: fc.constantFrom(0, 0.25, 3, 80),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  ),
  { maxLength: 40 },
);

export function connectionInfo(id: number, framing: string): SocketInfo {
  const peer = `127.0.0.1:${50_000 + id}`;
  return { id, role: 'accepted', transport: 'tcp', endpoint: 'e', name: 'n', local: '127.0.0.1:1', peer, framing };
}

/** One read or send: when, and which bytes. */
export interface Chunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What went over the wire, by socket and direction (`1 in`). */
export type Wire = Map<string, Chunk[]>;

/** Records `steps` as the engine does where `framing` is that of what is received. Each connection is closed at the end. */
export function recordWire(recorder: Recorder, steps: readonly WireStep[], framing: FramingSpec): Wire {
  const wire: Wire = new Map();
  let at = 1_800_000_000_000;
  const streams = new Map(sockets.map((id) => [id as number, inbound(recorder, id, framing)]));
  for (const step of steps) {
    if (step.do === 'flush') {
      recorder.flush();
      continue;
    }
    at += step.waitMs;
    const key = `${step.socket} ${step.do}`;
    wire.set(key, [...(wire.get(key) ?? []), { at, bytes: step.bytes }]);
    if (step.do === 'in') streams.get(step.socket)?.receive(step.bytes, at);
    else recorder.messages(step.socket, 'out', at, none, step.bytes, singleBoundary(step.bytes.length));
  }
  for (const [id, { end }] of streams) {
    end();
    recorder.event(id, at, { kind: 'ended' });
    recorder.event(id, at, { kind: 'closed', cause: 'peer', bytesIn: 0, bytesOut: 0 });
  }
  return wire;
}

function inbound(recorder: Recorder, id: number, framing: FramingSpec) {
  recorder.describe(connectionInfo(id, formatFraming(framing)));
  const faults = new FrameFaults();
  let readAt = 0;
  let taken = 0;
  const options = { maxMessage: 16 * 1_048_576, badFrame: 'resynchronise' } as const;
  const stream = new MessageStream(
    createFramer(framing, options.maxMessage),
    options,
    (carryOver, chunk, boundaries) => {
      recorder.messages(id, 'in', readAt, carryOver, chunk, boundaries);
      const first = taken;
      taken += carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
      for (const { start, text } of faults.look(carryOver.length, boundaries).malformed) {
        recorder.event(id, readAt, { kind: 'malformed', framing: formatFraming(framing), offset: first + start, text });
      }
    },
  );
  const receive = (bytes: Uint8Array, at: number) => {
    readAt = at;
    if (framing.kind !== 'raw') recorder.read(id, at, bytes.length);
    stream.push(bytes, at);
  };
  return { receive, end: () => stream.end() };
}

/** The messages of one socket and direction among `records`. */
export function streamRecords(records: readonly Expected[], key: string): Expected[] {
  return records.filter(({ kind, socket }) => `${socket} ${kind}` === key);
}
