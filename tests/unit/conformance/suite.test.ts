import { expect, test } from 'vitest';
import { judge, type Suite } from '../../conformance/suite.ts';

const suite: Suite = {
  name: 'a suite',
  proves: 'nothing',
  cases: async () => [],
  differences: { known: 'the suite is wrong', mended: 'was wrong once' },
};

test('the reasons of cases that a partial run leaves out are not stale', () => {
  const partial = { ...suite, isPartial: true };
  expect(judge(partial, []).stale).toEqual([]);
  expect(judge(partial, [{ name: 'mended', right: 'a', actual: 'a' }]).stale).toEqual(['mended']);
  expect(judge(suite, []).stale).toEqual(['known', 'mended']);
});

test('cases that differ are told apart by whether they have a reason, and reasons that no longer apply are named', () => {
  const outcome = judge(suite, [
    { name: 'same', right: 'a', actual: 'a' },
    { name: 'known', right: 'a', actual: 'b' },
    { name: 'new', right: 'a', actual: 'b' },
    { name: 'mended', right: 'a', actual: 'a' },
  ]);
  expect(outcome).toMatchObject({
    total: 4,
    equal: 2,
    explained: [{ name: 'known' }],
    unexplained: [{ name: 'new' }],
    stale: ['mended'],
  });
});
