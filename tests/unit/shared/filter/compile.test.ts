import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { Filter, FilterRecord } from '#shared/filter/ast.ts';
import { maxMatchedBytes } from '#shared/filter/compare.ts';
import { compileFilter, needleOf, textTest } from '#shared/filter/compile.ts';
import { filterKinds } from '#shared/filter/fields.ts';
import type { RecordKind } from '#shared/record/record.ts';
import { cases, Reached } from '#support/cases.ts';
import { filterOf, recordOf } from './filters.ts';
import { naiveMatch } from './naive-filter.ts';

const context = { startAt: 1_000 };
const matches = (text: string, record: Partial<FilterRecord> & { text?: string } = {}) =>
  compileFilter(filterOf(text))(recordOf(record), context);

const names = fc.constantFrom('a', 'b', 'toString', '__proto__');
const scalars = fc.constantFrom<(string | number | boolean | null)[]>(
  '',
  'a',
  'ab',
  'é\n',
  0,
  1,
  -2.5,
  true,
  false,
  null,
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const someText = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => JSON.stringify(value)) },
  json.map((value) => JSON.stringify(value).replaceAll('"a"', '"\\u0061"')),
  json.map((value) => JSON.stringify({ pad: 'x'.repeat(300), a: value })),
  json.map((value) => ` ${JSON.stringify(value, undefined, 1)}\n`),
  json.map((value) => JSON.stringify(value).slice(1)),
  fc.constantFrom('', 'a', 'abba', 'é'),
);
const kinds = fc.constantFrom(...filterKinds.filter((kind): kind is RecordKind => kind !== 'message'));
const someRecord = fc
  .record({
    seq: fc.nat(3),
    at: fc.nat(3_000).map((micros) => 1_000 + micros / 1_000),
    kind: fc.oneof(fc.constantFrom<RecordKind[]>('in', 'out'), kinds),
    socket: fc.nat(3),
    flags: fc.nat(31),
    info: fc.option(
      fc.record({
        endpoint: fc.constantFrom('', 'a'),
        name: fc.constantFrom('', 'ab'),
        local: fc.constantFrom('', 'b'),
        peer: fc.constantFrom('', 'a', 'B'),
        transport: fc.constantFrom('tcp', 'ab'),
      }),
      { nil: undefined },
    ),
    bookmarked: fc.boolean(),
    note: fc.constantFrom('', 'a', 'ab'),
    text: someText,
  })
  .map(recordOf);

const comparisons = ['==', '!=', '<', '<=', '>', '>='];
const someLeaf = fc.oneof(
  fc.constantFrom(
    'in',
    'out',
    'message',
    'bookmarked',
    'problem',
    'truncated',
    'part',
    'incomplete',
    'malformed',
    'filler',
  ),
  fc
    .tuple(fc.constantFrom('seq', 'socket', 'len'), fc.constantFrom(...comparisons), fc.nat(3))
    .map(([field, op, value]) => `${field} ${op} ${value}`),
  fc
    .tuple(fc.constantFrom(...comparisons), fc.constantFrom('0s', '1ms', '1500us', '1970-01-01T00:00:01.0015Z'))
    .map(([op, value]) => `time ${op} ${value}`),
  fc.tuple(fc.constantFrom('==', '!='), fc.constantFrom(...filterKinds)).map(([op, kind]) => `kind ${op} ${kind}`),
  fc
    .tuple(
      fc.constantFrom('peer', 'local', 'endpoint', 'endpoint.id', 'note', 'text'),
      fc.constantFrom('==', '!=', 'contains', 'matches'),
      fc.constantFrom('', 'a', 'ab', 'b+', '(?i)A'),
    )
    .map(([field, op, value]) => `${field} ${op} "${value}"`),
  fc
    .tuple(fc.constantFrom('==', '!=', 'contains'), fc.constantFrom('', '61', '0a', '61 0a'))
    .map(([op, value]) => `bytes ${op} "${value}"`),
);
const somePath = fc
  .array(
    fc.oneof(
      names.map((name) => `.${name}`),
      fc.constantFrom('[0]', '[1]', '[*]'),
    ),
    { maxLength: 3 },
  )
  .map((steps) => `json${steps.join('')}`);
const someTree = fc
  .tuple(
    somePath,
    fc.oneof(
      fc.constantFrom('', ' contains "a"', ' contains ""', ' matches "^a"', ' == true', ' != null', ' == null'),
      fc
        .tuple(fc.constantFrom(...comparisons), fc.constantFrom('0', '1', '-2.5', '""', '"a"', '"é\\n"'))
        .map(([op, value]) => ` ${op} ${value}`),
    ),
  )
  .map((parts) => parts.join(''));
const someFilter = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small' },
    someLeaf,
    someTree,
    tie('text').map((text) => `!(${text})`),
    fc
      .tuple(tie('text'), fc.constantFrom('&&', '||'), tie('text'))
      .map(([left, op, right]) => `(${left}) ${op} (${right})`),
  ),
})).text;

