import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FilledBlock } from '#session/format/filling-block.ts';
import { Recorder } from '#session/record/recorder.ts';
import { columnsBufferSize, viewColumns, viewReads } from '#shared/record/block.ts';
import { Reached } from '#support/cases.ts';
import { at, boundariesAt, none, recorderWith, socketInfo } from '#support/recorder.ts';

describe('Recorder', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('numbers records densely over runs and events', () => {
    const { recorder } = recorderWith();
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(0);
    expect(recorder.messages(1, 'in', at, none, new Uint8Array(9), boundariesAt(1, 2, 3, 4, 5, 6, 7, 8, 9))).toBe(1);
    expect(recorder.messages(1, 'in', at, none, new Uint8Array(9), boundariesAt())).toBe(10);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(10);
    recorder.stop();
  });

  it('gives a message larger than a block one of its own, in order, and goes on with the next', () => {
    const { recorder, blocks, handed } = recorderWith();
    const chunk = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
    recorder.messages(1, 'in', at, Uint8Array.of(1, 2), chunk, boundariesAt(10, 990, 1_000));
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
    recorder.messages(1, 'out', at, none, chunk, boundariesAt(3));
    chunk.fill(9);
    recorder.flush();
    const block = blocks[0] as FilledBlock;
    expect([...viewColumns(block.buffer, block.capacity).payload.subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  it('hands over the sockets before the records that name them', () => {
    const { recorder, handed } = recorderWith();
    recorder.describe(socketInfo(1));
    recorder.event(1, at, { kind: 'ended' });
    recorder.describe(socketInfo(2));
    recorder.flush();
    expect(handed).toEqual(['sockets 1,2', 'records 0+1']);
  });

  it('hands over what has waited for its time with the next record, where the timer is late', () => {
    const { recorder, handed } = recorderWith({ maxAgeMs: 20 });
    recorder.messages(1, 'in', at, none, new Uint8Array(1), boundariesAt(1));
    recorder.messages(1, 'in', at + 19, none, new Uint8Array(1), boundariesAt(1));
    expect(handed).toEqual([]);
    recorder.messages(1, 'in', at + 20, none, new Uint8Array(1), boundariesAt(1));
    expect(handed).toEqual(['records 0+3']);
    recorder.fail();
    recorder.event(1, at + 21, { kind: 'ended' });
    recorder.event(1, at + 50, { kind: 'ended' });
    expect(handed).toHaveLength(1);
    recorder.stop();
  });

  it('hands over what has waited for its time, without being told', () => {
    vi.useFakeTimers();
    const { recorder, handed } = recorderWith({ maxAgeMs: 20 });
    recorder.event(1, at, { kind: 'ended' });
    vi.advanceTimersByTime(19);
    expect(handed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(handed).toEqual(['records 0+1']);
    recorder.describe(socketInfo(1));
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
          else if (move === 'message') recorder.messages(1, 'in', Date.now(), none, new Uint8Array(9), boundariesAt(9));
          else if (move === 'read') recorder.read(1, Date.now(), 9);
          else recorder.describe(socketInfo(1));
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

  it('gives a record that comes after a later one the time of that, so that times never go back', () => {
    const { recorder, blocks } = recorderWith({ capacity: 8 });
    recorder.event(1, at, { kind: 'ended' });
    // As a message that an idle gap completes, of which the last byte came before.
    recorder.messages(2, 'in', at - 50, none, new Uint8Array(2), boundariesAt(1, 2));
    recorder.event(2, at - 20, { kind: 'ended' });
    recorder.messages(1, 'out', at + 5, none, new Uint8Array(1), boundariesAt(1));
    recorder.flush();
    const { buffer, capacity, baseTime } = blocks[0] as FilledBlock;
    const times = [...viewColumns(buffer, capacity).times.subarray(0, 5)].map((time) => baseTime + time / 1_000 - at);
    expect(times).toEqual([0, 0, 0, 0, 5]);
    recorder.stop();
  });

  it('starts a block where a time does not fit the one being filled', () => {
    const { recorder, handed } = recorderWith({ ascending: false });
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
    for (let count = 0; count < 8; count += 1)
      recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    expect(recorder.congested).toBe(true);
    expect(awaited).toEqual([true]);
    written();
    expect(recorder.congested).toBe(false);
    expect(drained).toBe(1);
    expect(awaited).toEqual([true, false]);
  });

  it('fills the buffers that come back again', () => {
    const { recorder, blocks, written } = recorderWith();
    recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    const buffer = blocks[0]?.buffer;
    written();
    recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    expect(blocks[0]?.buffer).toBe(buffer);
  });

  it('keeps nothing once it is stopped, but still numbers, and holds nobody up', () => {
    const { recorder, handed } = recorderWith({ maxWaiting: 100 });
    for (let count = 0; count < 4; count += 1)
      recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    let drained = false;
    recorder.onDrain(() => {
      drained = true;
    });
    recorder.stop();
    expect(drained).toBe(true);
    handed.length = 0;
    expect(recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(32, 64))).toBe(4);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(6);
    recorder.flush();
    expect(handed).toEqual([]);
    expect(recorder.congested).toBe(false);
  });

  it('hands reads over before the records that they completed, and also where they completed none', () => {
    const { recorder, handed } = recorderWith();
    recorder.read(1, at, 64);
    recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    recorder.read(1, at, 10);
    recorder.read(2, at, 10);
    recorder.flush();
    expect(handed).toEqual(['reads 1', 'records 0+1', 'reads 2']);
  });

  it('keeps a block that is nearly empty in a buffer of its size', () => {
    const { recorder, blocks } = recorderWith({ capacity: 1_000, payloadCapacity: 10_000 });
    recorder.messages(1, 'in', at, none, Uint8Array.of(1, 2, 3), boundariesAt(1, 3));
    recorder.flush();
    const [block] = blocks;
    expect(block?.buffer.byteLength).toBe(columnsBufferSize(2, 3));
    const columns = viewColumns(block?.buffer as ArrayBuffer, 2);
    expect([...columns.lengths, ...columns.payload]).toEqual([1, 2, 1, 2, 3]);
  });

  it('counts messages, their bytes and problems', () => {
    const { recorder } = recorderWith();
    recorder.messages(1, 'in', at, Uint8Array.of(1), Uint8Array.of(2, 3, 4), boundariesAt(1, 2));
    recorder.event(1, at, { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: '' });
    recorder.event(1, at, { kind: 'limited', limit: 'maxMessage', text: '' });
    recorder.event(1, at, { kind: 'ended' });
    expect([recorder.messageCount, recorder.bytes, recorder.problems]).toEqual([2, 3, 2]);
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
    recorder.messages(1, 'in', at, none, new Uint8Array(7), boundariesAt(7));
    recorder.read(1, at, 5);
    recorder.flush();
    expect(reads).toEqual([{ offset: 7, length: 5 }]);
    recorder.stop();
  });
});
