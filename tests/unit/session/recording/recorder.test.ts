import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FilledBlock } from '#session/recording/filling-block.ts';
import { Recorder } from '#session/recording/recorder.ts';
import type { RecorderOptions } from '#session/recording/recorder-options.ts';
import { Cuts } from '#shared/framing/cuts.ts';
import { columnsBufferSize, viewColumns } from '#shared/record/columns.ts';
import { viewReads } from '#shared/record/reads.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { Reached } from '#support/cases.ts';

const none = new Uint8Array(0);
const at = 1_800_000_000_000;

/** A recorder whose blocks are kept. `written()` answers for all of them, as the writer does. */
function recorderWith(options: Partial<RecorderOptions> = {}) {
  const blocks: FilledBlock[] = [];
  const handed: string[] = [];
  const awaited: boolean[] = [];
  const recorder = new Recorder(
    {
      sockets: (infos) => handed.push(`sockets ${infos.map(({ id }) => id).join()}`),
      reads: ({ count }) => handed.push(`reads ${count}`),
      records: (block) => {
        handed.push(`records ${block.first}+${block.count}`);
        blocks.push(block);
      },
      awaited: (is) => awaited.push(is),
    },
    { capacity: 4, payloadCapacity: 64, ...options },
  );
  const written = () => {
    const bytes = blocks.reduce((sum, block) => sum + columnsBufferSize(block.count, block.payloadLength), 0);
    const buffers = blocks.splice(0).map((block) => block.buffer);
    recorder.written(bytes, buffers);
  };
  return { recorder, blocks, handed, awaited, written };
}

function cutsAt(...ends: number[]): Cuts {
  const cuts = new Cuts();
  for (const end of ends) cuts.push(end, 0, 0, 0);
  return cuts;
}

const info = (id: number): SocketInfo => ({
  id,
  role: 'outgoing',
  transport: 'tcp',
  endpoint: 'e',
  name: 'n',
  local: '',
  peer: '',
  framing: 'raw',
});

