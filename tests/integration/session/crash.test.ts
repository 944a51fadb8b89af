import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { Reader } from '#session/query/reader.ts';
import type { Session } from '#session/session.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { childProgram } from '#support/build-children.ts';
import { cases, effort, Reached } from '#support/cases.ts';
import { windowAt } from '#support/reader-rows.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

const script = childProgram('recording-child');

/** Each line that `child` prints, parsed. */
async function* linesOf(child: ChildProcess): AsyncGenerator<unknown> {
  if (child.stdout === null) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
}

/** Fails unless the messages of `session` are what the child recorded, from the first on without a gap. */
async function expectPrefix(session: Session): Promise<void> {
  for (let first = 0; first < session.total; first += 500) {
    for (const row of answerOf(await session.ask('window', { first, count: 500 })).rows) {
      expect(row.preview.replace(/\.+$/, '')).toBe(String(row.seq));
    }
  }
}

interface Report {
  readonly recorded: number;
  /** How many of them its writer had put into the file. */
  readonly written: number;
}

/** Records to `path` in a separate process and kills it `afterMs` after it has begun; gives what it said it had done. */
async function killed(path: string, afterMs: number): Promise<Report[]> {
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const reports: Report[] = [];
  for await (const line of linesOf(child)) {
    if (reports.length === 0) setTimeout(() => child.kill('SIGKILL'), afterMs);
    reports.push(line as Report);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return reports;
}

describe('a session whose process is killed', () => {
  // How old the youngest record that is lost may be is tested under fake time, where the recorder hands records over.
  it(
    'opens with all that was written and says that it did not end in order, at many moments',
    async () => {
      await using folder = new SessionFolder();
      const { numRuns } = cases(12);
      const rounds = Array.from({ length: numRuns }, (_, index) => index);
      const reached = new Reached<'records in the file' | 'records not in the file yet'>();
      // Some at a time: starting a process takes longer than what is looked at.
      await Promise.all(
        [0, 1, 2].map(async (udpPeer) => {
          for (const round of rounds.filter((number) => number % 3 === udpPeer)) {
            const path = folder.file(`${round}.wirebench`);
            const reports = await killed(path, Math.random() * 400);
            const reader = new Reader(path, false);
            const opened = answerOf(reader.open(Number.POSITIVE_INFINITY));
            while (!reader.scan.finished) reader.scan.run(100);
            expect(reader.view().notice).toContain('not closed properly');
            expect(reader.view().notice).not.toContain('still being recorded');
            const { total } = reader.view();
            expect(total).toBe(opened.total);
            const { recorded, written } = reports.at(-1) as Report;
            expect(total).toBeGreaterThanOrEqual(written);
            if (written > 0) reached.note('records in the file');
            if (total < recorded) reached.note('records not in the file yet');
            for (let first = 0; first < total; first += 500) {
              const { rows } = windowAt(reader, Number.POSITIVE_INFINITY, first, 500);
              expect(rows.map((row) => row.preview.replace(/\.+$/, ''))).toEqual(rows.map((row) => String(row.seq)));
            }
            reader.close();
            rmSync(path);
          }
        }),
      );
      reached.expectEach(['records in the file', 'records not in the file yet']);
    },
    180_000 * effort,
  );

  it('is opened by the worker like any other', async () => {
    await using folder = new SessionFolder();
    await killed(folder.file('a.wirebench'), 200);
    const session = await folder.open('a.wirebench');
    expect(session.notice).toContain('not closed properly');
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
        /^write\(\): EFBIG \(file too large\); the last \d+ records could not be written and are lost$/,
      ),
    });
    expect(view.total).toBeGreaterThan(0);

    const session = await folder.open('a.wirebench');
    expect(session.total).toBe(view.total);
    expect(session.notice).toContain('not closed properly');
    expect(session.notice).not.toContain('damaged');
    await expectPrefix(session);
  });
});
