import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentKinds, kindOfPath } from '#shared/document/catalogue.ts';
import type { DocumentKind } from '#shared/document/document-kind.ts';
import { type Environment, environmentKind } from '#shared/document/kinds/environment.ts';
import { maxPayloadBytes, metaPathOf, payloadFormatOf, payloadKind } from '#shared/document/kinds/payload.ts';
import {
  defaultPayloadMeta,
  needsMeta,
  type PayloadMeta,
  payloadMetaKind,
} from '#shared/document/kinds/payload-meta.ts';
import { type SendList, sendListKind } from '#shared/document/kinds/send-list.ts';
import { type Workspace, workspaceKind } from '#shared/document/kinds/workspace.ts';

/** Some of the strings that programs stumble over. */
const naughty = [
  ...[
    '',
    ' ',
    'undefined',
    'null',
    'true',
    'no',
    '1e3',
    '0x10',
    '1.10',
    '-0',
    'NaN',
    '.inf',
    '~',
    '---',
    '...',
    '# c',
    'a: b',
    '- a',
    '? a',
  ],
  ...[
    '\u0000',
    '\u001b[31m',
    '\r',
    '\r\n',
    '\n\n',
    '\t',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\u202e test',
    'ﷺ',
    '👩‍👩‍👧‍👦',
    '田中さん',
    'Ṱ̺̺̕o͞',
  ],
  ...[
    '<script>alert(1)</script>',
    "'; DROP TABLE x",
    '{{ 7*7 }}',
    '$(x)',
    '%s%n',
    '../../etc/passwd',
    '&a *a',
    '!!js/function x',
    '"',
    "'",
    '\\',
  ],
];
const texts = fc.oneof(
  fc.constantFrom(...naughty),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }).map((one) => one.toWellFormed()),
);
const shortTexts = texts.filter(({ length }) => length <= 120);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const names = fc.oneof(
  fc.stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/),
  fc.constantFrom('constructor', 'toString', 'null'),
);

const workspaces: fc.Arbitrary<Workspace> = fc.record({
  version: fc.constant(1),
  name: optional(shortTexts),
  note: optional(texts),
});
const environments: fc.Arbitrary<Environment> = fc.record({
  name: optional(shortTexts),
  note: optional(texts),
  variables: fc.dictionary(names, texts, { noNullPrototype: true }),
  secrets: fc.uniqueArray(fc.stringMatching(/^S[a-z]{1,5}$/)),
});
const lists: fc.Arbitrary<SendList> = fc.record({
  name: optional(shortTexts),
  note: optional(texts),
  steps: fc.array(
    fc.record({
      payload: texts.filter((text) => text !== ''),
      enabled: fc.boolean(),
      delayMs: fc.nat(86_400_000),
      count: fc.integer({ min: 1, max: 1_000_000_000 }),
      expect: optional(
        fc.record({
          filter: fc.constantFrom('', 'len > 3', 'json.a == "x"'),
          timeoutMs: fc.integer({ min: 1, max: 86_400_000 }),
        }),
      ),
      note: optional(texts),
    }),
  ),
  loop: fc.nat(1_000_000_000),
  rows: optional(fc.constantFrom('rows.csv', 'a/b.jsonl')),
});
const metas: fc.Arbitrary<PayloadMeta> = fc.record({
  template: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'gbk', 'utf-16le'),
  lineEnds: optional(fc.constantFrom('lf', 'crlf', 'cr')),
  framing: optional(fc.constantFrom('raw', 'line:crlf', 'len:4be')),
  checksum: optional(
    fc.record({
      spec: fc.constantFrom('crc-16/modbus', 'SHA-256', 'xor:le:hex', 'sum-8:HEX'),
      from: optional(fc.integer()),
      to: optional(fc.integer()),
    }),
  ),
  schema: optional(fc.constantFrom('schemas/a.json')),
  favourite: optional(fc.integer({ min: 1, max: 9 })),
  note: optional(texts),
});

