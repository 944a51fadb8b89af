import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTraceRecords } from '#shared/calls/trace-format.ts';

const tracers = fileURLToPath(new URL('../../../../resources/trace', import.meta.url));

/** Returns the bytes of the start of a call with an argument. */
function startOf(call: number, argument: string): Uint8Array {
  const text = new TextEncoder().encode(argument);
  const bytes = new Uint8Array((47 + text.length) & ~7);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, call);
  view.setUint16(2, text.length, true);
  view.setUint32(4, bytes.length, true);
  view.setBigUint64(8, 5_000_000_000n, true);
  view.setUint32(16, 2, true);
  view.setUint32(20, 77, true);
  view.setInt32(24, -1, true);
  view.setBigInt64(32, 1024n, true);
  bytes.set(text, 40);
  return bytes;
}

/** Returns the name of the call with a number, as the reader has it. */
function nameOf(number: number): string | undefined {
  const records = readTraceRecords(startOf(number, ''));
  const record = records.ok ? records.value[0] : undefined;
  return record?.kind === 'start' ? record.call : undefined;
}

test('the tracers and the reader number the calls in the same order', () => {
  const node: Record<string, number> = createRequire(import.meta.url)(`${tracers}/node/calls.cjs`);
  expect(Object.values(node).map(nameOf)).toEqual(Object.keys(node));
  const code = 'import sys; sys.path.insert(0, sys.argv[1]); from wirebench_trace.calls import NAMES; print(*NAMES)';
  const python = String(execFileSync('python3', ['-c', code, `${tracers}/python`]))
    .trim()
    .split(' ');
  expect(python.map((_, at) => nameOf(at + 1))).toEqual(python);
  expect(python.length).toBeGreaterThan(30);
});

test('the start of a call is read, and whether it is one of TLS', () => {
  const connect = 5;
  for (const flag of [0, 0x80]) {
    const records = readTraceRecords(startOf(connect | flag, '127.0.0.1:80'));
    expect(records.ok && records.value).toEqual([
      {
        ...{ kind: 'start', call: 'connect', isTls: flag !== 0, number: 77, atNs: 5e9, thread: 2, descriptor: -1 },
        ...{ source: 0, amount: 1024, detail: '127.0.0.1:80' },
      },
    ]);
  }
});

test('a call without a name and a record that was cut off are refused', () => {
  expect(readTraceRecords(startOf(127, '')).ok).toBe(false);
  expect(readTraceRecords(startOf(1, 'text').subarray(0, 40)).ok).toBe(false);
});

test('any bytes are read, or refused, without an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readTraceRecords(bytes)));
  const damaged = fc.tuple(fc.nat({ max: 55 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(damaged, { maxLength: 6 }), (changes) => {
      const bytes = startOf(3, 'AF_INET, 1');
      for (const [at, value] of changes) bytes[at] = value;
      readTraceRecords(bytes);
    }),
  );
});
