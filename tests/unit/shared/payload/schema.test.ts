import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAgainstSchema, type SchemaSource } from '#shared/payload/schema.ts';
import { draftNamed, draftOf, withoutIgnored } from '#shared/payload/schema-draft.ts';
import { reasonOf } from '#shared/payload/schema-reasons.ts';

const uri = 'file:///schema.json';

/** Checks `text`; the problems as `line:column message`, or the verdict. */
function check(schema: unknown, text: string, others: readonly SchemaSource[] = [], isFull = true) {
  const root = { uri, text: typeof schema === 'string' ? schema : JSON.stringify(schema) };
  const checked = checkAgainstSchema(text, [root, ...others], { isFull });
  if (!checked.ok) return checked.problem.reason;
  if (checked.value.kind !== 'checked') return checked.value;
  return checked.value.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a JSON Schema', () => {
  test('gives the place, the path and the reason of each mismatch, in the order of the text', () => {
    const schema = {
      type: 'object',
      required: ['id', 'name'],
      properties: { id: { type: 'integer' }, name: true, tags: { items: { maxLength: 2 } }, 'a/b~c': { minimum: 3 } },
      additionalProperties: false,
    };
    const text = '\ufeff{\r\n  "a/b~c": 1,\r\n  "tags": ["ab", "abc"],\r\n  "other": 0,\r\n  "id": "7"\r\n}';
    expect(check(schema, text)).toEqual([
      '1:1 The document must have the property `name`',
      '2:12 /a~1b~0c must be >= 3',
      '3:18 /tags/1 must have at most 2 characters',
      '4:3 The document must not have the property `other`',
      '5:9 /id must be an integer, not a string',
    ]);
    expect(check(schema, text, [], false)).toHaveLength(1);
    expect(check(schema, '{"id": 1, "name": 2}')).toEqual([]);
  });

  test('is about the last of duplicate keys, as JSON.parse is', () => {
    expect(check({ properties: { a: { const: 1 } } }, '{"a": 1, "\\u0061": 2}')).toEqual(['1:20 /a must be `1`']);
  });

  test('names the failed combination before the mismatches of its parts', () => {
    expect(check({ anyOf: [{ type: 'string' }, { type: 'null' }] }, '[]')).toEqual([
      '1:1 The document matches none of the alternatives (anyOf)',
      '1:1 The document must be a string, not an array',
      '1:1 The document must be null, not an array',
    ]);
  });

  test('has a reason in words for each keyword', () => {
    const cases: readonly [schema: object, text: string, reason: RegExp][] = [
      [{ enum: [1, 2, 3, 4, 5, 6] }, '7', /one of `1`, `2`, `3`, `4`, `5` and 1 more$/],
      [{ multipleOf: 2 }, '3', /a multiple of 2$/],
      [{ minItems: 1 }, '[]', /at least 1 item$/],
      [{ uniqueItems: true }, '[1, 1]', /no equal items: 0 and 1 are equal$/],
      [{ contains: { const: 1 } }, '[]', /at least 1 item that matches$/],
      [{ items: [true], additionalItems: false }, '[1, 2]', /at most 1 items$/],
      [{ pattern: '^a' }, '"b"', /match the pattern `\^a`$/],
      [{ format: 'date' }, '"2026-02-30"', /the format `date`$/],
      [{ dependencies: { a: ['b'] } }, '{"a": 1}', /has the property `a`, so it must have `b` too$/],
      [{ propertyNames: { maxLength: 1 } }, '{"ab": 1}', /a property with the invalid name `ab`$/],
      [{ oneOf: [true, true] }, '1', /alternatives 0 and 1, but only one/],
      [{ not: {} }, '1', /what is excluded \(not\)$/],
      [JSON.parse('{"if": {}, "then": false}'), '1', /condition's branch \(then\)$/],
      [{ properties: { a: false } }, '{"a": 1}', /\/a is not allowed$/],
    ];
    for (const [schema, text, reason] of cases) {
      expect(
        (check(schema, text) as string[]).some((message) => reason.test(message)),
        JSON.stringify(schema),
      ).toBe(true);
    }
    expect(reasonOf({ keyword: 'constructor', params: {}, instancePath: '', schemaPath: '' }, 'null')).toBe(
      'does not match `constructor`',
    );
  });

  test('that is invalid is described with its place', () => {
    const invalid = check('{\n "type": 7}', '1');
    expect(invalid).toMatchObject({ kind: 'invalid-schema', uri, reason: expect.stringMatching(/^\/type /) });
    expect(Reflect.get(invalid as object, 'problems')[0]).toMatchObject({ line: 2, column: 10, path: '/type' });
    expect(check('{"type"', '1')).toMatchObject({ kind: 'invalid-schema', reason: expect.stringMatching(/expected/) });
    expect(check('{"pattern": "("}', '1')).toMatchObject({ kind: 'invalid-schema' });
    expect(check({ $ref: '#/definitions/none' }, '1')).toMatchObject({ kind: 'missing' });
  });

  test('asks for the schemas that it refers to, and finds them by their URI', () => {
    const schema = { properties: { a: { $ref: 'parts/one.json#/definitions/x' } } };
    const wanted = 'file:///parts/one.json';
    expect(check(schema, '{"a": 1}')).toEqual({ kind: 'missing', uri: wanted });
    const other = { uri: wanted, text: '{"definitions": {"x": {"type": "string"}}}' };
    expect(check(schema, '{"a": 1}', [other])).toEqual(['1:7 /a must be a string, not a number']);
  });

  test('that refers to itself without end is refused', () => {
    expect(check({ $ref: '#' }, '1')).toMatchObject({ kind: 'invalid-schema' });
    expect(check({ allOf: [{ $ref: '#' }] }, '1')).toMatchObject({ kind: 'invalid-schema' });
    const recursive = { properties: { a: { $ref: '#' } }, required: ['a'] };
    expect(check(recursive, '{"a": {"a": {}}}')).toEqual(['1:13 /a/a must have the property `a`']);
  });

  test('does not reach what JavaScript objects inherit', () => {
    expect(check({ required: ['toString', '__proto__'] }, '{}')).toHaveLength(2);
    expect(check('{"properties": {"__proto__": {"type": "number"}}}', '{"__proto__": "x"}')).toHaveLength(1);
    expect(Reflect.get({}, 'type')).toBeUndefined();
  });

  test('never throws, whatever the schema and the document', () => {
    const keyword = fc.constantFrom(
      'type',
      'items',
      'properties',
      '$ref',
      '$id',
      'pattern',
      'allOf',
      'enum',
      'required',
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom('#', 'string', '(', '#/properties/a', 'x.json'),
        fc.dictionary(keyword, tie('schema')),
        fc.array(tie('schema'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(schema, fc.jsonValue(), (value, document) => {
        checkAgainstSchema(JSON.stringify(document), [{ uri, text: JSON.stringify(value) ?? '1' }], { isFull: true });
      }),
    );
  });
});

describe('drafts', () => {
  test('are chosen by $schema, and others are refused', () => {
    expect(draftOf('{}')).toEqual({ ok: true, value: '7' });
    expect(draftNamed('http://json-schema.org/draft-06/schema#')).toBe('6');
    expect(draftNamed('https://json-schema.org/draft-07/schema')).toBe('7');
    expect(draftNamed('constructor')).toBeUndefined();
    expect(draftOf('{"$schema": "http://json-schema.org/draft-04/schema#"}')).toMatchObject({ ok: false });
    const prefixItems = [{ type: 'string' }];
    expect(check({ $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems }, '[1]')).toHaveLength(1);
    expect(check({ prefixItems }, '[1]')).toEqual([]);
    const dependentRequired = { a: ['b'] };
    expect(check({ $schema: 'https://json-schema.org/draft/2019-09/schema', dependentRequired }, '{"a":1}')).toEqual([
      '1:1 The document has the property `a`, so it must have `b` too',
    ]);
    expect(check({ $schema: 'http://json-schema.org/draft-06/schema#', const: 1 }, '2')).toHaveLength(1);
  });

  test('6 and 7 ignore the siblings of $ref, but not the definitions beside it', () => {
    const schema = { $ref: '#/definitions/a', maxLength: 1, definitions: { a: { type: 'string' } } };
    expect(withoutIgnored(schema)).toEqual({ $ref: '#/definitions/a', definitions: { a: { type: 'string' } } });
    expect(check(schema, '"long"')).toEqual([]);
    expect(withoutIgnored({ enum: [{ $ref: 'x', a: 1 }], own: { $id: 'x' } })).toEqual({
      enum: [{ $ref: 'x', a: 1 }],
      own: {},
    });
    expect(withoutIgnored(true)).toBe(true);
  });
});
