import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FilledBlock } from '#session/filling-block.ts';
import { Recorder } from '#session/recorder.ts';
import type { RecorderOptions } from '#session/recorder-options.ts';
import { Cuts } from '#shared/framing/cuts.ts';
import { columnsBufferSize, viewColumns } from '#shared/record/columns.ts';
import type { SocketInfo } from '#shared/record/record.ts';

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
