import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editYaml, isYamlMap, newYaml } from '#shared/document/yaml-edit.ts';
import { parseYaml, type YamlMap, type YamlTree, type YamlValue } from '#shared/document/yaml-text.ts';
import { cases, Reached } from '#support/cases.ts';

function treeOf(text: string): YamlTree {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(`${parsed.problem.line}: ${parsed.problem.what}\n${text}`);
  return parsed.tree;
}

function edit(text: string, after: YamlMap): string {
  const tree = treeOf(text);
  return editYaml(tree, tree.value as YamlMap, after);
}

/** Values that are easily changed by a reader or a writer. */
const texts = fc.oneof(
  fc.constantFrom(
    'no',
    'yes',
    '1e3',
    '0x10',
    '0o7',
    '010',
    '1:30',
    '~',
    'null',
    '',
    ' ',
    'a: b',
    '# c',
    '- d',
    '<<',
    '*a',
    '&a',
    '!t',
  ),
  fc.constantFrom(
    'a\nb',
    'a\n\n b\n',
    '\n',
    '\r\n',
    'tab\t',
    '\u0000\u001b[31m',
    '\u2028',
    '\ufeff',
    '🧪',
    "it's",
    '"q"',
    '\\n',
    '%A',
    '@b',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.string({ maxLength: 12, unit: 'binary' }).map((text) => text.toWellFormed()),
);
const scalars: fc.Arbitrary<YamlValue> = fc.oneof(
  texts,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value))),
);
const keys = fc
  .oneof(
    fc.constantFrom('a', 'b', 'name', 'constructor', 'no', '1', 'x y', 'true'),
    fc.string({ minLength: 1, maxLength: 5 }),
  )
  .filter((key) => key !== '__proto__' && key !== '<<');
const { map: maps } = fc.letrec<{ value: YamlValue; map: YamlMap }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalars, fc.array(tie('value'), { maxLength: 3 }), tie('map')),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

describe('a new document', () => {
  it('has the data that it is made of', () => {
    fc.assert(
      fc.property(maps, (data) => {
        expect(treeOf(newYaml(data, ' schema')).value ?? {}).toEqual(data);
      }),
    );
  });

  it('quotes texts that are something else to a reader of YAML 1.1', () => {
    expect(newYaml({ a: 'no', b: '010', c: '2026-01-01', d: 'plain', e: '127.0.0.1' }, ' s')).toBe(
      '# s\na: "no"\nb: "010"\nc: "2026-01-01"\nd: plain\ne: 127.0.0.1\n',
    );
  });
});

describe('an edited document', () => {
  const text = [
    '# A heading',
    '',
    'b: 0x10 # hex',
    "no: 'it''s'",
    '',
    '# above a',
    'a:',
    '  inner: 1.50',
    '  big: 12345678901234567890',
    '  list:',
    '  - one # first',
    '  - { k: 1, extra: 1e3 } # second',
    'plain: no',
    '# the end',
    '',
  ].join('\n');
  const data = treeOf(text).value as YamlMap;
  const inner = data.a as YamlMap;

  it('is the same text where nothing changed', () => {
    expect(edit(text, structuredClone(data))).toBe(text);
  });

  it('keeps comments, order, indentation and spellings beside a changed value', () => {
    expect(edit(text, { ...data, a: { ...inner, inner: 2 } })).toBe(text.replace('1.50', '2'));
    expect(edit(text, { ...data, no: 'new' })).toBe(text.replace("'it''s'", "'new'"));
    expect(edit(text, { ...data, b: 17 })).toBe(text.replace('0x10', '17'));
  });

  it('adds a key after the one that it follows', () => {
    expect(edit(text, { b: 16, next: 'x', ...data })).toBe(text.replace('# hex\n', '# hex\nnext: x\n'));
  });

  it('removes a key with its comment, and keeps the comment above it', () => {
    const { a: _, ...rest } = data;
    const edited = edit(text, rest);
    expect(edited).not.toContain('inner');
    expect(edited).toContain('# above a\nplain: no');
  });

  it('moves the items of a list with their comments, and keeps unknown keys of a changed item', () => {
    const [one, second] = inner.list as readonly YamlValue[];
    const moved = edit(text, { ...data, a: { ...inner, list: [second as YamlValue, one as YamlValue] } });
    expect(moved).toContain('  - { k: 1, extra: 1e3 } # second\n  - one # first\n');
    const tree = treeOf(text);
    const known = { ...data, a: { ...inner, list: ['one', { k: 1 }] } };
    const changed = { ...data, a: { ...inner, list: ['zero', 'one', { k: 2 }] } };
    const edited = editYaml(tree, known, changed);
    expect(edited).toContain('- zero\n  - one # first\n');
    expect(editYaml(treeOf(text), known, { ...known, a: { ...inner, list: ['one', { k: 2 }] } })).toContain(
      '{ k: 2, extra: 1e3 } # second',
    );
  });

  it('keeps the line ends and the byte order mark of the document', () => {
    const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect(edit(windows, { ...data, no: 'new' })).toBe(windows.replace("'it''s'", "'new'"));
  });

  it('fills an empty document, below its comments', () => {
    const tree = treeOf('# only a comment\n');
    const edited = editYaml(tree, {}, { a: 1 });
    expect(edited).toContain('# only a comment\n');
    expect(treeOf(edited).value).toEqual({ a: 1 });
    expect(treeOf(editYaml(treeOf('{}'), {}, { a: 1 })).value).toEqual({ a: 1 });
  });
});

