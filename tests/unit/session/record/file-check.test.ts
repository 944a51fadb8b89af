import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, jsonBlock } from '#session/format/outgoing-block.ts';
import { FileSections } from '#session/record/file-changes.ts';
import { FileCheck, firstDamage, isIntactAfterDamage, SectionReader } from '#session/record/file-check.ts';

const head = Buffer.from('a head');

/** A file of blocks of JSON, with at most `max` sections. */
function fileOf(sizes: readonly number[], max = 65_536) {
  const sections = new FileSections(head.length, 0, max);
  const parts: Uint8Array[] = [head];
  for (const size of sizes) {
    const block = jsonBlock(200, 'x'.repeat(size), 0);
    parts.push(...block.parts);
    sections.add(block.size, 0, checksumOf(block));
  }
  const bytes = Buffer.concat(parts);
  const readInto = (into: Uint8Array, position: number) => bytes.copy(into, 0, position);
  return { sections, bytes, readInto };
}

const sizes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 30 });

describe('comparing a file with what was written', () => {
  it('finds any byte that is different, in whatever block', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom(2, 4, 65_536),
        (all, where, xor, max) => {
          const file = fileOf(all, max);
          expect(firstDamage(file, head)).toBeUndefined();
          const at = where % file.bytes.length;
          file.bytes[at] = (file.bytes[at] as number) ^ xor;
          const damage = firstDamage(file, head);
          expect(damage).toBeDefined();
          expect(damage?.at).toBeLessThanOrEqual(at);
        },
      ),
    );
  });

  it('finds blocks that are sound, but not those that were written', () => {
    const file = fileOf([100, 100, 100]);
    const other = jsonBlock(200, 'y'.repeat(100), 0);
    const { begin } = file.sections.at(1);
    file.bytes.set(other.parts[0] as Uint8Array, begin);
    expect(firstDamage(file, head)).toEqual({ at: begin, record: 0 });
    expect(new SectionReader(file).read(file.sections.at(1)).good).toEqual([]);
  });

  it('reads blocks that are longer than what is read at once', () => {
    const file = fileOf([10, 3_000_000, 10]);
    expect(firstDamage(file, head)).toBeUndefined();
    file.bytes[2_000_000] = 0;
    expect(firstDamage(file, head)).toEqual({ at: file.sections.at(1).begin, record: 0 });
  });

  it('finds what is missing at the end, and that nothing is intact behind it', () => {
    const file = fileOf([100, 100, 100]);
    const { begin } = file.sections.at(1);
    const short = {
      sections: file.sections,
      readInto: (into: Uint8Array, at: number) => file.bytes.copy(into, 0, at, begin + 20),
    };
    expect(firstDamage(short, head)).toEqual({ at: begin, record: 0 });
    expect(isIntactAfterDamage(short)).toBe(false);
  });

  it('knows where something is intact behind a damage', () => {
    const file = fileOf([100, 100, 100]);
    expect(isIntactAfterDamage(file)).toBe(false);
    file.bytes[file.sections.at(1).begin + 60] = 0;
    expect(isIntactAfterDamage(file)).toBe(true);
    file.bytes[file.sections.at(2).begin + 60] = 0;
    expect(isIntactAfterDamage(file)).toBe(false);
  });

  it('goes on where it stopped, and begins again where that was asked for meanwhile', () => {
    const file = fileOf(Array(20).fill(1_000));
    const check = new FileCheck();
    file.bytes[file.sections.at(3).begin + 60] = 0;
    expect(check.run(file, head, 1_000)).toBeUndefined();
    check.request();
    // Without time it only begins.
    expect(check.run(file, head, -1)).toBeUndefined();
    check.request();
    expect(check.run(file, head, 1_000)).toMatchObject({ at: file.sections.at(3).begin });
    file.bytes[file.sections.at(3).begin + 60] = 0x78;
    expect(check.run(file, head, 1_000)).toBeUndefined();
    file.bytes[0] = 0;
    expect(check.run(file, head, 1_000)).toEqual({ at: 0, record: 0 });
  });
});