describe('compileFilter', () => {
  test('means what the plain reading of the filter means', () => {
    const reached = new Reached<'matches' | 'does not'>();
    const property = fc.property(someFilter, fc.array(someRecord, { minLength: 1, maxLength: 8 }), (text, records) => {
      const filter = filterOf(text);
      const predicate = compileFilter(filter);
      for (const record of records) {
        const expected = naiveMatch(filter, record, context);
        reached.note(expected ? 'matches' : 'does not');
        expect(predicate(record, context)).toBe(expected);
      }
    });
    fc.assert(property, cases(1_000));
    reached.expectEach(['matches', 'does not'], 1_000);
  });

  test('finds no fault with what is missing: a comparison with it is false, “!=” too', () => {
    for (const field of ['peer', 'local', 'endpoint', 'endpoint.id', 'note', 'json.x', 'xml.x']) {
      for (const op of ['==', '!=', 'contains', 'matches'])
        expect(matches(`${field} ${op} "a"`), `${field} ${op}`).toBe(false);
      expect(matches(`!(${field} == "a")`)).toBe(true);
    }
    const closed = { kind: 'closed', length: 0, text: '{"a":1}' } as const;
    for (const text of ['len == 0', 'len != 1', 'bytes != 00', 'json.a', 'json.a != 2']) {
      expect(matches(text, closed), text).toBe(false);
    }
    expect(matches('text contains "a"', closed)).toBe(true);
  });

  test.each([
    ['xml', true],
    ['xml.order', true],
    ['xml.item', false],
    ['xml.order.@id == "7"', true],
    ['xml.order.@id == 7', true],
    ['xml.order.@id < 7.5', true],
    ['xml.order.total > 10', true],
    ['xml.order.total > "10"', true],
    ['xml.order.total == "12.50"', true],
    ['xml.order.total == 12.5', true],
    ['xml.order.item == "b & c"', true],
    ['xml.order.item[0] == "a"', true],
    ['xml.order.item[1] == "a"', false],
    ['xml.order.item[2]', false],
    ['xml.order.item[*].@n != "1"', true],
    ['xml.order.item > 1', false],
    ['xml.order.item != 1', true],
    ['xml.order.paid == true', true],
    ['xml.order.paid == null', false],
    ['xml.order.paid matches "^t"', true],
    ['xml.order.item.@n.x', false],
    ['xml.order contains "b & c12"', true],
    ['json', false],
  ])('reads XML: %s is %s', (filter, expected) => {
    const text = `<?xml version="1.0"?>
<order id="7"><item n="1">a</item><item n="2">b &amp; <![CDATA[c]]></item><total> 12.50 </total><!-- c --><paid>true</paid></order>`;
    expect(matches(filter, { text: text.replace('<total> 12', '<total>12') })).toBe(expected);
  });

  test('ends with patterns that make others hang', () => {
    const body = encodeUtf8(`${'a'.repeat(100_000)}!`);
    for (const pattern of ['(a+)+$', '(a|aa)+$', '(.*a){20}$']) {
      expect(textTest({ kind: 'text', op: 'matches', value: pattern })(body)).toBe(false);
    }
  });

  test('looks with a regular expression at the beginning of a message only', () => {
    const body = encodeUtf8(`${'a'.repeat(maxMatchedBytes - 1)}bc`);
    expect(textTest({ kind: 'text', op: 'matches', value: 'b' })(body)).toBe(true);
    expect(textTest({ kind: 'text', op: 'matches', value: 'c' })(body)).toBe(false);
    const text = JSON.stringify({ a: decodeUtf8Lossy(body) });
    expect(matches('json.a matches "b$"', { text })).toBe(true);
    expect(matches('json.a matches "c"', { text })).toBe(false);
  });

  test('finds names and texts in long messages however they are spelled', () => {
    const pad = 'x'.repeat(1_000);
    for (const json of ['{"user":"é"}', '{"us\\u0065r":"é"}', '{"user":"\\u00e9"}']) {
      const text = json.replace('{', `{"pad":"${pad}",`);
      expect(matches('json.user == "é"', { text }), json).toBe(true);
      expect(matches('json.user contains "e"', { text }), json).toBe(false);
      expect(matches('json.id', { text }), json).toBe(false);
    }
  });

  test('looks into what is not UTF-8 as text, never as JSON or XML', () => {
    const broken = Uint8Array.from([...encodeUtf8('{"a":"'), 0xff, ...encodeUtf8('"}')]);
    const record = { ...recordOf(), body: () => broken };
    const match = (text: string) => compileFilter(filterOf(text))(record, context);
    expect(match('text contains "a"')).toBe(true);
    expect(match('text matches "a\\W+\\x{fffd}"')).toBe(true);
    expect(match('json.a')).toBe(false);
  });

  test('asks for bytes only where they decide', () => {
    const refuse = (): never => {
      throw new Error('the bytes were read');
    };
    const record = { ...recordOf(), body: refuse, bytes: refuse };
    expect(compileFilter(filterOf('json.a == 1 && text contains "x" && out'))(record, context)).toBe(false);
    expect(compileFilter(filterOf('bytes contains 00 || in'))(record, context)).toBe(true);
  });
});

describe('needleOf', () => {
  test.each<[string, number[] | undefined]>([
    ['text contains "é"', [0xc3, 0xa9]],
    ['bytes contains 00:01', [0, 1]],
    ['text contains ""', undefined],
    ['text == "a"', undefined],
    ['note contains "a"', undefined],
  ])('of %s is %j', (text, needle) => {
    const filter: Filter = filterOf(text);
    expect(needleOf(filter)).toEqual(needle && Uint8Array.from(needle));
  });
});
