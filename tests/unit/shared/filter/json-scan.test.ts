import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { PathStep } from '#shared/filter/ast.ts';
import { LongNumber } from '#shared/filter/exact-number.ts';
import { JsonScan } from '#shared/filter/json-scan.ts';
import { cases, Reached } from '#support/cases.ts';

const missing = Symbol('missing');

/** The place as `JSON.parse` sees it; `undefined` for what is no JSON. */
function placeOf(text: string, path: readonly PathStep[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return missing;
    if (step.kind === 'any' || Array.isArray(value) !== (step.kind === 'index')) return missing;
    const name = step.kind === 'key' ? step.name : String(step.index);
    if (!Object.hasOwn(value, name)) return missing;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

const key = fc.constantFrom('a', 'b', 'ab', '', '__proto__', 'toString', 'é', '"');
const path: fc.Arbitrary<PathStep[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('key'), name: key }) },
    fc.record({ kind: fc.constant('index'), index: fc.nat(2) }),
  ),
  { maxLength: 3 },
);
const values = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(
      '0',
      '-0',
      '42',
      '-1.5e3',
      '1E400',
      '123456789012345678',
      '1.0',
      'true',
      'false',
      'null',
      '"é"',
      '"a\\n"',
      '"\\u0061"',
      '""',
    ),
    fc.constantFrom('01', '1.', '-', '.5', '1e', 'tru', 'nul', '"\\x"', '"\t"', '"\\u00g0"', 'NaN', '', '"a', "'a'"),
    fc
      .array(
        fc.tuple(
          fc.oneof(
            key.map((name) => JSON.stringify(name)),
            fc.constant('"\\u0061"'),
          ),
          tie('value'),
        ),
        { maxLength: 4 },
      )
      .map((fields) => `{${fields.map(([name, value]) => `${name} :${value}`).join(', ')}}`),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[ ${items.join(',')}]`),
  ),
})).value;
/** Something that is JSON or nearly. */
const text = fc.oneof(
  { weight: 4, arbitrary: values },
  values.map((value) => `${value.slice(0, -1)}`),
  values.map((value) => ` ${value}}`),
  fc.json(),
  fc.string({ unit: fc.constantFrom(...'{}[]",:\\ab01.-eE \n\u0000é') }),
);

describe('JsonScan', () => {
  test('agrees with JSON.parse wherever it is sure, in any part of a buffer', () => {
    const reached = new Reached<'unsure' | 'invalid' | 'missing' | 'found'>();
    fc.assert(
      fc.property(text, path, fc.nat(3), (json, steps, before) => {
        const body = encodeUtf8(json);
        const bytes = new Uint8Array(before + body.length + 3).fill(0x7d);
        bytes.set(body, before);
        const scan = new JsonScan(steps);
        const verdict = scan.scan(bytes, before, before + body.length);
        reached.note(verdict);
        const expected = placeOf(json, steps);
        if (verdict === 'unsure') return;
        if (expected === undefined) expect(verdict).toBe('invalid');
        else if (expected === missing) expect(verdict).toBe('missing');
        else {
          expect(verdict).toBe('found');
          if (scan.value instanceof LongNumber) expect(scan.value.number).toBe(expected);
          else if (typeof expected === 'object' && expected !== null) expect(typeof scan.value).toBe('object');
          else expect(scan.value).toBe(expected);
        }
      }),
      cases(1_500),
    );
    reached.expectEach(['unsure', 'invalid', 'missing', 'found'], 30);
  });

  test('takes the last of several values of one key', () => {
    const verdicts = ['{"a":{"b":1},"a":2}', '{"a":2,"a":{"b":1}}', '{"a":{"b":1},"a":{}}'].map((json) => {
      const bytes = encodeUtf8(json);
      const path = [{ kind: 'key', name: 'a' } as const, { kind: 'key', name: 'b' } as const];
      return new JsonScan(path).scan(bytes, 0, bytes.length);
    });
    expect(verdicts).toEqual(['missing', 'found', 'missing']);
  });

  test.each([
    ['an escape in a key that it looks at', '{"\\u0061":1}'],
    ['letters beyond ASCII', '{"b":"é"}'],
    ['nesting that would need a stack', `${'['.repeat(100_000)}`],
  ])('leaves %s to the parser', (_, json) => {
    const bytes = encodeUtf8(json);
    expect(new JsonScan([{ kind: 'key', name: 'a' }]).scan(bytes, 0, bytes.length)).toBe('unsure');
  });
});
