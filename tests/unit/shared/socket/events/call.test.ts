import { describe, expect, it } from 'vitest';
import { describeEvent } from '#shared/record/record.ts';
import { baseName } from '#shared/socket/events/call.ts';

const call = { kind: 'call', name: 'accept', args: '', origin: 'observed', startAt: 1_000, durationMs: 0.2 } as const;

describe('the sentence of a call', () => {
  it.each([
    [{ result: 4, detail: '127.0.0.1:51422' }, 'accept() = 4 127.0.0.1:51422'],
    [{ waits: true, durationMs: 108 }, 'accept() waits  (108 ms)'],
    [{ name: 'recv', args: '1024', result: 14 }, 'recv(1024) = 14'],
    [
      { name: 'connect', args: '127.0.0.1:9', result: -1, errno: 'ECONNREFUSED', detail: 'Connection refused' },
      'connect(127.0.0.1:9) = -1 ECONNREFUSED (Connection refused)',
    ],
    [{ result: 4, file: '/home/ann/server.py', line: 12 }, 'accept() = 4  server.py:12'],
    [{ result: 4, file: 'C:\\course\\server.py', line: 12 }, 'accept() = 4  server.py:12'],
  ])('shows the arguments, the outcome, a noticeable duration and the line: %j', (fields, sentence) => {
    expect(describeEvent({ ...call, ...fields })).toBe(sentence);
  });
});

describe('baseName', () => {
  it.each([
    ['/home/ann/server.py', 'server.py'],
    ['server.py', 'server.py'],
    ['C:\\a\\b.py', 'b.py'],
    ['/', ''],
  ])('returns the last part of %s', (path, name) => expect(baseName(path)).toBe(name));
});
