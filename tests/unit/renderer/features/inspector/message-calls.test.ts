import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsOf } from '#shared/calls/calls.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { transports } from '#shared/socket/transports.ts';
import { cases, Reached } from '#support/cases.ts';
import { readParts } from '../../../../../src/renderer/features/inspector/record-data.ts';

const info = (change: Partial<SocketInfo>): SocketInfo => ({
  id: 1,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'e',
  name: 'n',
  local: '127.0.0.1:1',
  peer: '127.0.0.1:2',
  framing: 'line',
  ...change,
});

/** What a recv() that is shown offers, and what it is said to have returned. */
const shownReads = (calls: readonly string[]) =>
  calls.flatMap((call) => {
    const found = /recv(?:from)?\((\d+)\)(?: {2}# (\d+) byte)?/.exec(call);
    return found ? [{ offers: Number(found[1]), returned: Number(found[2] ?? 0) }] : [];
  });

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 300_000 })), {
  minLength: 1,
  maxLength: 12,
});

test('the reads of a message are the real ones, and what is taken from them is the message', () => {
  const reached = new Reached<'one read' | 'several reads' | 'a part of a read'>();
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (lengths, from, size) => {
      let offset = 0;
      const reads = lengths.map((length) => {
        const read = { offset, at: 0, length };
        offset += length;
        return read;
      });
      const start = from % offset;
      const length = 1 + (size % (offset - start));
      const parts = readParts({ offset: start, length }, reads);
      const calls = callsOf({ kind: 'in', length }, info({}), { reads: parts }).map(({ call }) => call);
      const shown = shownReads(calls);
      const wholes = reads.filter((read) => read.offset < start + length && read.offset + read.length > start);
      expect(shown.map(({ returned }) => returned)).toEqual(wholes.slice(0, 8).map((read) => read.length));
      for (const { offers, returned } of shown) expect(returned).toBeLessThanOrEqual(offers);
      const slice = /data\[(\d+):(\d+)\]/.exec(calls.at(-1) ?? '');
      const taken = [Number(slice?.[1]), Number(slice?.[2])];
      const base = wholes[0]?.offset ?? 0;
      expect(taken).toEqual([start - base, start + length - base]);
      reached.note(wholes.length === 1 ? 'one read' : 'several reads');
      if (start > base) reached.note('a part of a read');
    }),
    cases(300),
  );
  reached.expectEach(['one read', 'several reads', 'a part of a read']);
});

test('no recv() that is shown returns more than it offers, whatever the socket', () => {
  const sockets = fc.record({
    role: fc.constantFrom('listener', 'accepted', 'outgoing'),
    transport: fc.constantFrom(...transports),
    framing: fc.constantFrom('raw', 'line'),
    unconnected: fc.boolean(),
  });
  fc.assert(
    fc.property(sockets, fc.nat({ max: 65_507 }), fc.boolean(), (socket, length, isKnown) => {
      const parts = isKnown ? readParts({ offset: 0, length }, [{ offset: 0, at: 0, length: length * 3 }]) : [];
      const calls = callsOf({ kind: 'in', length }, info(socket), { reads: parts }).map(({ call }) => call);
      for (const { offers, returned } of shownReads(calls)) expect(returned).toBeLessThanOrEqual(offers);
    }),
    cases(300),
  );
});

test('a message that the end of the stream cut off is not shown as taken', () => {
  const row = { kind: 'in', length: 58, flags: messageFlags.incomplete } as const;
  const reads = [{ whole: 58, start: 0, length: 58 }];
  const last = (whole: number) => callsOf(row, info({ framing: 'http' }), { reads, whole }).at(-1)?.explains;
  expect(last(149)).toBe('The stream ended after 58 of 149 bytes.');
  expect(last(0)).toBe('The stream ended after 58 bytes of a message, before its end.');
  expect(callsOf(row, info({}), { whole: 149 })[0]?.explains).toContain('The stream ended after 58 of 149 bytes.');
});
