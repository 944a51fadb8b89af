import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventKinds } from '#shared/socket/event.ts';

const rows = (text: string) => text.split('\n').filter((line) => /^\| \d+ \| `/.test(line));

test('docs/session-format.md lists every kind of record with its code', () => {
  const events = [...eventKinds].sort((one, other) => one.code - other.code);
  expect(rows(readFileSync('docs/session-format.md', 'utf8'))).toEqual([
    '| 0 | `in` | a message received |',
    '| 1 | `out` | a message sent |',
    ...events.map(({ code, kind, help }) => `| ${code} | \`${kind}\` | ${help} |`),
  ]);
});

test('no code of an event is used twice, nor one below 16', () => {
  const codes = eventKinds.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Math.min(...codes)).toBeGreaterThanOrEqual(16);
});
