import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/*
 * An export format is a descriptor and a writer, each with one line of a catalogue; an import format is a reader with one line.
 * With them, everything that knows of formats knows it.
 */

const catalogues = [
  '#shared/export/formats/catalogue.ts',
  '../../../../src/main/session/convert/export/formats/catalogue.ts',
  '../../../../src/main/session/convert/import/formats/catalogue.ts',
] as const;

/** The modules that know of formats, loaded with one more of each. */
async function loadWithFormats() {
  vi.resetModules();
  const { formats } = await import('#shared/export/formats/catalogue.ts');
  const { exportWriters } = await import('#session/convert/export/formats/catalogue.ts');
  const { importReaders } = await import('#session/convert/import/formats/catalogue.ts');
  const { eachRecord } = await import('#session/convert/export/saving.ts');
  const { run, sizeWith } = await import('#session/convert/export/saving.ts');
  type Writer = (typeof exportWriters)['raw'];
  type ImportReader = (typeof importReaders)[number];
  const tally = {
    name: 'tally',
    label: 'Tally',
    help: 'One stroke per record',
    extension: 'tally',
    holds: 'strokes',
    readers: 'people',
    isBinary: false,
    options: [{ name: 'dotted', label: 'Dotted', help: 'Off: strokes.', effect: 'dots instead of strokes' }],
  };
  const writer: Writer = {
    write: (source, target, job) =>
      run(
        eachRecord(source, () => target.addText('dotted' in job && job.dotted ? '.' : '|')),
        job,
      ),
    size: sizeWith(1),
  };
  const reader: Omit<ImportReader, 'kind'> = {
    detects: (start) => start[0] === 0x7c,
    *read({ reader: bytes, size }, { recorder }) {
      const strokes = bytes.take(size).length;
      yield { done: size, total: size };
      for (let stroke = 1; stroke <= strokes; stroke += 1)
        recorder.event(0, stroke, { kind: 'problem', text: 'stroke' });
      return { sockets: 0, notice: '' };
    },
  };
  vi.resetModules();
  vi.doMock(catalogues[0], () => ({ formats: [...formats, tally] }));
  vi.doMock(catalogues[1], () => ({ exportWriters: { ...exportWriters, tally: writer } }));
  vi.doMock(catalogues[2], () => ({ importReaders: [...importReaders, { kind: 'tally', ...reader }] }));
  return {
    ...(await import('#shared/contract/contract.ts')),
    ...(await import('#shared/export/export-formats.ts')),
    ...(await import('#support/imports.ts')),
    ...(await import('../../../../src/renderer/features/sessions/save-session.ts')),
  };
}

let known: Awaited<ReturnType<typeof loadWithFormats>>;
beforeAll(async () => {
  known = await loadWithFormats();
});
afterAll(() => {
  for (const catalogue of catalogues) vi.doUnmock(catalogue);
  vi.resetModules();
});

test('a session in a new format is detected, imported and exported', async () => {
  using folder = new known.ImportFolder();
  const { target, result } = await folder.import('|||');
  expect(result).toMatchObject({ ok: true, value: { records: 3 } });
  expect(readFileSync(await folder.export(target, 'tally' as 'csv'), 'utf8')).toBe('|||');
});

test('a new format is in the contract with its options, and in the dialog', () => {
  const save = known.contract['sessions.save'].input;
  expect(Object.keys(save.shape)).toContain('dotted');
  expect(save.shape.format.safeParse('tally').success).toBe(true);
  expect(known.exportFormats.at(-1)).toMatchObject({ name: 'tally', label: 'Tally' });
  const session = { name: 'run' } as Parameters<typeof known.suggestedName>[0];
  expect(known.suggestedName(session, 'tally' as 'csv')).toBe('run.tally');
});
