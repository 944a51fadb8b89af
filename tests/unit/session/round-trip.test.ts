import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FillingBlock } from '#session/format/filling-block.ts';
import { Reader } from '#session/query/reader.ts';
import { columnsBufferSize } from '#shared/record/block.ts';
import { isoMicros } from '#shared/record/record.ts';
import { cases, Reached } from '#support/cases.ts';
import { payloadAt, windowAt } from '#support/reader-rows.ts';
import { comparable, type Expected, readAll, type Step, steps, writeSession } from '#support/session-script.ts';

/** Returns the stream offset that each record must have: the bytes before it of its socket and direction. */
function streamOffsets(records: readonly Expected[]): number[] {
  const streams = new Map<string, number>();
  return records.map(({ kind, socket, bytes }) => {
    if (kind !== 'in' && kind !== 'out') return 0;
    const key = `${socket} ${kind}`;
    const offset = streams.get(key) ?? 0;
    streams.set(key, offset + bytes.length);
    return offset;
  });
}

let folder: string;
let files = 0;

function newPath(): string {
  files += 1;
  return join(folder, `${files}.wirebench`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const everything = Number.POSITIVE_INFINITY;

/** A place in a file, from 0 to below 1. Not `fc.double`: most doubles in that range are next to 0. */
const somewhere = fc.nat(999_999).map((part) => part / 1_000_000);

/** Opens `path` as a stranger's file and checks all of it; gives what it holds. */
function open(path: string): { records: Expected[]; notice: string; offsets: number[] } | { failure: string } {
  const reader = new Reader(path, false);
  try {
    const opened = reader.open(everything);
    if (!opened.ok) return { failure: opened.error.code };
    while (!reader.scan.finished) reader.scan.run(1_000);
    const offsets = windowAt(reader, everything, 0, 100_000).rows.map((row) => row.offset);
    return { records: readAll(reader), notice: reader.view().notice, offsets };
  } finally {
    reader.close();
  }
}

function opened(path: string) {
  const result = open(path);
  if ('failure' in result) throw new Error(result.failure);
  return result;
}

describe('a session file', () => {
  it('gives back every record, whatever the interleaving, the sizes and the flushes', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (script, ended) => {
        const path = newPath();
        const { expected } = writeSession(path, script, ended);
        const { records, notice, offsets } = opened(path);
        expect(comparable(records)).toEqual(comparable(expected));
        for (const [index, record] of records.entries()) {
          expect(Math.abs(record.at - (expected[index]?.at ?? 0))).toBeLessThan(0.001);
        }
        // Invariant 1: for each socket and direction the payloads in order are the stream, without gap or overlap.
        expect(offsets).toEqual(streamOffsets(expected));
        expect(notice === '').toBe(ended);
        rmSync(path);
      }),
    );
  });

  it('gives back messages of any size up to 20 MB, whole and in parts', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: 0, max: 20_000_000 })), {
      minLength: 1,
      maxLength: 3,
    });
    const carryOver = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000 }));
    fc.assert(
      fc.property(sizes, carryOver, fc.boolean(), (all, before, flushes) => {
        const path = newPath();
        const run = {
          do: 'run',
          socket: 1,
          direction: 'in',
          carryOver: before,
          sizes: all,
          rest: 3,
          flags: 0,
        } as const;
        const script: Step[] = [run, ...(flushes ? [{ do: 'flush' } as const] : []), { ...run, direction: 'out' }];
        const { expected } = writeSession(path, script, true, {});
        const reader = new Reader(path, false);
        const { rows } = windowAt(reader, everything, 0, 10);
        expect(rows.map((row) => row.length)).toEqual(expected.map(({ bytes }) => bytes.length));
        for (const [seq, { bytes }] of expected.entries()) {
          for (const from of [0, Math.floor(bytes.length / 3)]) {
            const payload = payloadAt(reader, everything, seq, from, bytes.length);
            if (!payload.ok) throw new Error(payload.error.message);
            expect(Buffer.compare(payload.value.bytes, bytes.subarray(from))).toBe(0);
          }
        }
        reader.close();
        rmSync(path);
      }),
      cases(4),
    );
  });

  it('gives back every read, and of any part of a stream just those that brought it', async () => {
    const part = fc.tuple(fc.nat(5_000), fc.nat(3_000));
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), part, async (script, socket, [from, length]) => {
        const path = newPath();
        const { reads } = writeSession(path, script, true);
        const reader = new Reader(path, false);
        reader.open(everything);
        const expected = reads.filter((read) => read.socket === socket);
        const all = await reader.reads.find(socket, 0, everything);
        expect(all.map(({ offset, length: bytes }) => [offset, bytes])).toEqual(
          expected.map(({ offset, length: bytes }) => [offset, bytes]),
        );
        for (const [index, { at }] of all.entries()) {
          expect(Math.abs(at - (expected[index]?.at ?? 0))).toBeLessThan(0.001);
        }
        const some = all.filter(({ offset, length: bytes }) => offset < from + length && offset + bytes > from);
        expect(await reader.reads.find(socket, from, from + length)).toEqual(length === 0 ? [] : some);
        reader.close();
        rmSync(path);
      }),
    );
  });

  it('reads the same while it is written as when it is opened', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const path = newPath();
        const { expected, ends } = writeSession(path, script, false);
        const reader = new Reader(path, true);
        // Told block by block that the file has grown, it answers with a longer prefix each time.
        let known = 0;
        for (const end of ends) {
          const { total } = windowAt(reader, end, 0, 0);
          expect(total).toBeGreaterThanOrEqual(known);
          known = total;
        }
        expect(comparable(readAll(reader, ends.at(-1)))).toEqual(comparable(expected));
        reader.close();
        rmSync(path);
      }),
    );
  });

  it('opens with a prefix of its records and a notice wherever it was cut', () => {
    const reached = new Reached<'no session' | 'inside a block' | 'some records'>();
    fc.assert(
      fc.property(steps, fc.boolean(), somewhere, (script, ended, where) => {
        const path = newPath();
        const { expected, ends } = writeSession(path, script, ended);
        const size = ends.at(-1) as number;
        const headerEnd = ends[0] as number;
        const length = Math.floor(where * size);
        truncateSync(path, length);
        const result = open(path);
        if (length < headerEnd) {
          reached.note('no session');
          expect(result).toEqual({ failure: 'not-a-session' });
        } else {
          const { records, notice } = opened(path);
          expect(comparable(records)).toEqual(comparable(expected.slice(0, records.length)));
          expect(notice).not.toBe('');
          // What is lost is the block that was cut and nothing more.
          const whole = ends.filter((end) => end <= length).at(-1);
          if (records.length > 0) reached.note('some records');
          if (whole !== length) {
            reached.note('inside a block');
            expect(notice).toContain(`${length - (whole ?? 0)} bytes`);
          }
        }
        rmSync(path);
      }),
    );
    reached.expectEach(['no session', 'inside a block', 'some records'], 5);
  });

  it('never invents a record where a bit has flipped, and says that it is damaged', () => {
    const reached = new Reached<'no session' | 'fewer records' | 'all records'>();
    const some: Step[] = [
      { do: 'run', socket: 1, direction: 'in', carryOver: 3, sizes: [9, 0, 300, 4], rest: 1, flags: 0 },
    ];
    fc.assert(
      fc.property(steps, somewhere, fc.nat(7), (script, where, bit) => {
        const path = newPath();
        const { expected } = writeSession(path, [...some, ...script], true);
        const bytes = readFileSync(path);
        const at = Math.floor(where * bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        writeFileSync(path, bytes);
        const result = open(path);
        if ('failure' in result) {
          reached.note('no session');
          expect(result.failure).toBe('not-a-session');
        } else {
          reached.note(result.records.length < expected.length ? 'fewer records' : 'all records');
          expect(result.notice).toContain('damaged');
          expect(comparable(result.records)).toEqual(comparable(expected.slice(0, result.records.length)));
        }
        rmSync(path);
      }),
      cases(150),
    );
    reached.expectEach(['no session', 'fewer records', 'all records'], 5);
  });

  it('does not crash on bytes that are anything', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 40 }), (script, changes) => {
        const path = newPath();
        writeSession(path, script, true);
        const bytes = readFileSync(path);
        for (const [where, value] of changes) bytes[where % bytes.length] = value;
        writeFileSync(path, bytes);
        const result = open(path);
        expect('failure' in result ? result.failure : 'opened').toMatch(/^(opened|not-a-session)$/);
        rmSync(path);
      }),
    );
  });
});

it('a stored time is written as the time that was recorded', () => {
  const begin = Date.UTC(2020, 0);
  const buffer = new ArrayBuffer(columnsBufferSize(1, 1));
  const times = fc.tuple(fc.integer({ min: 0, max: 1e12 }), fc.double({ min: 0, max: 4_000_000, noNaN: true }));
  const check = fc.property(times, ([start, later]) => {
    const baseTime = begin + start;
    const at = baseTime + later;
    const stored = baseTime + new FillingBlock(buffer, 1, 0, baseTime).delta(at) / 1_000;
    expect(isoMicros(stored)).toBe(isoMicros(at));
  });
  fc.assert(check, cases(2_000));
});
