import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checksumForms } from '#shared/bytes/checksums/algorithm.ts';
import { checksums, findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import {
  appendChecksum,
  type ChecksumSpec,
  checkChecksum,
  formatChecksumSpec,
  parseChecksumSpec,
} from '#shared/bytes/checksums/spec.ts';
import { parseHex, toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { Result } from '#shared/failure.ts';
import { cases } from '#support/cases.ts';

function given<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.system);
  return result.value;
}

const spec = (spelling: string) => given(parseChecksumSpec(spelling));
const append = (bytes: Uint8Array, spelling: string) => given(appendChecksum(bytes, spec(spelling)));

function hex(text: string): Uint8Array {
  const parsed = parseHex(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.bytes;
}

const anySpec: fc.Arbitrary<ChecksumSpec> = fc.record(
  {
    algorithm: fc.constantFrom(...checksums.map(({ name }) => name)),
    from: fc.integer({ min: -99, max: 99 }),
    to: fc.integer({ min: -99, max: 99 }),
    order: fc.constantFrom('be', 'le'),
    form: fc.constantFrom(...checksumForms),
  },
  { requiredKeys: ['algorithm', 'from', 'order', 'form'] },
);
/** Of an algorithm that covers any bytes. */
const anyBytesSpec = anySpec.filter(({ algorithm }) => findChecksum(algorithm)?.refused === undefined);
const wholeSpec = anyBytesSpec.map(({ algorithm, order, form }): ChecksumSpec => ({ algorithm, from: 0, order, form }));

describe('the spelling of a checksum', () => {
  test('is parsed and formatted without loss', () => {
    fc.assert(
      fc.property(anySpec, (one) => {
        expect(spec(formatChecksumSpec(one))).toEqual(one);
      }),
    );
  });

  test('has a name in any case, and optional parts in any order', () => {
    const modbus = { algorithm: 'CRC-16/MODBUS', from: 0, order: 'be', form: 'bytes' };
    expect(spec('crc-16/modbus')).toEqual(modbus);
    expect(spec('modbus:le')).toEqual({ ...modbus, order: 'le' });
    expect(spec('CRC-16/Modbus:hex:le')).toEqual({ ...modbus, order: 'le', form: 'hex' });
    expect(spec('crc-16/modbus:to-2:HEX:from1')).toEqual({ ...modbus, from: 1, to: -2, form: 'HEX' });
    expect(spec('nmea')).toEqual({ algorithm: 'NMEA', from: 0, order: 'be', form: 'HEX' });
    expect(formatChecksumSpec(spec('nmea'))).toBe('NMEA');
    expect(formatChecksumSpec(spec('crc-32:le:HEX:from4:to-4'))).toBe('CRC-32/ISO-HDLC:le:HEX:from4:to-4');
  });

  test.each([
    ['', '“” is not in the catalogue of checksums'],
    ['crc-99', '“crc-99” is not in the catalogue of checksums'],
    ['crc-32:big', '“big” is not part of a checksum'],
    ['crc-32:Hex', '“Hex” is not part of a checksum'],
    ['crc-32:', '“” is not part of a checksum'],
    ['crc-32:from', '“from” is not part of a checksum'],
    ['crc-32:from99999999999', '“from99999999999” is not part of a checksum'],
    ['crc-32:le:be', '“be” repeats an earlier part'],
  ])('%s is refused', (spelling, system) => {
    const parsed = parseChecksumSpec(spelling);
    expect(parsed.ok ? '' : parsed.error.system).toBe(system);
    expect(parsed.ok ? '' : parsed.error.hint).toContain('CRC-16/MODBUS:le');
  });
});

describe('an appended checksum', () => {
  test('follows the payload and is good', () => {
    fc.assert(
      fc.property(wholeSpec, fc.uint8Array({ maxLength: 50 }), (one, payload) => {
        const message = given(appendChecksum(payload, one));
        expect(message.slice(0, payload.length)).toEqual(payload);
        expect(checkChecksum(message, one)).toBe('ok');
      }),
      cases(1_000),
    );
  });

  test('is bad after a bit of it or of the payload has flipped', () => {
    const strong = wholeSpec.filter(({ form, algorithm }) => form === 'bytes' && !algorithm.startsWith('NMEA'));
    fc.assert(
      fc.property(strong, fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(), (one, payload, flip) => {
        const message = given(appendChecksum(payload, one));
        const bit = flip % (message.length * 8);
        message[bit >> 3] = (message[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(checkChecksum(message, one)).toBe('bad');
      }),
      cases(1_000),
    );
  });

  test('in little-endian order is the mirror image of that in big-endian order', () => {
    fc.assert(
      fc.property(wholeSpec, fc.uint8Array({ maxLength: 50 }), (one, payload) => {
        const of = (order: 'be' | 'le') =>
          given(appendChecksum(payload, { ...one, order, form: 'bytes' })).slice(payload.length);
        const mark = findChecksum(one.algorithm)?.mark.length ?? 0;
        expect(of('le').slice(mark)).toEqual(of('be').slice(mark).reverse());
      }),
    );
  });

  test('as hex text has two digits for each of its bytes', () => {
    const payload = encodeUtf8('123456789');
    expect(decodeUtf8Lossy(append(payload, 'crc-32:hex'))).toBe('123456789cbf43926');
    expect(decodeUtf8Lossy(append(payload, 'crc-32:HEX'))).toBe('123456789CBF43926');
    expect(decodeUtf8Lossy(append(payload, 'crc-32:le:hex'))).toBe('1234567892639f4cb');
    expect(checkChecksum(encodeUtf8('123456789cBf43926'), spec('crc-32:hex'))).toBe('ok');
  });

  test('covers the bytes between from and to', () => {
    fc.assert(
      fc.property(anyBytesSpec, fc.uint8Array({ minLength: 99, maxLength: 120 }), (one, payload) => {
        const message = appendChecksum(payload, one);
        const part = payload.slice(one.from, one.to ?? payload.length);
        const from = one.from < 0 ? payload.length + one.from : one.from;
        const end = one.to ?? payload.length;
        const to = end < 0 ? payload.length + end : end;
        expect(message.ok).toBe(from <= to);
        // A `$` at the start of the covered part is skipped only where the payload itself begins with it.
        if (!message.ok || one.algorithm === 'NMEA') return;
        expect(checkChecksum(message.value, one)).toBe('ok');
        const alone = given(appendChecksum(part, { ...one, from: 0, to: undefined }));
        expect(message.value.slice(payload.length)).toEqual(alone.slice(part.length));
      }),
      cases(500),
    );
  });

  test('fails if the payload does not have the covered bytes', () => {
    const failed = appendChecksum(hex('01 02 03'), spec('xor:from2:to9'));
    expect(failed.ok ? undefined : failed.error).toEqual({
      code: 'bad-input',
      message: 'Could not append the checksum XOR:from2:to9',
      system: 'the payload has 3 bytes',
      hint: 'Correct the first and the last byte of the checksum',
    });
    expect(checkChecksum(hex('01 02 03 00'), spec('xor:from2:to9'))).toBe('missing');
    expect(appendChecksum(hex('01 02 03'), spec('xor:from-4')).ok).toBe(false);
  });
});

describe('the checksum of a protocol', () => {
  test('Modbus RTU: CRC-16/MODBUS, low byte first', () => {
    const request = hex('11 03 00 6b 00 03');
    expect(toHex(append(request, 'crc-16/modbus:le'))).toBe('1103006b00037687');
  });

  test('Modbus ASCII: LRC of the bytes that the digits describe, with or without the colon', () => {
    expect(decodeUtf8Lossy(append(encodeUtf8(':1103006B0003'), 'lrc/ascii'))).toBe(':1103006B00037E');
    expect(decodeUtf8Lossy(append(encodeUtf8('1103006B0003'), 'lrc/ascii'))).toBe('1103006B00037E');
    expect(checkChecksum(encodeUtf8(':1103006B00037E'), spec('lrc/ascii'))).toBe('ok');
    expect(checkChecksum(encodeUtf8(':1103006B00037F'), spec('lrc/ascii'))).toBe('bad');
    expect(checkChecksum(encodeUtf8(':11030 6B00037E'), spec('lrc/ascii'))).toBe('bad');
    const failed = appendChecksum(encodeUtf8(':11X3'), spec('lrc/ascii'));
    expect(failed.ok ? '' : failed.error.system).toBe('byte 3 (58) is not one of a pair of hex digits');
    const odd = appendChecksum(encodeUtf8(':110'), spec('lrc/ascii'));
    expect(odd.ok ? '' : odd.error.system).toBe('byte 3 (30) is not one of a pair of hex digits');
  });

  test('NMEA 0183: two digits after an asterisk, over the characters after the first one', () => {
    const sentence = '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,';
    expect(decodeUtf8Lossy(append(encodeUtf8(sentence), 'nmea'))).toBe(`${sentence}*47`);
    expect(checkChecksum(encodeUtf8(`${sentence}*47`), spec('nmea'))).toBe('ok');
    expect(checkChecksum(encodeUtf8(`${sentence}*48`), spec('nmea'))).toBe('bad');
    expect(checkChecksum(encodeUtf8(sentence), spec('nmea'))).toBe('missing');
  });

  test('X.25 and HDLC: low byte first, with the residue of the standard', () => {
    expect(toHex(append(encodeUtf8('123456789'), 'x-25:le')).slice(18)).toBe('6e90');
  });
});

describe('a message without its checksum', () => {
  test.each([
    ['', 'crc-32'],
    ['123', 'crc-32'],
    ['12', 'xor:HEX:from1'],
    ['1234ge', 'xor:hex'],
    ['$GP44', 'nmea'],
  ])('is distinguished from one with a wrong checksum: “%s”, %s', (message, spelling) => {
    expect(checkChecksum(encodeUtf8(message), spec(spelling))).toBe('missing');
  });

  test('never makes the check throw', () => {
    fc.assert(
      fc.property(anySpec, fc.uint8Array({ maxLength: 80 }), (one, message) => {
        expect(['ok', 'bad', 'missing']).toContain(checkChecksum(message, one));
      }),
      cases(1_000),
    );
  });
});
