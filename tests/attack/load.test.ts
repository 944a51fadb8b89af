import { describe, test } from 'vitest';
import { churn, holdIdle, recordTalk } from '#support/load.ts';

// `npm test` has the same with fewer connections: tests/integration/engine/load.test.ts.
describe('load', () => {
  test('of 10 000 idle connections leaves a server that answers others, and gives all back', () => holdIdle(10_000));

  test('of 1 000 connections that send 100 messages each is recorded, every message and every end', () =>
    recordTalk(1_000, 100));

  test('of 20 000 connections that come and go leaks neither memory nor descriptors', () => churn(2_000, 20_000));
});
