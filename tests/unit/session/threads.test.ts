import { expect, it } from 'vitest';
import { workerFailure } from '#session/threads.ts';

it('a worker for which there is no descriptor is no bug: the failure says how to raise the limit', () => {
  const failure = workerFailure('The session can no longer be recorded', 'EMFILE: too many open files, uv_loop_init');
  expect(failure).toMatchObject({ code: 'file', hint: expect.stringContaining('ulimit -n') });
  expect(workerFailure('The session could not be read', 'it was stopped').hint).toContain('bug');
});
