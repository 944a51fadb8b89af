import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPageFile, PageCalls } from '#hosts/page.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import { fail, ok } from '#shared/failure.ts';
import { Reached } from '#support/cases.ts';
import { fakeWorkbench } from '#support/fake-workbench.ts';

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

/** A page over a workbench that numbers its queries; `ended` are those that were ended. */
function startPage(query?: Handlers['sessions.query']) {
  const ended: string[] = [];
  let last = 0;
  const { handlers } = fakeWorkbench({
    'sessions.query': query ?? (() => ok({ id: String(++last), usesMarks: false })),
    'sessions.endQuery': ({ session, query: id }) => {
      ended.push(`${session}/${id}`);
      return ok({});
    },
    'sessions.close': () => ok({}),
  });
  return { ended, page: new PageCalls(handlers as Handlers) };
}

describe('the drafts of a page', () => {
  it('can be taken over when it has ended, also one that is being kept then', async () => {
    const ended: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const { handlers } = fakeWorkbench({
      'drafts.list': () => ok({ drafts: [], problems: [] }),
      'drafts.keep': async () => {
        await promise;
        return ok({});
      },
      'drafts.end': ({ page }) => {
        ended.push(page);
        return ok({});
      },
    });
    const page = new PageCalls(handlers as Handlers);
    await page.handlers['drafts.list']({ page: 'p1' });
    await page.handlers['drafts.list']({});
    const draft = { key: 'a', bytes: new Uint8Array(), basedOn: 'new', details: {} };
    const keeping = page.handlers['drafts.keep']({ ...draft, page: 'p1' });
    page.end();
    expect(ended).toEqual(['p1']);
    const late = page.handlers['drafts.keep']({ ...draft, page: 'p1' });
    resolve();
    await Promise.all([keeping, late]);
    expect(ended).toEqual(['p1', 'p1']);
  });
});

describe('the queries of a page', () => {
  it('end with the page, in every session', async () => {
    const { ended, page } = startPage();
    for (const session of ['s1', 's1', 's2']) await page.handlers['sessions.query']({ session, filter: 'x' });
    page.end();
    expect(ended).toEqual(['s1/1', 's1/2', 's2/3']);
    page.end();
    expect(ended).toHaveLength(3);
  });

  it('are not ended again if the page has ended them or has closed their session', async () => {
    const { ended, page } = startPage();
    for (const session of ['s1', 's1', 's2']) await page.handlers['sessions.query']({ session, filter: 'x' });
    await page.handlers['sessions.endQuery']({ session: 's1', query: '1' });
    await page.handlers['sessions.close']({ session: 's2' });
    page.end();
    expect(ended).toEqual(['s1/1', 's1/2']);
  });

  it('end also if they are created after the page has gone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { ended, page } = startPage(async () => {
      await promise;
      return ok({ id: 'late', usesMarks: false });
    });
    const making = page.handlers['sessions.query']({ session: 's', filter: 'x' });
    page.end();
    resolve();
    await making;
    expect(ended).toEqual(['s/late']);
  });

  it('need no end if they could not be created', async () => {
    const { ended, page } = startPage(() => fail('bad-input', 'no'));
    await page.handlers['sessions.query']({ session: 's', filter: '(' });
    page.end();
    expect(ended).toEqual([]);
  });
});
