import { toHex } from '../../bytes/hex.ts';
import { Refused } from '../limits.ts';
import { isWhole, type Run } from '../scope.ts';
import { filter, integerOf, numberOf, shown, textOf, value } from './function.ts';

/** The counter that `{{ counter }}` shows. */
const plainCounter = 'counter';

/** The built-in values, and the counters with names. */
export const valueFunctions = [
  value(
    'counter',
    'The number of the message, counted from 1; the same in the whole message, and kept between sends',
    ['{{ counter }}', '1'],
    (run) => run.counter(plainCounter, 1, 1),
  ),
  value(
    'now',
    'The time of the message as ISO 8601 in UTC; `now.unix` is in seconds, `now.ms` in milliseconds since 1970',
    ['{{ now }} {{ now.unix }} {{ now.ms }}', '2026-01-02T03:04:05.678Z 1767323045 1767323045678'],
    (run) => run.instant(),
  ),
  value(
    'uuid',
    'A random UUID (version 4), a different one each time; `assign` keeps one for several places',
    ['{{ uuid }}', '00010203-0405-4607-8809-0a0b0c0d0e0f'],
    randomUuid,
  ),
  value(
    'message',
    'The number of the message in a repeated send, from 1',
    ['{{ message }}', '3'],
    ({ scope }) => scope.message,
  ),
  value(
    'last',
    'The payload of the message that was received last',
    ['{{ last.size }} bytes', '48 bytes'],
    ({ scope }) => scope.last,
  ),
  value(
    'connection',
    'The socket: `connection.localAddress`, `.remoteAddress`, `.host`, `.port`, `.name` and `.transport`',
    ['{{ connection.host }}:{{ connection.port }}', 'device.local:7000'],
    ({ scope }) => scope.connection,
  ),
];

/** The counters with names. */
export const counterFilters = [
  filter(
    'counter: start?, step?, width?',
    'The counter with the name before the filter: from `start` (1) in steps of `step` (1), with zeros up to `width` digits',
    ['{{ "order" | counter: 100, 10, 6 }}', '000100'],
    (name, [start, step, width], run) => {
      const number = run.counter(textOf(name, run), wholeOf(start, 1, run), wholeOf(step, 1, run));
      const digits = integerOf(width, run, { name: 'width', least: 0, most: 100, fallback: 0 });
      return digits === 0 ? number : padded(String(number), digits);
    },
  ),
];

function wholeOf(input: unknown, fallback: number, run: Run): number | bigint {
  if (input === undefined) return fallback;
  const number = numberOf(input, run);
  if (!isWhole(number)) throw new Refused(`${shown(number, run)} is not an integer`);
  return number;
}

function padded(digits: string, width: number): string {
  return digits.startsWith('-') ? `-${digits.slice(1).padStart(width - 1, '0')}` : digits.padStart(width, '0');
}

/** Returns a UUID of version 4 (RFC 9562). */
function randomUuid({ scope }: Run): string {
  const bytes = scope.sources.randomBytes(16).slice();
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
