import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Session } from '#session/session.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

const script = fileURLToPath(new URL('../../support/recording-child.ts', import.meta.url));

/** Each line that `child` prints, parsed. */
async function* linesOf(child: ChildProcess): AsyncGenerator<unknown> {
  if (child.stdout === null) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
}

/** Fails unless the messages of `session` are what the child recorded, from the first on without a gap. */
async function expectPrefix(session: Session): Promise<void> {
  for (let first = 0; first < session.total; first += 500) {
    for (const row of answerOf(await session.window(first, 500)).rows) {
      expect(row.preview.replace(/\.+$/, '')).toBe(String(row.seq));
    }
  }
}

describe('a session whose process is killed', () => {
  it('opens with all but its last 100 ms, and says that it did not end in order', async () => {
    await using folder = new SessionFolder();
    const child = spawn(process.execPath, [script, folder.file('a.wirebench')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const reports: { recorded: number; at: number }[] = [];
    for await (const line of linesOf(child)) {
      reports.push(line as { recorded: number; at: number });
      if (reports.length === 60) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');

    const session = await folder.open('a.wirebench');
    const last = reports.at(-1)?.at ?? 0;
    const certain = reports.filter(({ at }) => at < last - 100).at(-1)?.recorded ?? 0;
    expect(certain).toBeGreaterThan(0);
    expect(session.total).toBeGreaterThanOrEqual(certain);
    expect(session.notice).toContain('not ended in order');
    await expectPrefix(session);
  });
});

describe.runIf(process.platform === 'linux')('a session whose disk is full', () => {
  it('keeps what it has in whole blocks, and says loudly that it no longer records', async () => {
    await using folder = new SessionFolder();
    // A limit on the size of files is met like a full disk, in the middle of a block.
    const command = 'ulimit -f 200 && exec "$0" "$1" "$2"';
    const args = ['-c', command, process.execPath, script, folder.file('a.wirebench')];
    const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let last: unknown;
    for await (const line of linesOf(child)) last = line;
    const view = last as SessionView;
    expect(view.state).toBe('failed');
    expect(view.error).toMatchObject({
      code: 'file',
      system: expect.stringMatching(
        /^write answered EFBIG: file too large; the last \d+ records could not be written and are lost$/,
      ),
    });
    expect(view.total).toBeGreaterThan(0);

    const session = await folder.open('a.wirebench');
    expect(session.total).toBe(view.total);
    expect(session.notice).toContain('not ended in order');
    expect(session.notice).not.toContain('damaged');
    await expectPrefix(session);
  });
});
