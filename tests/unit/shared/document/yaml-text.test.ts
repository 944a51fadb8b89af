import { describe, expect, it } from 'vitest';
import { parseYaml, yamlLimits } from '#shared/document/yaml-text.ts';

function problemOf(content: string | Uint8Array) {
  const parsed = parseYaml(content);
  if (parsed.ok) throw new Error('this YAML was accepted');
  return parsed.problem;
}

describe('YAML of a document', () => {
  it('has the types of the core schema of YAML 1.2', () => {
    const parsed = parseYaml(
      'a: no\nb: 0x10\nc: 1e3\nd: 010\ne: ~\nf: true\ng: 12345678901234567890\nh: 2026-01-01\n1: k\n',
    );
    expect(parsed.ok && parsed.tree.value).toEqual({
      ...{ a: 'no', b: 16, c: 1_000, d: 10, e: null, f: true, g: 12_345_678_901_234_567_890n, h: '2026-01-01', 1: 'k' },
    });
  });

  it('takes a name of a prototype as data, and refuses the one that sets it', () => {
    const parsed = parseYaml('constructor: 1\nprototype: 2\ntoString: 3\n');
    expect(parsed.ok && parsed.tree.value).toEqual({ constructor: 1, prototype: 2, toString: 3 });
    expect(problemOf('a:\n  __proto__: { b: 1 }\n')).toMatchObject({ line: 2, column: 3 });
    expect(Reflect.get({}, 'b')).toBeUndefined();
  });

  it.each([
    ['an anchor', 'a: 1\nb: &x 2\n', 2, /anchors and aliases/],
    ['an alias', 'a: &x 1\nb: *x\n', 1, /anchors and aliases/],
    ['an anchor of a key', '&k a: 1\n', 1, /a key must be a word/],
    ['a tag', 'a: 1\nb: !!binary aGk=\n', 2, /tags/],
    ['a custom tag', 'a: !run rm\n', 1, /./],
    ['a merge key', 'a:\n  <<: { b: 1 }\n', 2, /merge keys/],
    ['a repeated key', 'a: 1\n"a": 2\n', 2, /“a” is there twice/],
    ['the same number as text and number', '1: a\n"1": b\n', 2, /“1” is there twice/],
    ['a key that is a list', '? [a, b]\n: 1\n', 1, /a key must be a word/],
    ['a second document', 'a: 1\n---\nb: 1\n', 2, /second document/],
    ['YAML 1.1', '%YAML 1.1\n---\na: no\n', 1, /YAML 1\.1/],
    ['a tab as indentation', 'a:\n\tb: 1\n', 2, /[Tt]ab/],
    ['an open quote', 'a: 1\nb: "x\n', 3, /quote/],
    ['an open bracket', 'a: [1, 2\n', 2, /./],
  ])('refuses %s, with its line', (_, text, line, what) => {
    const problem = problemOf(text);
    expect(problem).toMatchObject({ line, what: expect.stringMatching(what) });
    expect(problem.hint).not.toBe('');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(problemOf(Uint8Array.of(0xff, 0xfe, 0x61, 0)).what).toBe('the document is not UTF-8');
  });

  it('takes text as it is written where a value is text', () => {
    const parsed = parseYaml(
      'v:\n  a: 1.10\n  b: 0x0F\n  c:\n  d: ~\n  e: "x"\nw: 1.10\n',
      ([first, , third]) => first === 'v' && third === undefined,
    );
    expect(parsed.ok && parsed.tree.value).toEqual({ v: { a: '1.10', b: '0x0F', c: '', d: '~', e: 'x' }, w: 1.1 });
  });
});

describe('hostile YAML ends within its limits', () => {
  const fill = (piece: string) => piece.repeat(Math.floor(yamlLimits.bytes / piece.length));
  const many = (count: number) => Array.from({ length: count }, (_, at) => at);

  it.each([
    ['more than a mebibyte', `a: ${'x'.repeat(yamlLimits.bytes)}`, /1048579 bytes/],
    ['a mebibyte of open brackets', fill('['), /nested more than 64/],
    ['a mebibyte of list items in list items', fill('- '), /tokens/],
    ['a mebibyte of quotes', fill('"'), /tokens/],
    ['a mebibyte of anchors and aliases', fill('&a *a\n'), /tokens/],
    ['a mebibyte of documents', fill('---\n'), /tokens/],
    ['a mebibyte of line ends', fill('\n'), /tokens/],
    [
      'a mebibyte of keys',
      many(120_000)
        .map((at) => `k${at}:`)
        .join('\n')
        .slice(0, yamlLimits.bytes),
      /tokens/,
    ],
    ['open brackets below the limit of tokens', '['.repeat(90_000), /nested more than 64/],
    ['lists in lists in a short text', '- '.repeat(4_900), /nested more than 64/],
    ['maps in lists in a short text', '[{a: '.repeat(1_900), /./],
    ['65 levels of lists', `a: ${'['.repeat(65)}${']'.repeat(65)}`, /nested more than 64/],
    [
      '1 400 levels of maps',
      many(1_400)
        .map((at) => `${' '.repeat(at)}a:`)
        .join('\n'),
      /nested more than 64|./,
    ],
    [
      'a bomb of aliases',
      many(30)
        .map((at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`)
        .join('\n'),
      /anchors and aliases/,
    ],
  ])(
    '%s',
    (_, text, what) => {
      const started = performance.now();
      expect(problemOf(text).what).toMatch(what);
      // Far above what it takes, far below what a quadratic reader would.
      expect(performance.now() - started).toBeLessThan(15_000);
    },
    60_000,
  );

  it('reads 10 000 different keys of one map', () => {
    const parsed = parseYaml(
      many(10_000)
        .map((at) => `k${at}: 1`)
        .join('\n'),
    );
    expect(parsed.ok && Object.keys(parsed.tree.value ?? {}).length).toBe(10_000);
  }, 60_000);
});
