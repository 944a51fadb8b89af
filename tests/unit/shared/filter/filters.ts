import fc from 'fast-check';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Filter, FilterRecord, PathStep, TreeTest } from '#shared/filter/ast.ts';
import { exactNumber } from '#shared/filter/exact-number.ts';
import { filterKinds } from '#shared/filter/fields.ts';
import { parseFilter } from '#shared/filter/parse.ts';

/** The filter of `text`, which has to be one. */
export function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return parsed.filter;
}

/** A message received, `{}` with a line feed, but for what is given. `text` is its body. */
export function recordOf({ text = '{}', ...fields }: Partial<FilterRecord> & { text?: string } = {}): FilterRecord {
  const body = encodeUtf8(text);
  const bytes = encodeUtf8(`${text}\n`);
  return {
    seq: 0,
    at: 1_000,
    kind: 'in',
    socket: 1,
    length: bytes.length,
    flags: 0,
    info: undefined,
    bookmarked: false,
    note: '',
    checksum: () => undefined,
    body: () => body,
    bytes: () => bytes,
    ...fields,
  };
}

const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const equality = fc.constantFrom('==', '!=');
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
/** A number of a place in a tree, which is compared as it is written. */
const treeNumber = number.map((value) => exactNumber(String(value)));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('"', '\\', '\\"', '\n', '\ud800', 'in'),
);
const pattern = fc.constantFrom('a', '\\d+', '(?i)x|y', '\\"', '\\\\', 'é{2,3}', '^$', '[^"]'.replace('"', '\\"'));
const textTest = fc.oneof(
  fc.record({ op: fc.constantFrom('==', '!=', 'contains'), value: text }),
  fc.record({ op: fc.constant('matches'), value: pattern }),
);

const step: fc.Arbitrary<PathStep> = fc.oneof(
  fc.record({
    kind: fc.constant('key'),
    name: fc.oneof(text, fc.constantFrom('id', '@id', 'a-b', '0', '__proto__', 'é')),
  }),
  fc.record({ kind: fc.constant('index'), index: fc.nat(1_000) }),
  fc.constant({ kind: 'any' } as const),
);
const treeTest: fc.Arbitrary<TreeTest> = fc.oneof(
  fc.constant({ op: 'exists' } as const),
  fc.record({ op: comparison, value: fc.oneof(text, treeNumber) }),
  fc.record({ op: equality, value: fc.constantFrom(true, false, null) }),
  fc.record({ op: fc.constant('range'), low: treeNumber, high: treeNumber }),
  fc.record({ op: fc.constant('contains'), value: text }),
  fc.record({ op: fc.constant('matches'), value: pattern }),
);

/** A single condition, of any kind and with anything in it. */
export const anyLeaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('flag'),
    flag: fc.constantFrom(
      'in',
      'out',
      'message',
      'bookmarked',
      'problem',
      'call',
      'truncated',
      'part',
      'incomplete',
      'malformed',
      'filler',
    ),
  }),
  fc.record({
    kind: fc.constant('number'),
    field: fc.constantFrom('seq', 'socket', 'len'),
    op: comparison,
    value: number,
  }),
  fc.record({ kind: fc.constant('time'), op: comparison, value: number, absolute: fc.constant(false) }),
  fc.record({
    kind: fc.constant('time'),
    op: comparison,
    value: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((micros) => micros / 1_000),
    absolute: fc.constant(true),
  }),
  fc.record({ kind: fc.constant('call-duration'), op: comparison, value: number }),
  fc.record({ kind: fc.constant('record-kind'), op: equality, value: fc.constantFrom(...filterKinds) }),
  fc
    .tuple(
      fc.constantFrom(
        'peer',
        'local',
        'transport',
        'endpoint',
        'endpoint.id',
        'program',
        'note',
        'call.name',
        'call.errno',
        'source',
      ),
      textTest,
    )
    .map(([field, test]) => ({ kind: 'string', field, ...test }) as const),
  textTest.map((test) => ({ kind: 'text', ...test }) as const),
  fc.record({
    kind: fc.constant('bytes'),
    op: fc.constantFrom('==', '!=', 'contains'),
    value: fc.uint8Array({ maxLength: 8 }).map((bytes) => Uint8Array.from(bytes)),
  }),
  fc.record({
    kind: fc.constant('tree'),
    format: fc.constantFrom('json', 'xml'),
    path: fc.array(step, { maxLength: 4 }),
    test: treeTest,
  }),
);

/** Conditions put together in every way. */
export const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyLeaf,
    tie('filter').map((part) => ({ kind: 'not', part }) as const),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
      .map(([kind, parts]) => ({ kind, parts }) as const),
  ),
})).filter;