/** Writes a document and reads it. */
function roundTrip<Value>(
  kind: DocumentKind<Value, string>,
  value: Value,
  previous?: string,
): { value: Value; content: string } {
  const written = kind.stringify(value, previous);
  if (!written.ok) throw new Error(written.error.system);
  const { content } = written.value;
  const parsed = kind.parse(content);
  if (!parsed.ok) throw new Error(`${parsed.error.system}\n${content}`);
  return { value: parsed.value.value, content };
}

/** Writes, reads, changes and adds what a person adds: the data, the comments and the unknown keys have to be there each time. */
function expectLaws<Value>(kind: DocumentKind<Value, string>, values: fc.Arbitrary<Value>): void {
  fc.assert(
    fc.property(values, values, (first, second) => {
      const { value, content } = roundTrip(kind, first);
      expect(value).toEqual(first);
      expect(roundTrip(kind, value, content).content).toBe(content);
      const byHand = `# by hand\n${content}# before the unknown key\nx-unknown: 0x0F # unknown\n`;
      const changed = roundTrip(kind, second, byHand);
      expect(changed.value).toEqual(second);
      for (const part of ['# by hand\n', '# before the unknown key', 'x-unknown: 0x0F # unknown'])
        expect(changed.content).toContain(part);
      expect(roundTrip(kind, second, changed.content).content).toBe(changed.content);
    }),
  );
}

describe('write, read, change and write again keeps the document', () => {
  it('of a workspace', () => expectLaws(workspaceKind, workspaces));
  it('of an environment', () => expectLaws(environmentKind, environments));
  it('of a send list', () => expectLaws(sendListKind, lists));
  it('of what is known of a payload', () => expectLaws(payloadMetaKind, metas));

  it('of a payload, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const written = payloadKind.stringify(bytes);
        const parsed = payloadKind.parse(written.ok ? written.value.content : '');
        expect(parsed.ok && parsed.value.value).toEqual(bytes);
      }),
    );
  });
});

describe('the catalogue of documents', () => {
  it.each([
    ['wirebench.yaml', 'workspace'],
    ['sub/wirebench.yaml', undefined],
    ['endpoints/lab/boiler.yaml', 'endpoint'],
    ['payloads/a.json', 'payload'],
    ['payloads/orders/a.json.meta.yaml', 'payload-meta'],
    ['payloads/a.yaml', undefined],
    ['environments/lab.yaml', 'environment'],
    ['lists/warm-up.yaml', 'send-list'],
    ['README.md', undefined],
  ])('knows the kind of %s', (path, kind) => {
    expect(kindOfPath(path)?.kind).toBe(kind);
  });

  it('refuses text that is not a document of a kind, with a line, and never throws', () => {
    const yaml = fc.oneof(
      texts,
      fc.json(),
      fc.constantFrom('- a', 'a: {', 'steps: 1', 'variables: [1]', 'version: 2', 'role: server'),
    );
    fc.assert(
      fc.property(yaml, fc.constantFrom(...documentKinds.filter(({ schema }) => schema)), (text, kind) => {
        const parsed = kind.parse(text);
        if (!parsed.ok) expect(parsed).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
      }),
    );
  });
});

describe('a workspace', () => {
  it('of a later version is refused', () => {
    expect(workspaceKind.parse('name: x\nversion: 2\n')).toMatchObject({
      ok: false,
      line: 2,
      error: { hint: 'Update Wirebench.' },
    });
  });
});

