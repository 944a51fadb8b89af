import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  readBytes,
  readCount,
  readFraming,
  readHex,
  readRecords,
  readRepeat,
  readSockets,
  readSplits,
} from '#hosts/cli/arguments.ts';

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

  test('of bytes may be in thousands and millions', () => {
    expect(['500', '64k', '1.5M', '0.001k'].map(readBytes)).toEqual([500, 64_000, 1_500_000, 1]);
    for (const wrong of ['', '0', '-1', 'k', '1K', '1kB', '0.5', '1.0001k', '1e3']) {
      expect(() => readBytes(wrong)).toThrow(InvalidArgumentError);
    }
  });

  test('of repetitions is a number or for ever', () => {
    expect([readRepeat('1'), readRepeat('1000000')]).toEqual([1, 1_000_000]);
    expect(readRepeat('forever')).toBe(Number.POSITIVE_INFINITY);
    for (const wrong of ['0', '-1', '1.5', 'Infinity', '']) expect(() => readRepeat(wrong)).toThrow();
  });

  test('of places to split at is a list', () => {
    expect(readSplits('1, 4,10')).toEqual([1, 4, 10]);
    for (const wrong of ['0', '', '1,,2', 'x']) expect(() => readSplits(wrong)).toThrow();
  });
});
