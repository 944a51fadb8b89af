import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { forbiddenKeys, inputLimits, inputProblem } from '#shared/contract/input-limits.ts';
import { decodeCall, decodeHostFrame, encodeCall, encodeHostFrame, messagePackProblem } from '#shared/contract/wire.ts';
import { cases, Reached } from '#support/cases.ts';

const data = fc.anything({
  withTypedArray: false,
  withBigInt: false,
  withDate: false,
  withMap: false,
  withSet: false,
  withNullPrototype: false,
  values: [
    fc.string(),
    fc.double().filter((value) => !Object.is(value, -0)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
  ],
  key: fc.string().filter((key) => !(forbiddenKeys as readonly string[]).includes(key)),
});

it('gives a call back as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.string(), data, (id, name, input) => {
      expect(decodeCall(encodeCall({ id, name, input }))).toEqual({ id, name, input });
    }),
  );
});

it('gives a reply or an event back as it was', () => {
  fc.assert(
    fc.property(fc.nat(), data, (id, value) => {
      expect(decodeHostFrame(encodeHostFrame({ id, value }))).toEqual({ id, value });
    }),
  );
});

it('leaves out what is undefined, as optional properties have it', () => {
  const bytes = encodeHostFrame({ id: 1, value: { a: undefined, b: 1 } });
  expect(decodeHostFrame(bytes)).toEqual({ id: 1, value: { b: 1 } });
  expect(Object.hasOwn(decodeHostFrame(bytes)?.value as object, 'a')).toBe(false);
});

it('reads rubbish as nothing, and never throws', () => {
  const reached = new Reached<'a call' | 'no call' | 'a frame' | 'no frame'>();
  const sound = fc.oneof(
    fc.record({ id: fc.integer({ min: -2, max: 3 }), name: fc.string(), input: data }).map(encodeCall),
    fc.record({ id: fc.integer({ min: -2, max: 3 }), value: data }).map(encodeHostFrame),
  );
  // Rubbish alone is hardly ever a frame: what was one is changed in a place.
  const changed = fc
    .tuple(sound, fc.nat(), fc.nat(255))
    .map(([bytes, at, value]) => bytes.with(at % bytes.length, value));
  fc.assert(
    fc.property(fc.oneof(sound, changed, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      const call = decodeCall(bytes);
      reached.note(call ? 'a call' : 'no call');
      expect(call?.id ?? 1).toBeGreaterThan(0);
      const frame = decodeHostFrame(bytes);
      reached.note(frame ? 'a frame' : 'no frame');
      expect(frame?.id ?? 0).toBeGreaterThanOrEqual(0);
    }),
    cases(300),
  );
  reached.expectEach(['a call', 'no call', 'a frame', 'no frame'], 20);
  expect(decodeCall(encodeHostFrame({ id: 1, value: 2 }))).toBeUndefined();
  expect(decodeCall(encodeCall({ id: 0, name: 'x', input: 1 }))).toBeUndefined();
  expect(decodeHostFrame(encodeHostFrame({ id: -1, value: 2 }))).toBeUndefined();
  expect(decodeHostFrame(encodeHostFrame({ id: 1.5, value: 2 }))).toBeUndefined();
});

const repeat = (count: number, ...bytes: number[]) =>
  Uint8Array.from({ length: count * bytes.length }, (_, index) => bytes[index % bytes.length] as number);
const join = (...parts: (number[] | Uint8Array)[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const list32 = (count: number) => [0xdd, ...new Uint8Array(Uint32Array.of(count).buffer).toReversed()];

/** Bytes that count how often they are read. */
function counted(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name, target);
    },
  });
  return { bytes: proxy, reads: () => reads };
}

test.each([
  [
    'arrays of empty maps',
    join(list32(3), ...[1, 2, 3].map(() => join(list32(90_000), repeat(90_000, 0x80)))),
    'values',
  ],
  ['a list that says it is long', Uint8Array.from(list32(4_000_000_000)), 'a list has'],
  ['a map that says it is long', Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff), 'a map has'],
  ['a list in a list in a list …', repeat(1_000_000, 0x91), 'deeper'],
  ['a text that says it is long', Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff), 'a text has'],
  ['__proto__ as a key', join([0x81, 0xa9], Buffer.from('__proto__'), [1]), '__proto__'],
  ['a map as a key', Uint8Array.of(0x81, 0x80, 1), 'not a text'],
  ['a number as a key', Uint8Array.of(0x81, 1, 1), 'not a text'],
  ['constructor as a key', encode({ constructor: 1 }), 'constructor'],
  ['an extension', Uint8Array.of(0xd4, 1, 0), 'of a kind'],
  ['more than one value', Uint8Array.of(1, 2), 'not MessagePack'],
])('refuses %s, having read no more bytes than the limits have values', (_, bytes, reason) => {
  const watched = counted(bytes);
  expect(messagePackProblem(watched.bytes)?.system).toContain(reason);
  // A value is found by its first byte; few have a length of up to four bytes.
  expect(watched.reads()).toBeLessThan(inputLimits.values * 1.5);
});

test.each(['__proto__', 'constructor'])('takes %s as a text that is no key', (text) => {
  expect(messagePackProblem(encode([text, { a: text }]))).toBeUndefined();
});

test('takes the largest lists that calls have, and binary data of any length', () => {
  const sockets = Array.from({ length: inputLimits.items }, (_, index) => index + 1);
  expect(messagePackProblem(encode({ sockets, bytes: new Uint8Array(8_000_000) }))).toBeUndefined();
  expect(inputProblem({ sockets, bytes: new Uint8Array(8_000_000) })).toBeUndefined();
});

it('agrees with the decoder about what MessagePack is', () => {
  const reached = new Reached<'sound' | 'refused'>();
  const sound = fc.anything({ withDate: false, withTypedArray: true }).map((value) => {
    try {
      return encode(value);
    } catch {
      return Uint8Array.of(0xc0);
    }
  });
  const changed = fc
    .tuple(sound, fc.nat(), fc.nat(255))
    .map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte));
  fc.assert(
    fc.property(fc.oneof(sound, changed, fc.uint8Array({ maxLength: 32 })), (bytes) => {
      const isSound = messagePackProblem(bytes) === undefined;
      reached.note(isSound ? 'sound' : 'refused');
      if (!isSound) return;
      expect(() => decode(bytes)).not.toThrow();
    }),
    cases(500),
  );
  reached.expectEach(['sound', 'refused'], 20);
});