describe('an environment', () => {
  it('has its values as they are written', () => {
    const text = 'variables:\n  a: 1.10\n  b: no\n  c: 0x0F # hex\n  d: 12345678901234567890\n  e:\n  f: true\n';
    const parsed = environmentKind.parse(text);
    if (!parsed.ok) throw new Error(parsed.error.system);
    const { variables } = parsed.value.value;
    expect(variables).toEqual({ a: '1.10', b: 'no', c: '0x0F', d: '12345678901234567890', e: '', f: 'true' });
    const changed = environmentKind.stringify({ ...parsed.value.value, variables: { ...variables, b: 'yes' } }, text);
    expect(changed.ok && changed.value.content).toBe(text.replace('no', '"yes"'));
  });

  it.each([
    ['a list', 'variables:\n  a: [1]\n', 2],
    ['a group', 'variables:\n  ok: 1\n  a: { b: 1 }\n', 3],
    ['a bad name', 'variables:\n  "a b": 1\n', 2],
    ['a secret that is a variable', 'variables:\n  a: 1\nsecrets: [b, a]\n', 3],
    ['a secret with a value', 'secrets:\n  a: hunter2\n', 2],
  ])('is refused with %s', (_, text, line) => {
    const parsed = environmentKind.parse(text);
    expect(parsed).toMatchObject({ ok: false, line });
    expect(!parsed.ok && parsed.error.system).not.toContain('hunter2');
  });
});

describe('a send list', () => {
  it('says where a filter is wrong', () => {
    const parsed = sendListKind.parse('steps:\n  - payload: a\n    expect:\n      filter: len >\n');
    expect(parsed).toMatchObject({
      ok: false,
      line: 4,
      error: { system: expect.stringMatching(/steps\.0\.expect\.filter: invalid filter at character/) },
    });
  });

  it('keeps the comments and unknown keys of steps that move', () => {
    const text = 'steps:\n  # first\n  - payload: a\n    x-mine: 1\n  - payload: b # second\n';
    const parsed = sendListKind.parse(text);
    if (!parsed.ok) throw new Error(parsed.error.system);
    const { value } = parsed.value;
    const moved = sendListKind.stringify({ ...value, steps: value.steps.toReversed() }, text);
    expect(moved.ok && moved.value.content).toBe(
      'steps:\n  - payload: b # second\n  # first\n  - payload: a\n    x-mine: 1\n',
    );
  });
});

describe('a payload', () => {
  it('has its format by its ending, and a limit', () => {
    expect(payloadFormatOf('payloads/a.hex')).toBe('hex');
    expect(payloadFormatOf('payloads/a.yaml')).toBeUndefined();
    expect(payloadKind.parse(new Uint8Array(maxPayloadBytes + 1))).toMatchObject({
      ok: false,
      error: { code: 'too-large' },
    });
  });

  it('has a meta file only where something differs from the defaults', () => {
    expect(needsMeta(defaultPayloadMeta)).toBe(false);
    expect(needsMeta({ ...defaultPayloadMeta, favourite: 1 })).toBe(true);
    expect(kindOfPath(metaPathOf('payloads/a.txt'))?.kind).toBe('payload-meta');
  });

  it.each(['crc-16/modbus', 'CRC-32/iso-hdlc:be', 'md5:HEX', 'xor:le:hex:from1'])('has the checksum %s', (spec) => {
    expect(payloadMetaKind.parse(`checksum: ${spec}\n`)).toMatchObject({
      ok: true,
      value: { value: { checksum: { spec } } },
    });
  });

  it.each(['""', ':le', 'crc-16:middle', 'a b:hex:le', '1'])('has no checksum %s', (spec) => {
    expect(payloadMetaKind.parse(`note: a\nchecksum: ${spec}\n`)).toMatchObject({ ok: false, line: 2 });
  });

  it('has the encoding latin-1 by its other name, which stays in the file', () => {
    const text = 'encoding: latin-1 # of the device\n';
    const parsed = payloadMetaKind.parse(text);
    if (!parsed.ok) throw new Error(parsed.error.system);
    const { value } = parsed.value;
    expect(value.encoding).toBe('iso-8859-1');
    const written = payloadMetaKind.stringify({ ...value, favourite: 1 }, text);
    expect(written.ok && written.value.content).toBe(`${text}favourite: 1\n`);
  });
});
