import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileSections, type Section } from '#session/record/file-changes.ts';

interface Block {
  readonly size: number;
  readonly records: number;
  readonly checksum: number;
}

const block: fc.Arbitrary<Block> = fc.record({
  size: fc.integer({ min: 40, max: 1_000 }),
  records: fc.nat(50),
  checksum: fc.nat(0xffff_ffff),
});

function all(sections: FileSections): Section[] {
  return Array.from({ length: sections.count }, (_, index) => sections.at(index));
}

function added(sections: FileSections, blocks: readonly Block[], next = 0): FileSections {
  let number = next;
  for (const { size, records, checksum } of blocks) {
    number += records;
    sections.add(size, number, checksum);
  }
  return sections;
}

describe('FileSections', () => {
  it('has a section for each block as long as there are not too many', () => {
    const blocks = [1, 2, 3].map((number) => ({ size: number * 100, records: number, checksum: number }));
    expect(all(added(new FileSections(50, 0), blocks))).toEqual([
      { begin: 50, end: 150, first: 0, next: 1, sum: 1 },
      { begin: 150, end: 350, first: 1, next: 3, sum: 2 },
      { begin: 350, end: 650, first: 3, next: 6, sum: 3 },
    ]);
  });

  it('covers all that was written without gaps, with whole blocks, in few sections', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 200 }), (blocks) => {
        const sections = added(new FileSections(50, 0, 8), blocks);
        const found = all(sections);
        expect(found.length).toBeLessThanOrEqual(8);
        let at = 0;
        let [end, next] = [50, 0];
        for (const section of found) {
          expect(section).toMatchObject({ begin: end, first: next });
          let sum = 0;
          while (end < section.end) {
            const { size, records, checksum } = blocks[at] as Block;
            end += size;
            next += records;
            sum = (sum + checksum) % 2 ** 32;
            at += 1;
          }
          expect(section).toMatchObject({ end, next, sum });
        }
        expect(at).toBe(blocks.length);
      }),
    );
  });

  it('knows nothing of what was taken away, and the sum of a shortened section no longer', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 2, maxLength: 100 }), fc.nat(), (blocks, choice) => {
        const kept = blocks.slice(0, (choice % blocks.length) + 1);
        const end = kept.reduce((sum, { size }) => sum + size, 50);
        const next = kept.reduce((sum, { records }) => sum + records, 0);
        const sections = added(new FileSections(50, 0, 8), blocks);
        const copy = sections.copy();
        sections.restart(end, next);
        expect(all(sections).at(-1)).toMatchObject({ end, next });
        added(sections, blocks, next);
        const found = all(sections);
        for (const [index, { begin, first }] of found.entries()) {
          expect(begin).toBe(found[index - 1]?.end ?? 50);
          expect(first).toBe(found[index - 1]?.next ?? 0);
        }
        expect(all(copy)).toEqual(all(added(new FileSections(50, 0, 8), blocks)));
      }),
    );
  });

  it('finds the first section at a byte or behind it', () => {
    const sections = added(new FileSections(50, 0), Array(5).fill({ size: 100, records: 1, checksum: 0 }));
    expect([0, 50, 51, 150, 450, 451].map((byte) => sections.indexFrom(byte))).toEqual([0, 0, 1, 1, 4, 5]);
  });
});
