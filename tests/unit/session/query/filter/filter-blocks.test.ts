import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlockSource } from '#session/format/block-source.ts';
import { BlockFilter } from '#session/query/filter/block-filter.ts';
import { MarkTable } from '#session/query/filter/filter-context.ts';
import type { Filter, FilterRecord } from '#shared/filter/ast.ts';
import { compileFilter } from '#shared/filter/compile.ts';
import type { Mark } from '#shared/record/record.ts';
import { cases } from '#support/cases.ts';
import {
  filters,
  needleFilters,
  needleScripts,
  scripts,
  treeFilters,
  treeScripts,
} from '#support/filter-arbitraries.ts';
import { indexOf, type Script, startAt, writeFilterSession } from '#support/filter-session.ts';

let folder: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const marks = fc.array(fc.record({ seq: fc.nat(40), bookmarked: fc.boolean(), note: fc.constantFrom('', 'needle') }), {
  maxLength: 5,
});

/** The numbers of the records that match, found block by block; `split` also counts each block in two parts. */
function byBlocks(path: string, filter: Filter, left: readonly Mark[]) {
  const index = indexOf(path);
  for (const mark of left) index.marks.set(mark.seq, mark);
  const scope = { index, startAt: index.count === 0 ? 0 : firstTime(index), marks: new MarkTable(index) };
  const blockFilter = new BlockFilter(filter, scope);
  const source = new BlockSource(index);
  const found: number[] = [];
  for (let at = 0; at < index.count; at += 1) {
    const block = source.load(at);
    if (block === undefined) throw new Error('the block does not check');
    const places = blockFilter.places(block);
    const middle = Math.floor(block.count / 2);
    const parts = [blockFilter.match(block, 0, middle, 0), blockFilter.match(block, middle, block.count, 0)];
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(places.length);
    for (const place of places) found.push(block.first + place);
  }
  index.file.close();
  return found;
}

function firstTime(index: ReturnType<typeof indexOf>): number {
  return new BlockSource(index).load(0)?.at(0) ?? 0;
}

function oneByOne(records: readonly FilterRecord[], filter: Filter): number[] {
  const test = compileFilter(filter);
  const context = { startAt: records[0]?.at ?? startAt };
  return records.filter((record) => test(record, context)).map(({ seq }) => seq);
}

/** Checks that both find the same; gives how much that is. */
function compare(script: readonly Script[], filter: Filter, left: readonly Mark[]): number {
  files += 1;
  const path = join(folder, `${files}.wirebench`);
  const kept = left.filter(({ seq }) => seq < script.length);
  const records = writeFilterSession(path, script).map((record) => ({
    ...record,
    ...kept.findLast(({ seq }) => seq === record.seq),
  }));
  const expected = oneByOne(records, filter);
  expect(byBlocks(path, filter, kept)).toEqual(expected);
  rmSync(path);
  return expected.length;
}

describe('filtering by blocks', () => {
  it.each([
    ['any filter', scripts, filters],
    ['a needle at the edges of messages', needleScripts, needleFilters],
    ['a place in JSON or XML', treeScripts, treeFilters],
  ])('finds what filtering one by one finds: %s', (_name, script, filter) => {
    let matched = 0;
    fc.assert(
      fc.property(script, filter, marks, (steps, asked, left) => {
        matched += compare(steps, asked, left);
      }),
      cases(300),
    );
    // The scripts and filters must be such that something is found.
    expect(matched).toBeGreaterThan(100);
  });
});
