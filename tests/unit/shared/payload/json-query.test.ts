import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queryJson } from '#shared/payload/json-query.ts';

const text = '{\n  "a": [1, {"b": 2}, "x"],\n  "c d": {"b": [3]},\n  "a": 4\n}';

/** Returns the paths and values that are found, or why there are none. */
function found(path: string, document = text): unknown {
  const query = queryJson(document, path);
  return query.kind === 'found' ? query.matches.map((match) => `${match.path} ${match.text}`) : query;
}

describe('a JSON path', () => {
  test.each([
    ['$', [`$ ${text}`]],
    ['$.a[0]', ['$.a[0] 1']],
    ['$.a[-1]', ['$.a[2] "x"']],
    ['$["c d"].b[0]', ['$["c d"].b[0] 3']],
    ["$['c d']['b'][0]", ['$["c d"].b[0] 3']],
    ['$.a[*]', ['$.a[0] 1', '$.a[1] {"b": 2}', '$.a[2] "x"']],
    ['$..b', ['$.a[1].b 2', '$["c d"].b [3]']],
    ['$..b[0]', ['$["c d"].b[0] 3']],
    ['$..[0]', ['$.a[0] 1', '$["c d"].b[0] 3']],
    ['$.*.b', ['$["c d"].b [3]']],
    ['$.missing', []],
    ['$.a.length', []],
  ])('%s finds its values in the order of the document', (path, values) => {
    expect(found(path)).toEqual(values);
  });

  test('finds each value of a repeated key', () => {
    expect(found('$.a')).toEqual(['$.a [1, {"b": 2}, "x"]', '$.a 4']);
  });

  test('says the line and the column', () => {
    const query = queryJson(text, '$..b');
    expect(query).toMatchObject({ matches: [{ place: { line: 2, column: 18 } }, { place: { line: 3, column: 16 } }] });
  });

  test.each(['a', '', '$a', '$.', '$..', '$[', '$[x]', '$.a b', '$[?@.x]'])('%j is refused with the reason', (path) => {
    expect(found(path)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('`') });
  });

  test('on a document with an error says where it is', () => {
    expect(found('$', '{"a":}')).toMatchObject({ kind: 'invalid-document', problem: { line: 1, column: 6 } });
  });

  test('of any value leads to that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const document = JSON.stringify(value);
        const all = queryJson(document, '$..*', 100);
        if (all.kind !== 'found') throw new Error(all.kind);
        for (const { path, text: source } of all.matches) expect(found(path, document)).toContain(`${path} ${source}`);
      }),
      { numRuns: 50 },
    );
  });
});
