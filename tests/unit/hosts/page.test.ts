import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPageFile } from '#hosts/page.ts';
import { Reached } from '#support/cases.ts';

describe('finding a file of the page', () => {
  let folder: string;
  let root: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wirebench-page-'));
    root = join(folder, 'page');
    await mkdir(join(root, 'assets'), { recursive: true });
    await writeFile(join(root, 'index.html'), 'page');
    await writeFile(join(root, 'assets', 'a b-1.js'), 'script');
    await writeFile(join(root, 'notes.unknown'), 'x');
    await writeFile(join(folder, 'outside.js'), 'x');
    await mkdir(join(folder, 'page-of-another'));
    await writeFile(join(folder, 'page-of-another', 'x.js'), 'x');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('takes / for the page itself, and decodes names', async () => {
    expect(await findPageFile(root, '/')).toMatchObject({ path: join(root, 'index.html'), size: 4 });
    expect(await findPageFile(root, '/assets/a%20b-1.js')).toMatchObject({ size: 6 });
  });

  it('finds no file of a type that a page has no use for', async () => {
    expect(await findPageFile(root, '/notes.unknown')).toBeUndefined();
  });

  it.each(['/../outside.js', '/%2e%2e/outside.js', '/../page-of-another/x.js', '/assets/..', ''])(
    'finds nothing at “%s”',
    async (path) => {
      expect(await findPageFile(root, path)).toBeUndefined();
    },
  );

  it('never finds anything outside of its folder', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2E.',
        '..%2f',
        '%5c',
        '\\',
        '',
        'outside.js',
        'assets',
        'page-of-another',
        'x.js',
      ),
      fc.string(),
    );
    const reached = new Reached<'a file' | 'nothing'>();
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const found = await findPageFile(root, `/${parts.join('/')}`);
        reached.note(found ? 'a file' : 'nothing');
        expect(found?.path ?? `${root}/`).toMatch(new RegExp(`^${root}/`));
      }),
    );
    reached.expectEach(['a file', 'nothing']);
  });
});
