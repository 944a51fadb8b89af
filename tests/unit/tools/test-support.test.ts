import { describe, expect, it } from 'vitest';
import { cases, effort, Reached } from '#support/cases.ts';
import { slowestLines } from '#support/slowest-files.ts';

describe('the slowest files', () => {
  const files = Array.from({ length: 12 }, (_, index) => ({ path: `tests/${index}.test.ts`, ms: index * 1_000 }));

  it('are the ten slowest, slowest first', () => {
    const lines = slowestLines(files.toReversed());
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('   11.0 s  tests/11.test.ts');
    expect(lines.at(-1)).toBe('    2.0 s  tests/2.test.ts');
  });

  it('are not listed where one file was run', () => {
    expect(slowestLines(files.slice(0, 1))).toEqual([]);
  });
});

describe('the cases of a property', () => {
  it('are multiplied by the effort', () => {
    expect(cases(30)).toEqual({ numRuns: 30 * effort });
  });

  it('fail where a branch was reached too seldom, and say which', () => {
    const reached = new Reached<'read' | 'refused'>();
    for (let count = 0; count < 3; count += 1) reached.note('read');
    reached.note('refused');
    expect(() => reached.expectEach(['read', 'refused'])).not.toThrow();
    expect(() => reached.expectEach(['read', 'refused'], 2)).toThrow('reached refused 1 times');
    expect(() => new Reached<'read'>().expectEach(['read'])).toThrow('read 0 times');
  });
});
