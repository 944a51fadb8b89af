import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChecksumAlgorithm, checksumSize, computeChecksum } from '#shared/bytes/checksums/algorithm.ts';
import { checksums, findChecksum, maxChecksumSize } from '#shared/bytes/checksums/catalogue.ts';
import { crcTable } from '#shared/bytes/checksums/crc-table.ts';
import { toHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { cases } from '#support/cases.ts';

function named(name: string): ChecksumAlgorithm {
  const found = findChecksum(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function of(name: string, text: string): string {
  return toHex(computeChecksum(named(name), encodeUtf8(text)));
}

/** A CRC as its definition has it: one bit after the other, in big integers. */
function bitwise(row: (typeof crcTable)[number], bytes: Uint8Array): bigint {
  const [, width, poly, init, reflected, xorOut] = row;
  const top = 1n << BigInt(width - 1);
  let register = BigInt(`0x${init}`);
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const isFirstLow = reflected === 'both' || reflected === 'in';
      const input = (byte >> (isFirstLow ? bit : 7 - bit)) & 1;
      const isSet = (register & top) !== 0n;
      register = (register << 1n) & ((top << 1n) - 1n);
      if (isSet !== (input === 1)) register ^= BigInt(`0x${poly}`);
    }
  }
  const digits = register.toString(2).padStart(width, '0');
  const isReflected = reflected === 'both' || reflected === 'out';
  return BigInt(`0b${isReflected ? [...digits].reverse().join('') : digits}`) ^ BigInt(`0x${xorOut}`);
}

const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });

describe('a CRC', () => {
  test('of each of the 113 algorithms has its check value', () => {
    const wrong = crcTable.filter(([name, width, , , , , check]) => {
      return of(name, '123456789') !== check.padStart(2 * Math.ceil(width / 8), '0');
    });
    expect(wrong).toEqual([]);
    expect(crcTable).toHaveLength(113);
  });

  test('is the remainder of its definition for any data', () => {
    fc.assert(
      fc.property(fc.constantFrom(...crcTable), fc.uint8Array({ maxLength: 70 }), (row, bytes) => {
        expect(BigInt(`0x${toHex(computeChecksum(named(row[0]), bytes))}`)).toBe(bitwise(row, bytes));
      }),
      cases(1_000),
    );
  });

  test('whose width is not a multiple of 8 bits begins with zero bits', () => {
    expect(of('CRC-3/GSM', '123456789')).toBe('04');
    expect(of('CRC-12/DECT', '123456789')).toBe('0f5b');
    expect(of('CRC-82/DARC', '123456789')).toBe('009ea83f625023801fd612');
  });
});

describe('a sum', () => {
  test.each([
    ['XOR', '123456789', '31'],
    ['SUM-8', '123456789', 'dd'],
    ['SUM-16', '123456789', '01dd'],
    ['SUM-32', '123456789', '000001dd'],
    ['LRC', '123456789', '23'],
    ['SUM-16/NEGATED', '123456789', 'fe23'],
    ['SUM-32/NEGATED', '123456789', 'fffffe23'],
    ['LRC/ASCII', '010300000001', 'fb'],
    ['FLETCHER-16', 'abcde', 'c8f0'],
    ['FLETCHER-16', 'abcdef', '2057'],
    ['FLETCHER-16', 'abcdefgh', '0627'],
    ['FLETCHER-32', 'abcde', 'f04fc729'],
    ['FLETCHER-32', 'abcdef', '56502d2a'],
    ['FLETCHER-32', 'abcdefgh', 'ebe19591'],
    ['ADLER-32', 'Wikipedia', '11e60398'],
    ['ADLER-32', '', '00000001'],
  ])('%s of “%s” is %s', (name, text, checksum) => expect(of(name, text)).toBe(checksum));

  test('stays exact over a megabyte of the highest byte', () => {
    const bytes = new Uint8Array(1_000_001).fill(255);
    const total = 255n * 1_000_001n;
    expect(toHex(computeChecksum(named('SUM-32'), bytes))).toBe((total % 2n ** 32n).toString(16).padStart(8, '0'));
    const low = (1n + total) % 65_521n;
    let high = 0n;
    for (let count = 1n; count <= 1_000_001n; count += 1n) high += 1n + 255n * count;
    expect(BigInt(`0x${toHex(computeChecksum(named('ADLER-32'), bytes))}`)).toBe(((high % 65_521n) << 16n) + low);
    expect(toHex(computeChecksum(named('FLETCHER-16'), bytes))).toBe('0000');
  });
});

describe('a digest', () => {
  test.each([
    ['MD5', '900150983cd24fb0d6963f7d28e17f72'],
    ['SHA-1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('%s of “abc” is that of its standard', (name, digest) => expect(of(name, 'abc')).toBe(digest));
});

describe('every checksum', () => {
  test('is the same however the data is split', () => {
    fc.assert(
      fc.property(fc.constantFrom(...checksums), chunks, (algorithm, parts) => {
        const hexDigits = algorithm.refused ? parts.map((part) => encodeUtf8(toHex(part))) : parts;
        const running = algorithm.create();
        running.update(encodeUtf8('earlier'), 0, 7);
        running.reset();
        for (const part of hexDigits) running.update(part, 0, part.length);
        const split = new Uint8Array(checksumSize(algorithm));
        running.write(split, 0);
        expect(split).toEqual(computeChecksum(algorithm, Uint8Array.from(hexDigits.flatMap((part) => [...part]))));
      }),
      cases(1_000),
    );
  });

  test('covers the given bytes alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...checksums), fc.uint8Array({ minLength: 9, maxLength: 60 }), (algorithm, bytes) => {
        const covered = computeChecksum(algorithm, bytes, 3, bytes.length - 2);
        expect(covered).toEqual(computeChecksum(algorithm, bytes.slice(3, -2)));
      }),
      cases(500),
    );
  });

  test('has a unique name and unique aliases, found in any case', () => {
    const names = checksums.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names.map((name) => name.toUpperCase())).size).toBe(names.length);
    for (const algorithm of checksums) {
      for (const name of [algorithm.name, ...algorithm.aliases])
        expect(findChecksum(name.toLowerCase())).toBe(algorithm);
    }
    expect(findChecksum('crc-99')).toBeUndefined();
    expect(findChecksum('__proto__')).toBeUndefined();
    expect(Math.max(...checksums.map(checksumSize))).toBe(maxChecksumSize);
  });
});
