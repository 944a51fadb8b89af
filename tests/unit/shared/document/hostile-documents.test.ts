import { describe, expect, it } from 'vitest';
import { documentKinds } from '#shared/document/catalogue.ts';

const kinds = documentKinds.filter(({ schema }) => schema !== undefined);

/** Keys of an ordinary document of each kind under which a document may have any name, or a value of any depth. */
const places: Readonly<Record<string, readonly string[]>> = {
  workspace: ['name'],
  endpoint: ['host', 'framing', 'options', 'tls'],
  'payload-meta': ['checksum', 'note'],
  environment: ['variables', 'secrets'],
  'send-list': ['steps', 'rows'],
};

const levels = Array.from({ length: 30 }, (_, at) => at);
/** Thirty levels of two aliases each: a thousand million values. */
const bomb = levels.map((at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`).join('\n');

describe.each(kinds.map((one) => [one.kind, one] as const))('a hostile document of the kind %s', (name, kind) => {
  const at = places[name] ?? [];
  const refused = (text: string) => {
    const parsed = kind.parse(text);
    return parsed.ok ? parsed : { system: parsed.error.system, line: parsed.line };
  };

  it('with anchors, aliases or a bomb of them is refused, with the line', () => {
    expect(refused(bomb)).toEqual({ system: expect.stringContaining('anchors and aliases'), line: 1 });
    for (const key of at) {
      const refusal = { system: expect.stringContaining('anchors and aliases'), line: 2 };
      expect(refused(`# one\n${key}: &x [1, *x]\n`)).toEqual(refusal);
    }
  });

  it('with a merge key, a tag or too many levels is refused', () => {
    for (const key of at) {
      for (const value of ['{ <<: { a: 1 } }', '!!js/function "x"', `${'['.repeat(70)}${']'.repeat(70)}`]) {
        expect(kind.parse(`${key}: ${value}\n`)).toMatchObject({ ok: false });
      }
    }
  });

  it('with the key __proto__ is refused, also deep in it', () => {
    for (const text of [
      '__proto__: { polluted: 1 }\n',
      ...at.map((key) => `${key}: { a: { __proto__: { polluted: 1 } } }\n`),
    ]) {
      expect(refused(text)).toEqual({ system: expect.stringContaining('__proto__'), line: 1 });
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('with the names of what every object has changes nothing but itself', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).map((key) => [key, Reflect.get({}, key)]);
    for (const key of ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']) {
      for (const text of [
        `${key}: { prototype: { polluted: 1 } }\n`,
        ...at.map((place) => `${place}: { ${key}: x }\n`),
      ]) {
        const parsed = kind.parse(text);
        // Either it is refused, or the key is a key of the document and not of its prototype.
        const value = parsed.ok ? parsed.value.value : {};
        expect([Object.prototype, Array.prototype, null]).toContain(Object.getPrototypeOf(value));
      }
    }
    expect(Object.getOwnPropertyNames(Object.prototype).map((key) => [key, Reflect.get({}, key)])).toEqual(before);
  });
});

it('every kind of document with a schema is tested with hostile ones', () => {
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(Object.keys(places).sort());
});
