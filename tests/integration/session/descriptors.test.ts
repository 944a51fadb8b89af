import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { childProgram } from '#support/build-children.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

const run = promisify(execFile);
const limit = 200;

interface Answer {
  readonly without: { readonly state: string; readonly error?: unknown; readonly refused: { readonly ok: boolean } };
  readonly retried?: { readonly ok: boolean };
  readonly state: string;
  readonly loss?: unknown;
  readonly total: number;
}

/** Runs the child with `free` descriptors under a limit of `limit`. */
async function recordWith(file: string, free: number, then: 'retry' | 'close'): Promise<Answer> {
  const child = [process.execPath, childProgram('descriptors-child'), file, String(free), then];
  const { stdout } = await run('prlimit', [`--nofile=${limit}`, ...child]);
  return JSON.parse(stdout) as Answer;
}

// From no descriptor for the thread's event loop to none for its modules and for the file. Fewer than 1 make no session.
const scarce = [1, 2, 3, 4, 5, 6, 7];
const table = scarce.flatMap((free) => (['retry', 'close'] as const).map((then) => ({ free, then })));

// prlimit is Linux's.
describe.runIf(process.platform === 'linux')('a session that starts while hardly a descriptor is left', () => {
  it.each(table)('records all after $then, where $free were left', async ({ free, then }) => {
    await using folder = new SessionFolder();
    const answer = await recordWith(folder.file('a.wirebench'), free, then);
    if (answer.without.state === 'failed') {
      expect(answer.without.refused.ok).toBe(false);
      expect(answer.without.error).toMatchObject({ code: 'file', hint: expect.stringContaining(`${limit} files`) });
      expect(answer.without.error).toMatchObject({ hint: expect.stringContaining('ulimit -n') });
    }
    if (then === 'retry') expect(answer).toMatchObject({ retried: { ok: true }, state: 'recording' });
    expect(answer).toMatchObject({ total: 3_000 });
    expect(answer.loss).toBeUndefined();

    const session = await folder.open('a.wirebench');
    const counted = answerOf(await session.ask('statistics', { pairing: { kind: 'order' } }));
    expect(counted).toMatchObject({ records: 3_000, total: [{ messages: 3_000 }, {}] });
    expect(session.notice).toBe('');
  });

  it('says of one that is left that the session cannot be recorded', async () => {
    await using folder = new SessionFolder();
    const answer = await recordWith(folder.file('a.wirebench'), 1, 'close');
    expect(answer.without.state).toBe('failed');
  });
});
