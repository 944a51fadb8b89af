import { describe, expect, it, vi } from 'vitest';
import type { FilledBlock } from '#session/format/filling-block.ts';
import { viewColumns } from '#shared/record/block.ts';
import { at, boundariesAt, none, recorderWith, socketInfo } from '#support/recorder.ts';

describe('Recorder while the file cannot be written', () => {
  const full = { maxWaiting: 100, maxKept: 400 };
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
    for (let count = 0; count < 3; count += 1)
      recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    expect(recorder.stalled).toBe(true);
    recorder.recover();
    expect(recorder.stalled).toBe(false);
    expect(recorder.congested).toBe(true);
  });

  it('loses nothing up to its hard stop, and then counts what it loses by socket', () => {
    const { recorder, blocks } = recorderWith(full);
    recorder.messages(1, 'in', at, none, new Uint8Array(4), boundariesAt(4));
    recorder.fail();
    let kept = 1;
    while (recorder.lost === 0) {
      kept = recorder.next;
      recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(32, 64));
    }
    expect(kept).toBeGreaterThan(5);
    expect(recorder.event(1, at, { kind: 'ended' })).toBe(kept);
    expect(recorder.next).toBe(kept);
    expect(recorder.lost).toBe(3);
    recorder.recover();
    const limited = events(blocks).at(-1);
    expect(limited).toMatchObject({ socket: 1, kind: 'limited', limit: 'sessionMemory' });
    expect(limited).toMatchObject({ text: expect.stringMatching(/^3 records with 64 message bytes were lost/) });
    // What follows has the place in the stream that it has: the gap shows.
    blocks.length = 0;
    recorder.messages(1, 'in', at, none, new Uint8Array(1), boundariesAt(1));
    recorder.flush();
    const [block] = blocks;
    const { offsets } = viewColumns(block?.buffer as ArrayBuffer, block?.capacity ?? 0);
    expect(offsets[0]).toBe(4 + (kept - 1) * 32 + 64);
  });

  it('records the end of a socket that ended while there was no memory, once, and of one that came and went only the count', () => {
    const { recorder, blocks, handed } = recorderWith(full);
    recorder.messages(1, 'in', at, none, new Uint8Array(4), boundariesAt(4));
    recorder.fail();
    while (recorder.lost === 0) recorder.messages(1, 'in', at, none, new Uint8Array(64), boundariesAt(64));
    const closed = { kind: 'closed', cause: 'peer', bytesIn: 1, bytesOut: 2 } as const;
    recorder.event(1, at, closed);
    const address = { host: '127.0.0.1', port: 1, family: 4 } as const;
    for (const socket of [7, 8, 9]) {
      recorder.describe(socketInfo(socket));
      const kind = socket === 8 ? 'peer-added' : 'accepted';
      recorder.event(socket, at, { kind, local: address, peer: address, listener: 2 });
      recorder.messages(socket, 'in', at, none, new Uint8Array(4), boundariesAt(4));
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
