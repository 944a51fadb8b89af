import { describe, expect, it } from 'vitest';
import type { Handlers } from '#shared/contract/serve.ts';
import { fail, ok } from '#shared/failure.ts';
import { fakeWorkbench } from '#support/fake-workbench.ts';
import { PageQueries } from '#workbench/page-queries.ts';

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
  return { ended, page: new PageQueries(handlers as Handlers) };
}

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
