import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { peekSession } from '#session/format/session-peek.ts';
import { createClient } from '#shared/contract/client.ts';
import { root } from '#support/build-setup.ts';
import { Cli, type CliOptions, runCli } from '#support/cli.ts';
import { connectTransport } from '#support/page-transport.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';
import { holding } from '#support/slow-disk.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];

/** What is promised: a command that was asked to end has ended so soon. */
const promisedMs = 5_000;

/** A disk on which each write takes so long, or never ends, after a number of them. */
const slowDisk = (ms: string, after = 0): CliOptions => ({
  node: ['--import', join(root, 'tests/support/slow-disk.ts')],
  env: { SLOW_DISK_MS: ms, SLOW_DISK_AFTER: String(after) },
});

const sources = new SessionFolder();
const session = sources.file('run.wirebench');
const lines = sources.file('lines.jsonl');
const records = 100_000;

beforeAll(async () => {
  const log = sources.create('run.wirebench');
  log.describe(acceptedSocket);
  for (let first = 0; first < records; first += 1_000) {
    const numbers = Array.from({ length: 1_000 }, (_, index) => first + index);
    recordMessages(
      log,
      'in',
      numbers.map((id) => Buffer.from(`{"id":${id},"text":"${'x'.repeat(60)}"}\n`)),
      1,
    );
    if (log.congested) await log.flush();
  }
  await log.close();
  await runCli(['log', 'export', session, '-o', lines]);
});
afterAll(() => sources[Symbol.asyncDispose]());

/** Sends `signal`; gives how the command has ended, which must be in time. */
async function stopped(cli: Cli, signal: Signal): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const from = performance.now();
  cli.kill(signal);
  const code = await cli.exit();
  expect(performance.now() - from).toBeLessThan(promisedMs);
  return { code, signal: cli.signal };
}

/** Resolves when the command has the file at `path` open (Linux: proc(5)). */
async function untilOpen(cli: Cli, path: string): Promise<void> {
  await expect
    .poll(() => {
      try {
        return readdirSync(`/proc/${cli.pid}/fd`).some((fd) => linkOf(`/proc/${cli.pid}/fd/${fd}`) === path);
      } catch {
        return false;
      }
    })
    .toBe(true);
}

/** '' where it was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** A folder for what a command makes, for each test. */
let made = new SessionFolder();
afterEach(async () => {
  await made[Symbol.asyncDispose]();
  made = new SessionFolder();
});
afterAll(() => made[Symbol.asyncDispose]());
const place = (name: string): string => made.file(name);

/** Each with SIGTERM, and one of them with Ctrl+C. */
const withSignals = (formats: readonly string[]) => [
  { format: 'jsonl', signal: 'SIGINT' as const },
  ...formats.map((format) => ({ format, signal: 'SIGTERM' as const })),
];

