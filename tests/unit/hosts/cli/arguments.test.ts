import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  readCount,
  readFraming,
  readHex,
  readListenAddress,
  readPeerAddress,
  readRecords,
  readSockets,
} from '#hosts/cli/arguments.ts';

describe('an address', () => {
  test.each([
    ['12345', '127.0.0.1', 12_345],
    ['0', '127.0.0.1', 0],
    [':80', '127.0.0.1', 80],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:12345', '::1', 12_345],
    ['localhost:1', 'localhost', 1],
  ])('to listen on is read from %s', (text, host, port) => {
    expect(readListenAddress(text)).toEqual({ host, port });
  });

  test.each(['', 'x', '65536', '-1', '::1:80', '[::1]', 'a:b', '1.5', `${'h'.repeat(256)}:1`])(
    'to listen on is not “%s”',
    (text) => {
      expect(() => readListenAddress(text)).toThrow(InvalidArgumentError);
    },
  );

  test.each(['12345', ':12345', 'host:0', 'host:65536', 'host'])('to connect to is not “%s”', (text) => {
    expect(() => readPeerAddress(text)).toThrow(InvalidArgumentError);
  });
});

describe('an option', () => {
  test('of a framing is read in the spellings of its help', () => {
    expect(readFraming('line')).toEqual({ kind: 'delimiter', delimiter: '0a' });
    expect(readFraming('delim:0d0a')).toEqual({ kind: 'delimiter', delimiter: '0d0a' });
    for (const wrong of ['', 'lines', 'delim:', 'delim:0', 'toString']) expect(() => readFraming(wrong)).toThrow();
  });

  test('of sockets is one or several numbers, and adds to those before it', () => {
    expect(readSockets('3')).toEqual([3]);
    expect(readSockets('0, 7', [3])).toEqual([3, 0, 7]);
    for (const wrong of ['', 'x', '1,', '-1', '4294967296']) expect(() => readSockets(wrong)).toThrow();
    for (const wrong of ['0', '-3', 'all']) expect(() => readRecords(wrong)).toThrow();
  });

  test('of bytes is read as hex, and what is wrong is pointed at', () => {
    expect([...readHex('01 ff')]).toEqual([1, 255]);
    expect(() => readHex('01 x')).toThrow('At character 4: “x” is not a hex digit.');
  });

  test('of a number takes whole numbers in range only', () => {
    expect(readCount('3')).toBe(3);
    for (const wrong of ['0', '-1', '1.5', '1e3', '0x10', '', ' ', '99999999999999999999']) {
      expect(() => readCount(wrong)).toThrow(InvalidArgumentError);
    }
  });
});
