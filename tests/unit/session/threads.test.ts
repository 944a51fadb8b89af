import { expect, it } from 'vitest';
import { workerEnd, workerFailure } from '#session/threads.ts';

// tests/integration/session/descriptors.test.ts provokes these texts.
it.each([
  'EMFILE: too many open files, uv_loop_init',
  'Worker initialization failure: EMFILE',
  'Cannot read x: too many open files',
])('a worker that ends with “%s” is no bug: no descriptor was left', (text) => {
  const failure = workerFailure('The session can no longer be recorded', workerEnd(new Error(text)));
  expect(failure).toMatchObject({ code: 'file', hint: expect.stringContaining('ulimit -n') });
});

it('a worker that ends for another reason is a bug', () => {
  expect(workerFailure('The session could not be read', workerEnd('it was stopped')).hint).toContain('bug');
});

it.each(['EMFILE', 'ENFILE'] as const)('the code %s of an error is used whatever its text', (code) => {
  expect(workerEnd(Object.assign(new Error('no more'), { code }))).toEqual({ system: 'no more', code });
});