describe('a signal', () => {
  test.each(withSignals(['jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'parquet', 'wirebench']))(
    '$signal ends an export as $format into a pipe that nobody reads',
    async ({ format, signal }) => {
      await using cli = new Cli(['log', 'export', session, '--format', format], { unread: true });
      cli.stdout.pause();
      // The pipe is full: the thread that exports waits for its reader.
      await expect.poll(() => cli.stdout.readableLength).toBeGreaterThan(0);
      expect(await stopped(cli, signal)).toEqual({ code: null, signal });
    },
  );

  test.each([['show'], ['show --json'], ['show --filter in']])(
    'ends log %s into a pipe that nobody reads',
    async (command) => {
      await using cli = new Cli(['log', ...command.split(' '), session], { unread: true });
      cli.stdout.pause();
      await expect.poll(() => cli.stdout.readableLength).toBeGreaterThan(0);
      expect(await stopped(cli, 'SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
    },
  );

  // SQLite writes its file itself: not through the slow calls. A filter that takes time makes it long enough.
  test.each(withSignals(['jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'parquet', 'wirebench', 'sqlite']))(
    '$signal ends an export as $format into a file, and leaves neither the file nor its temporary one',
    async ({ format, signal }) => {
      const path = place('new');
      const filter = format === 'sqlite' ? ['--filter', 'text matches "x+y" || in'] : [];
      const args = ['log', 'export', session, '--format', format, '-o', path, ...filter];
      await using cli = new Cli(args, slowDisk('100'));
      await expect.poll(() => readdirSync(made.path)).toEqual([expect.stringMatching(/^new\..*\.part$/)]);
      expect(await stopped(cli, signal)).toEqual({ code: 1, signal: null });
      expect(cli.stderr).toBe(`Saving “${path}” was cancelled.\n`);
      expect(readdirSync(made.path)).toEqual([]);
    },
  );

  test('leaves a file as it was that an export was to replace', async () => {
    const path = place('old');
    writeFileSync(path, 'as it was');
    await using cli = new Cli(['log', 'export', session, '-o', path], slowDisk('100'));
    await expect.poll(() => readdirSync(made.path)).toHaveLength(2);
    expect(await stopped(cli, 'SIGTERM')).toEqual({ code: 1, signal: null });
    expect(readdirSync(made.path)).toEqual(['old']);
  });

  test.each([
    ['import', [lines]],
    ['reframe', [session, '--framing', 'json']],
  ])('ends log %s, and leaves no file', async (command, args) => {
    const path = place('new.wirebench');
    await using cli = new Cli(['log', command, ...args, '-o', path], slowDisk('100'));
    await expect.poll(() => readdirSync(made.path)).toHaveLength(1);
    expect(await stopped(cli, 'SIGTERM')).toEqual({ code: 1, signal: null });
    expect(cli.stderr).toContain('was cancelled');
    expect(readdirSync(made.path)).toEqual([]);
  });

  test.runIf(process.platform === 'linux').each([
    ['a count', ['stats', session]],
    ['a count with a filter', ['stats', session, '--filter', 'text matches "x+y"']],
    ['a count of replies by an expression', ['stats', session, '--pairing', 'json.id']],
    ['a search', ['show', session, '--filter', 'text matches "x+y"']],
    ['a guess of framings', ['framings', session]],
  ])('ends %s', async (_, args) => {
    await using cli = new Cli(['log', ...args]);
    await untilOpen(cli, session);
    const { code, signal } = await stopped(cli, 'SIGTERM');
    // Whether it is still opening the session, which the signal itself ends, or counts, which is cancelled.
    expect([
      { code: 1, signal: null },
      { code: null, signal: 'SIGTERM' },
    ]).toContainEqual({ code, signal });
    expect(cli.stderr).toMatch(/^(?:.* was cancelled\.\n)?$/);
  });
});

describe('a session whose disk is slow or hangs', () => {
  /** Runs `listen` with a peer that sends `count` lines. */
  async function listening(path: string, count: number, disk: CliOptions) {
    const cli = new Cli(['listen', '0', '--framing', 'line', '--record', path], disk);
    const socket = net.connect(await cli.port(), '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const text = Array.from({ length: count }, (_, id) => `${id} ${'x'.repeat(80)}\n`).join('');
    socket.write(text);
    return { cli, socket, text };
  }

  test.each(signals)('is ended in order by %s, with all that was read, where it is slow', async (signal) => {
    const path = place('run.wirebench');
    const { cli, socket } = await listening(path, 20_000, slowDisk('100'));
    await using _ = cli;
    await cli.lineWith('19999 x');
    expect(await stopped(cli, signal)).toEqual({ code: 0, signal: null });
    socket.destroy();
    expect(peekSession(path)?.totals).toBeDefined();
    const recorded = await made.open('run.wirebench');
    expect(recorded.notice).toBe('');
    const counted = answerOf(await recorded.ask('statistics', { pairing: { kind: 'order' } }));
    expect(counted.total[0].messages).toBe(20_000);
  });

  test('does not hold the process, and opens up to what was written, where it hangs', async () => {
    const path = place('run.wirebench');
    const { cli, socket } = await listening(path, 20_000, slowDisk('stuck', 4));
    await using _ = cli;
    await cli.lineWith('19999 x');
    await expect.poll(() => cli.stderr).toContain(holding);
    expect(await stopped(cli, 'SIGTERM')).toEqual({ code: null, signal: 'SIGKILL' });
    socket.destroy();
    expect(cli.stderr).toContain('Wirebench did not end in time and was killed: a disk or another program blocked it.');
    const recorded = await made.open('run.wirebench');
    expect(recorded.notice).toContain('not closed properly');
    expect(recorded.total).toBeGreaterThan(0);
  });

  test('does not let an export take its name before it is whole, where it hangs', async () => {
    const path = place('new.jsonl');
    await using cli = new Cli(['log', 'export', session, '-o', path], slowDisk('stuck', 4));
    await expect.poll(() => cli.stderr).toContain(holding);
    expect(await stopped(cli, 'SIGTERM')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a save of the browser host whose disk is slow', () => {
  test('is cancelled by SIGTERM, which leaves nothing of it', async () => {
    const home = place('home');
    mkdirSync(join(home, 'sessions'), { recursive: true });
    copyFileSync(session, join(home, 'sessions', 'stored.wirebench'));
    await using cli = new Cli(['app', '--no-open'], { home, ...slowDisk('100') });
    const { port, hash } = new URL((await cli.line()).replace('Wirebench is running at ', ''));
    const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
    const page = createClient(transport);
    const { id } = answerOf(await page.call('sessions.open', { file: 'stored:stored.wirebench' }));
    const { target } = answerOf(await page.call('downloads.prepare', { suggestedName: 'saved.jsonl' }));
    const saving = page.call('sessions.save', { session: id, format: 'jsonl', target, job: 't' });
    const saved = () => readdirSync(join(home, 'downloads'), { recursive: true, encoding: 'utf8' });
    await expect.poll(saved).toContainEqual(expect.stringMatching(/\.part$/));
    expect(await stopped(cli, 'SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await saving).toMatchObject({ ok: false });
    transport.close();
    expect(cli.stderr).toBe('');
    expect(saved()).toEqual([]);
    // Its own session has no record, and leaves no file.
    expect(readdirSync(join(home, 'sessions'))).toEqual(['stored.wirebench']);
  });
});