describe('Recorder', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('numbers records densely over runs and events', () => {
    const { recorder } = recorderWith();
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(0);
    expect(recorder.run(1, 'in', at, none, new Uint8Array(9), cutsAt(1, 2, 3, 4, 5, 6, 7, 8, 9))).toBe(1);
    expect(recorder.run(1, 'in', at, none, new Uint8Array(9), cutsAt())).toBe(10);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(10);
    recorder.stop();
  });

  it('gives a message larger than a block one of its own, in order, and goes on with the next', () => {
    const { recorder, blocks, handed } = recorderWith();
    const chunk = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
    recorder.run(1, 'in', at, Uint8Array.of(1, 2), chunk, cutsAt(10, 990, 1_000));
    recorder.flush();
    expect(handed).toEqual(['records 0+1', 'records 1+1', 'records 2+1']);
    const large = blocks[1] as FilledBlock;
    expect(large.payloadLength).toBe(980);
    const columns = viewColumns(large.buffer, large.capacity);
    expect(columns.payload.slice(0, 980)).toEqual(chunk.slice(10, 990));
    expect(columns.offsets[0]).toBe(12);
  });

  it('copies what it records before it returns', () => {
    const { recorder, blocks } = recorderWith();
    const chunk = Uint8Array.of(1, 2, 3);
    recorder.run(1, 'out', at, none, chunk, cutsAt(3));
    chunk.fill(9);
    recorder.flush();
    const block = blocks[0] as FilledBlock;
    expect([...viewColumns(block.buffer, block.capacity).payload.subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  it('hands over the sockets before the records that name them', () => {
    const { recorder, handed } = recorderWith();
    recorder.describe(info(1));
    recorder.event(1, at, { kind: 'ended' });
    recorder.describe(info(2));
    recorder.flush();
    expect(handed).toEqual(['sockets 1,2', 'records 0+1']);
  });

  it('hands over what has waited for its time, without being told', () => {
    vi.useFakeTimers();
    const { recorder, handed } = recorderWith({ maxAgeMs: 20 });
    recorder.event(1, at, { kind: 'ended' });
    vi.advanceTimersByTime(19);
    expect(handed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(handed).toEqual(['records 0+1']);
    recorder.describe(info(1));
    vi.advanceTimersByTime(20);
    expect(handed).toEqual(['records 0+1', 'sockets 1']);
  });

  it('keeps no record for longer than 100 ms, however records and reads follow each other', () => {
    vi.useFakeTimers();
    const reached = new Reached<'handed over full' | 'handed over by time' | 'waits'>();
    const moves = fc.constantFrom('event', 'message', 'read', 'describe');
    const pause = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(45) });
    fc.assert(
      fc.property(fc.array(fc.tuple(moves, pause), { minLength: 1, maxLength: 40, size: 'max' }), (script) => {
        // When each record that has not been handed over was recorded.
        const waiting = new Map<number, number>();
        const oldest = () => Math.max(...[...waiting.values()].map((since) => Date.now() - since), 0);
        const recorder = new Recorder(
          {
            sockets: () => undefined,
            reads: () => undefined,
            records: ({ first, count }) => {
              reached.note(count === 4 ? 'handed over full' : 'handed over by time');
              for (let seq = first; seq < first + count; seq += 1) waiting.delete(seq);
            },
            awaited: () => undefined,
          },
          { capacity: 4, payloadCapacity: 4_096 },
        );
        for (const [move, waitMs] of script) {
          const seq = recorder.next;
          if (move === 'event' || move === 'message') waiting.set(seq, Date.now());
          if (move === 'event') recorder.event(1, Date.now(), { kind: 'ended' });
          else if (move === 'message') recorder.run(1, 'in', Date.now(), none, new Uint8Array(9), cutsAt(9));
          else if (move === 'read') recorder.read(1, Date.now(), 9);
          else recorder.describe(info(1));
          for (let ms = 0; ms < waitMs; ms += 1) {
            vi.advanceTimersByTime(1);
            if (waiting.size > 0) reached.note('waits');
            expect(oldest()).toBeLessThan(100);
          }
        }
        vi.advanceTimersByTime(100);
        expect([...waiting.keys()]).toEqual([]);
        recorder.stop();
      }),
    );
    reached.expectEach(['handed over full', 'handed over by time', 'waits'], 20);
  });

  it('starts a block where a time does not fit the one being filled', () => {
    const { recorder, handed } = recorderWith();
    recorder.event(1, at, { kind: 'ended' });
    recorder.event(1, at - 500, { kind: 'ended' });
    recorder.event(1, at - 5_000, { kind: 'ended' });
    recorder.event(1, at + 2 ** 32, { kind: 'ended' });
    recorder.flush();
    expect(handed).toEqual(['records 0+2', 'records 2+1', 'records 3+1']);
  });

  it('is congested above its cap of unwritten bytes, and tells once when half is written', () => {
    const { recorder, written, awaited } = recorderWith({ maxWaiting: 1_000 });
    let drained = 0;
    recorder.onDrain(() => {
      drained += 1;
    });
    for (let count = 0; count < 8; count += 1) recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    expect(recorder.congested).toBe(true);
    expect(awaited).toEqual([true]);
    written();
    expect(recorder.congested).toBe(false);
    expect(drained).toBe(1);
    expect(awaited).toEqual([true, false]);
  });

  it('fills the buffers that come back again', () => {
    const { recorder, blocks, written } = recorderWith();
    recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    const buffer = blocks[0]?.buffer;
    written();
    recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    expect(blocks[0]?.buffer).toBe(buffer);
  });

  it('keeps nothing once it is stopped, but still numbers, and holds nobody up', () => {
    const { recorder, handed } = recorderWith({ maxWaiting: 100 });
    for (let count = 0; count < 4; count += 1) recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    let drained = false;
    recorder.onDrain(() => {
      drained = true;
    });
    recorder.stop();
    expect(drained).toBe(true);
    handed.length = 0;
    expect(recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(32, 64))).toBe(4);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(6);
    recorder.flush();
    expect(handed).toEqual([]);
    expect(recorder.congested).toBe(false);
  });

  it('hands reads over before the records that they completed, and also where they completed none', () => {
    const { recorder, handed } = recorderWith();
    recorder.read(1, at, 64);
    recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    recorder.read(1, at, 10);
    recorder.read(2, at, 10);
    recorder.flush();
    expect(handed).toEqual(['reads 1', 'records 0+1', 'reads 2']);
  });

  it('keeps a block that is nearly empty in a buffer of its size', () => {
    const { recorder, blocks } = recorderWith({ capacity: 1_000, payloadCapacity: 10_000 });
    recorder.run(1, 'in', at, none, Uint8Array.of(1, 2, 3), cutsAt(1, 3));
    recorder.flush();
    const [block] = blocks;
    expect(block?.buffer.byteLength).toBe(columnsBufferSize(2, 3));
    const columns = viewColumns(block?.buffer as ArrayBuffer, 2);
    expect([...columns.lengths, ...columns.payload]).toEqual([1, 2, 1, 2, 3]);
  });

  it('counts messages, their bytes and problems', () => {
    const { recorder } = recorderWith();
    recorder.run(1, 'in', at, Uint8Array.of(1), Uint8Array.of(2, 3, 4), cutsAt(1, 2));
    recorder.event(1, at, { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: '' });
    recorder.event(1, at, { kind: 'limited', limit: 'maxMessage', text: '' });
    recorder.event(1, at, { kind: 'ended' });
    expect([recorder.messages, recorder.bytes, recorder.problems]).toEqual([2, 3, 2]);
    recorder.stop();
  });
});

describe('the reads that a Recorder notes', () => {
  it('go on behind what was received while reads were not noted', () => {
    const reads: { offset: number; length: number }[] = [];
    const recorder = new Recorder({
      sockets: () => undefined,
      records: () => undefined,
      reads: (filled) => {
        const columns = viewReads(filled.buffer, filled.capacity);
        reads.push({ offset: columns.offsets[0] as number, length: columns.lengths[0] as number });
      },
      awaited: () => undefined,
    });
    // Under raw framing; then framing is changed.
    recorder.run(1, 'in', at, none, new Uint8Array(7), cutsAt(7));
    recorder.read(1, at, 5);
    recorder.flush();
    expect(reads).toEqual([{ offset: 7, length: 5 }]);
    recorder.stop();
  });
});

describe('Recorder while the file cannot be written', () => {
  const full = { maxWaiting: 100, maxHeld: 400 };
  const events = (blocks: readonly FilledBlock[]) =>
    blocks.flatMap((block) => {
      const { sockets, lengths, kinds, payload } = viewColumns(block.buffer, block.capacity);
      let start = 0;
      return Array.from({ length: block.count }, (_, index) => {
        const end = start + (lengths[index] as number);
        const text = Buffer.from(payload.subarray(start, end)).toString();
        start = end;
        const isEvent = (kinds[index] as number) >= 16;
        return { socket: sockets[index], ...(isEvent ? (JSON.parse(text) as object) : { bytes: end - start }) };
      });
    });

  it('hands over whole blocks only, and is stalled once more waits than the cap', () => {
    vi.useFakeTimers();
    const { recorder, handed } = recorderWith(full);
    recorder.fail();
    recorder.event(1, at, { kind: 'ended' });
    vi.advanceTimersByTime(1_000);
    expect(handed).toEqual([]);
    expect(recorder.stalled).toBe(false);
    for (let count = 0; count < 3; count += 1) recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    expect(recorder.stalled).toBe(true);
    recorder.recover();
    expect(recorder.stalled).toBe(false);
    expect(recorder.congested).toBe(true);
  });

  it('loses nothing up to its hard stop, and then counts what it loses by socket', () => {
    const { recorder, blocks } = recorderWith(full);
    recorder.run(1, 'in', at, none, new Uint8Array(4), cutsAt(4));
    recorder.fail();
    let kept = 1;
    while (recorder.lost === 0) {
      kept = recorder.next;
      recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(32, 64));
    }
    expect(kept).toBeGreaterThan(5);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(kept);
    expect(recorder.next).toBe(kept);
    expect(recorder.lost).toBe(3);
    recorder.recover();
    const limited = events(blocks).at(-1);
    expect(limited).toMatchObject({ socket: 1, kind: 'limited', limit: 'sessionMemory' });
    expect(limited).toMatchObject({ text: expect.stringMatching(/^3 records with 64 message bytes were not kept/) });
    // What follows has the place in the stream that it has: the gap shows.
    blocks.length = 0;
    recorder.run(1, 'in', at, none, new Uint8Array(1), cutsAt(1));
    recorder.flush();
    const [block] = blocks;
    const { offsets } = viewColumns(block?.buffer as ArrayBuffer, block?.capacity ?? 0);
    expect(offsets[0]).toBe(4 + (kept - 1) * 32 + 64);
  });

  it('records the end of a socket that ended while there was no memory, once, and of one that came and went only the count', () => {
    const { recorder, blocks, handed } = recorderWith(full);
    recorder.run(1, 'in', at, none, new Uint8Array(4), cutsAt(4));
    recorder.fail();
    while (recorder.lost === 0) recorder.run(1, 'in', at, none, new Uint8Array(64), cutsAt(64));
    const closed = { kind: 'closed', cause: 'peer', bytesIn: 1, bytesOut: 2 } as const;
    recorder.event(1, at, closed);
    const address = { host: '127.0.0.1', port: 1, family: 4 } as const;
    for (const socket of [7, 8, 9]) {
      recorder.describe(info(socket));
      const kind = socket === 8 ? 'lane' : 'accepted';
      recorder.event(socket, at, { kind, local: address, peer: address, listener: 2 });
      recorder.run(socket, 'in', at, none, new Uint8Array(4), cutsAt(4));
      if (socket !== 9) recorder.event(socket, at, closed);
    }
    blocks.length = 0;
    handed.length = 0;
    recorder.recover();
    expect(handed[0]).toBe('sockets 9');
    const recorded = events(blocks).filter((event) => 'kind' in event);
    expect(recorded.map((event) => [event.socket, 'kind' in event && event.kind])).toEqual([
      [0, 'limited'],
      [1, 'limited'],
      [1, 'closed'],
      [9, 'limited'],
    ]);
    expect(recorded[0]).toMatchObject({ text: expect.stringContaining('6 records of 2 connections') });
    expect(recorded[1]).toMatchObject({ text: expect.stringContaining('1 records with 64 message bytes') });
    expect(recorded[3]).toMatchObject({ text: expect.stringContaining('2 records with 4 message bytes') });
  });
});