/** How a document of a person may be written. */
interface Hand {
  readonly indent: number;
  readonly crlf: boolean;
  readonly comments: boolean;
}

/** Writes data as a person might: with comments above and after, unknown keys, and blank lines. */
class HandWriter {
  readonly comments: string[] = [];
  readonly #hand: Hand;

  constructor(hand: Hand) {
    this.#hand = hand;
  }

  map(data: YamlMap, depth: number): string[] {
    const pad = ' '.repeat(depth * this.#hand.indent);
    return [
      ...Object.entries(data).flatMap(([key, value]) => [
        ...this.#above(pad),
        ...this.#value(`${pad}${JSON.stringify(key)}:`, value, depth),
      ]),
      `${pad}"unknown ${depth}": 0x0F`,
    ];
  }

  #value(head: string, value: YamlValue, depth: number): string[] {
    if (isYamlMap(value)) return [`${head}${this.#after()}`, ...this.map(value, depth + 1)];
    if (!Array.isArray(value) || value.length === 0) return [`${head} ${JSON.stringify(value)}${this.#after()}`];
    const pad = ' '.repeat((depth + 1) * this.#hand.indent);
    const items = value.flatMap((item: YamlValue) => [
      ...this.#above(pad),
      `${pad}- ${JSON.stringify(item)}${this.#after()}`,
    ]);
    return [head, ...items];
  }

  #above(pad: string): string[] {
    return this.#hand.comments ? [`${pad}${this.#comment()}`] : [''];
  }

  #after(): string {
    return this.#hand.comments ? ` ${this.#comment()}` : '';
  }

  #comment(): string {
    const comment = `# note ${this.comments.length};`;
    this.comments.push(comment);
    return comment;
  }
}

/** Returns `data` with `value` in place of the scalar number `at`, counted in depth, and how many there are. */
function withScalar(data: YamlValue, at: number, value: YamlValue): { data: YamlValue; count: number } {
  if (!isYamlMap(data) && !Array.isArray(data)) return { data: at === 0 ? value : data, count: 1 };
  let count = 0;
  const change = (one: YamlValue) => {
    const changed = withScalar(one, at - count, value);
    count += changed.count;
    return changed.data;
  };
  if (Array.isArray(data)) return { data: data.map(change), count };
  return { data: Object.fromEntries(Object.entries(data).map(([key, one]) => [key, change(one)])), count };
}

/** Returns the data with the unknown keys that a hand adds to each map. */
function withUnknown(data: YamlValue, depth = 0): YamlValue {
  if (!isYamlMap(data)) return data;
  const known = Object.entries(data).map(([key, value]) => [key, withUnknown(value, depth + 1)]);
  return { ...Object.fromEntries(known), [`unknown ${depth}`]: 15 };
}

describe('an edit of any document', () => {
  const hands = fc.record({ indent: fc.constantFrom(1, 2, 3, 4), crlf: fc.boolean(), comments: fc.boolean() });

  it('changes one value, and keeps every comment, unknown key and other value', () => {
    const reached = new Reached<'changed' | 'comments' | 'crlf'>();
    fc.assert(
      fc.property(maps, hands, fc.nat(), scalars, (data, hand, pick, value) => {
        const writer = new HandWriter(hand);
        const text = `${writer.map(data, 0).join(hand.crlf ? '\r\n' : '\n')}\n`;
        const { count } = withScalar(data, -1, null);
        const after = withScalar(data, count === 0 ? 0 : pick % count, value).data as YamlMap;
        const tree = treeOf(text);
        expect(tree.value).toEqual(withUnknown(data));
        const edited = editYaml(tree, data, after);
        expect(treeOf(edited).value).toEqual(withUnknown(after));
        for (const comment of writer.comments) expect(edited).toContain(comment);
        expect(edited.match(/"unknown \d+": 0x0F/g)).toEqual(text.match(/"unknown \d+": 0x0F/g));
        if (edited !== text) reached.note('changed');
        if (writer.comments.length > 0) reached.note('comments');
        if (hand.crlf) reached.note('crlf');
      }),
      cases(200),
    );
    reached.expectEach(['changed', 'comments', 'crlf'], 10);
  });

  it('turns the data into any other data, and keeps the unknown keys of maps that stay', () => {
    fc.assert(
      fc.property(maps, maps, hands, (before, after, hand) => {
        const text = `${new HandWriter({ ...hand, comments: true }).map(before, 0).join('\n')}\n`;
        const edited = editYaml(treeOf(text), before, after);
        const { 'unknown 0': unknown, ...rest } = treeOf(edited).value as YamlMap;
        expect(unknown).toBe(15);
        expect(Object.keys(rest)).toEqual(expect.arrayContaining(Object.keys(after)));
        for (const [key, value] of Object.entries(after)) {
          if (!isYamlMap(value)) expect(rest[key]).toEqual(value);
          else expect(rest[key]).toMatchObject(value);
        }
      }),
      cases(200),
    );
  });
});
