import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checksums } from '#shared/bytes/checksums/catalogue.ts';
import { appendChecksum, type ChecksumSpec, formatChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, formatFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { checksumOf, maxCheckedBytes, propertyWords, verdictOf } from '#shared/record/received-checksum.ts';
import { cases } from '#support/cases.ts';

const body = encodeUtf8('123456789');
const modbus = { framing: 'raw', checksum: 'crc-16/modbus:le' };
const good = Uint8Array.from([...body, 0x37, 0x4b]);

function verdict(bytes: Uint8Array, socket: { framing: string; checksum?: string }, row: object = {}) {
  const common = { kind: 'in', length: bytes.length, head: 0, tail: 0, flags: 0 } as const;
  return verdictOf({ ...common, ...row }, socket, () => bytes);
}

function given(bytes: Uint8Array, spec: ChecksumSpec): Uint8Array {
  const appended = appendChecksum(bytes, spec);
  if (!appended.ok) throw new Error(appended.error.system);
  return appended.value;
}

const crcSpec: fc.Arbitrary<ChecksumSpec> = fc.record({
  algorithm: fc.constantFrom(...checksums.filter(({ group }) => group === 'CRC').map(({ name }) => name)),
  from: fc.constant(0),
  order: fc.constantFrom('be' as const, 'le' as const),
  form: fc.constant('bytes' as const),
});
const framings: readonly FramingSpec[] = [{ kind: 'raw' }, { kind: 'slip' }, { kind: 'cobs' }];

describe('the verdict on a received message', () => {
  test('is ok if its checksum is appended, also under a framing that escapes, and bad if any bit differs', () => {
    fc.assert(
      fc.property(
        crcSpec,
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.constantFrom(...framings),
        (spec, payload, at, framing) => {
          const socket = { framing: formatFraming(framing), checksum: formatChecksumSpec(spec) };
          const verdictOn = (message: Uint8Array) => {
            const encoded = encodeMessage(framing, message);
            if (isUnframeable(encoded)) throw new Error(encoded.problem);
            return verdict(encoded.bytes, socket, { head: encoded.head, tail: encoded.tail });
          };
          const message = given(payload, spec);
          expect(verdictOn(message)).toBe('ok');
          const bit = at % (message.length * 8);
          const damaged = Uint8Array.from(message);
          damaged[bit >> 3] = (message[bit >> 3] as number) ^ (1 << (bit & 7));
          expect(verdictOn(damaged)).toBe('bad');
        },
      ),
      cases(500),
    );
  });

  test('is bad if the message is too short for its checksum', () => {
    expect(verdict(new Uint8Array(0), modbus)).toBe('bad');
    expect(verdict(Uint8Array.of(1), modbus)).toBe('bad');
    expect(verdict(good, { ...modbus, checksum: 'crc-16/modbus:le:from20' })).toBe('bad');
  });

  test('leaves the framing out', () => {
    const framed = Uint8Array.from([2, ...good, 3]);
    expect(verdict(framed, { ...modbus, framing: 'stx' }, { head: 1, tail: 1 })).toBe('ok');
    expect(verdict(framed, modbus)).toBe('bad');
  });

  test.each([
    ['a sent message', { kind: 'out' }],
    ['an event', { kind: 'closed' }],
    ['a truncated message', { flags: messageFlags.truncated }],
    ['an incomplete message', { flags: messageFlags.incomplete }],
    ['a malformed message', { flags: messageFlags.malformed }],
    ['bytes between messages', { flags: messageFlags.filler }],
    ['a message of more than 1 MiB', { length: maxCheckedBytes + 1 }],
  ])('is missing for %s, whose bytes are not read', (_, row) => {
    const read = () => {
      throw new Error('the bytes were read');
    };
    expect(
      verdictOf({ kind: 'in', length: good.length, head: 0, tail: 0, flags: 0, ...(row as object) }, modbus, read),
    ).toBeUndefined();
  });

  test('is missing without a check, and for a checksum that does not exist', () => {
    expect(verdict(good, { framing: 'raw' })).toBeUndefined();
    expect(verdict(good, { framing: 'raw', checksum: '__proto__' })).toBeUndefined();
    expect(checksumOf({ framing: 'raw', checksum: 'x'.repeat(100) })).toMatchObject({ ok: false });
  });

  test('is ok for a WebSocket text message', () => {
    expect(verdict(encodeUtf8('$GP*17'), { framing: 'raw', checksum: 'nmea' }, { flags: messageFlags.text })).toBe(
      'ok',
    );
  });
});

test('the words for a record are its flags and the verdict', () => {
  expect(propertyWords({ flags: 0 })).toEqual([]);
  expect(propertyWords({ flags: messageFlags.text, checksum: 'ok' })).toEqual(['text', 'checksum ok']);
});
