import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forbiddenKeys } from '#shared/contract/input-limits.ts';
import { decodeCall, decodeHostFrame, encodeCall, encodeHostFrame } from '#shared/contract/wire.ts';
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
