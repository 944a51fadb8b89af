import { readFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import type { Framing } from '#shared/framing/framing.ts';

type TypedSpec = { readonly kind: 'typed'; readonly count: number };

/** A kind that no other file knows: a type byte, then the number of bytes of the spec. */
const typed = vi.hoisted(
  (): Framing<TypedSpec, 'four'> => ({
    kind: 'typed',
    words: { short: 'typed', label: 'Typed records', help: 'A type byte and a number of bytes.' },
    variants: [
      {
        name: 'four',
        values: { count: '4' },
        words: { short: 'fours', label: 'Records of four', help: 'Four bytes.' },
      },
    ],
    spellings: [{ text: 'typed:COUNT', message: 'a type byte and COUNT bytes', sending: 'a type byte of 7' }],
    wrong: { what: 'a type other than 7', resume: 'at the next 7' },
    values: {
      count: {
        type: 'whole',
        least: 1,
        most: 9,
        problem: 'a count is 1 to 9',
        words: { label: 'Count', help: 'Bytes after the type.', search: 'quantity', example: '2' },
      },
    },
    parse(text) {
      const count = Number(/^typed:(\d)$/.exec(text)?.[1] ?? 0);
      return count > 0 ? { kind: 'typed', count } : undefined;
    },
    format: ({ count }) => `typed:${count}`,
    createFramer: ({ count }) => ({
      pendingHead: 0,
      push: (chunk, boundaries) => boundaries.push(Math.min(count + 1, chunk.length), 1, 0, 0),
      end: () => ({ head: 0, tail: 0, flags: 0 }),
    }),
    adds: ({ count }) => `a type before ${count} bytes`,
    frameAround: () => ({ head: Uint8Array.of(7), tail: new Uint8Array(0) }),
    decode: (_, body) => body.map((byte) => byte + 1),
    guesses: ['typed:2'],
    evidence: (_, message) => (message[0] === 7 ? 64 : 0),
  }),
);

const replaced = '#shared/framing/kinds/postgres.ts';
// The module of one kind gets another descriptor. The catalogue and everything else are loaded unchanged.
vi.resetModules();
vi.doMock(replaced, () => ({ postgres: typed }));
const { framingSpecSchema } = await import('#shared/framing/framing-schema.ts');
const { guessFraming } = await import('#shared/framing/guess.ts');
const { addedBy, createFramer, decodeMessage, encodeMessage, isEscaped } = await import('#shared/framing/list.ts');
const { formatFraming, framingUsage, parseFraming } = await import('#shared/framing/spec.ts');
const { Boundaries } = await import('#shared/message/boundaries.ts');
const { framingFormOf, framingItems, framingParameters, framingWords, readFraming, wordsOf } = await import(
  '../../../../src/renderer/state/framing-form.ts'
);
const { formOptions } = await import('../../../../src/renderer/state/options.ts');
const { withTables } = await import('../../../../tools/framing-tables.ts');

afterAll(() => {
  vi.doUnmock(replaced);
  vi.resetModules();
});

const spec = { kind: 'typed', count: 2 } as never;
const choice = 'typed' as never;

test('a descriptor gives the contract its schema', () => {
  expect(framingSpecSchema.parse(spec)).toEqual(spec);
  expect(framingSpecSchema.safeParse({ kind: 'typed', count: 10 }).error?.issues[0]?.message).toBe('a count is 1 to 9');
});

test('a descriptor gives the command line a spelling and its help', () => {
  expect(parseFraming('typed:2')).toEqual(spec);
  expect(formatFraming(spec)).toBe('typed:2');
  expect(framingUsage).toContain('typed:COUNT');
});

test('a descriptor gives the engine a framer, frames and escapes', () => {
  const boundaries = new Boundaries();
  createFramer(spec, 100).push(Uint8Array.of(7, 1, 2), boundaries, 0);
  expect([boundaries.count, boundaries.ends[0], boundaries.heads[0]]).toEqual([1, 3, 1]);
  expect(encodeMessage(spec, Uint8Array.of(1, 2))).toEqual({ bytes: Uint8Array.of(7, 1, 2), head: 1, tail: 0 });
  expect(isEscaped(spec)).toBe(true);
  expect(decodeMessage(spec, Uint8Array.of(7, 1, 2), 1, 0)).toEqual(Uint8Array.of(2, 3));
  expect(guessFraming(Uint8Array.of(7, 1, 2)).map(({ framing }) => framing)).toContain('typed:2');
});

test('a descriptor gives the form its words, fields and variants', () => {
  expect(wordsOf(choice).label).toBe('Typed records');
  expect(framingWords.map(({ label }) => label)).toContain('Records of four');
  expect(framingItems.map(({ label }) => label)).toEqual(expect.arrayContaining(['Typed records', 'Records of four']));
  expect(framingParameters[choice]).toEqual(['framing.count']);
  expect(framingParameters['four' as never]).toEqual([]);
  const count = formOptions.find(({ label }) => label === 'Count');
  expect(count).toMatchObject({ field: 'framing.count', kind: 'number', aliases: 'quantity' });
  expect(addedBy(spec)).toBe('a type before 2 bytes');
});

test('a form of the kind is read and written back, also of a variant', () => {
  const form = framingFormOf(spec);
  expect(form).toMatchObject({ framing: 'typed', 'framing.count': '2' });
  expect(readFraming(form)).toEqual({ ok: true, spec });
  const wrong = readFraming({ ...form, 'framing.count': '10' } as never);
  expect(wrong).toEqual({ ok: false, errors: { 'framing.count': 'a count is 1 to 9' } });
  expect(framingFormOf({ kind: 'typed', count: 4 } as never).framing).toBe('four');
});

test('a descriptor gives docs/framing.md its rows', () => {
  const page = withTables(readFileSync(new URL('../../../../docs/framing.md', import.meta.url), 'utf8'));
  expect(page).toContain('| `typed:COUNT` | a type byte and COUNT bytes | a type byte of 7 |');
  expect(page).toContain('| `typed:COUNT` | a type other than 7 | at the next 7 |');
});
