import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli, type CliEnd, type CliOptions, runCli } from '#support/cli.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';
import { ReadOnlyFolder } from '#support/small-disk.ts';

/** What each writes to `DIR`; `SESSION` and `LINES` lie elsewhere. */
const writers: Readonly<Record<string, readonly string[]>> = {
  'listen --record': ['listen', '0', '--once', '--record', 'DIR/new.wirebench'],
  'send --record': ['send', '127.0.0.1:9', '--data', 'x', '--record', 'DIR/new.wirebench'],
  'log export': ['log', 'export', 'SESSION', '-o', 'DIR/new'],
  'log export --format sqlite': ['log', 'export', 'SESSION', '--format', 'sqlite', '-o', 'DIR/new'],
  'log export --format parquet': ['log', 'export', 'SESSION', '--format', 'parquet', '-o', 'DIR/new'],
  'log export --format wirebench': ['log', 'export', 'SESSION', '--format', 'wirebench', '-o', 'DIR/new'],
  'log import': ['log', 'import', 'LINES', '-o', 'DIR/new.wirebench'],
  'log reframe': ['log', 'reframe', 'SESSION', '--framing', 'line', '-o', 'DIR/new.wirebench'],
};

/** What each needs of the home `DIR`. */
const residents: Readonly<Record<string, readonly string[]>> = {
  'the browser host': ['app', '--no-open'],
  'listen --tls without a certificate': ['listen', '0', '--once', '--tls'],
  'listen --ws --tls without a certificate': ['listen', '0', '--once', '--ws', '--tls'],
};

/** What each reads from `DIR`. */
const readers: Readonly<Record<string, readonly string[]>> = {
  'log show': ['log', 'show', 'DIR/kept'],
  'log import': ['log', 'import', 'DIR/kept', '-o', 'NEW'],
  'send --file': ['send', '127.0.0.1:9', '--file', 'DIR/kept'],
  'listen --reply-file': ['listen', '0', '--once', '--reply-file', 'DIR/kept'],
  'listen --cert': ['listen', '0', '--once', '--tls', '--cert', 'DIR/kept'],
  'listen --unix': ['listen', '--once', '--unix', 'DIR/socket'],
  'listen --unix below it': ['listen', '--once', '--unix', 'DIR/below/socket'],
  'send --unix': ['send', '--unix', 'DIR/socket', '--data', 'x'],
  'send --unix below it': ['send', '--unix', 'DIR/below/socket', '--data', 'x'],
  'check-payload of a file': ['check-payload', 'DIR/kept'],
  'check-payload of a folder': ['check-payload', 'DIR'],
};

// As root, modes mean nothing without setpriv, which is Linux's.
describe.runIf(process.platform === 'linux')('a command whose folder', () => {
  const folder = new SessionFolder();
  const closed = folder.file('closed');

  beforeAll(async () => {
    const log = folder.create('run.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    await log.close();
    writeFileSync(folder.file('lines.jsonl'), (await runCli(['log', 'export', folder.file('run.wirebench')])).stdout);
    mkdirSync(closed);
    writeFileSync(`${closed}/kept`, 'kept');
  });
  afterAll(async () => {
    chmodSync(closed, 0o700);
    await folder[Symbol.asyncDispose]();
  });

  function run(args: readonly string[], dir: string, options: CliOptions = {}): Promise<CliEnd> {
    const values: Record<string, string> = {
      SESSION: folder.file('run.wirebench'),
      LINES: folder.file('lines.jsonl'),
      NEW: folder.file('new.wirebench'),
    };
    const given = args.map((part) => values[part] ?? part.replace(/^DIR/, dir));
    return runCli(given, '', { withoutRights: true, ...options });
  }

  /** Fails where what the command said is not what the system did, or not what to do. */
  function expectRefusal({ code, stderr }: CliEnd, errno: string, wanted = 1): void {
    expect({ code, stderr }).toMatchObject({ code: wanted, stderr: expect.stringContaining(`(): ${errno} (`) });
    expect(stderr).not.toMatch(
      /ENOENT|no such file|no folder|not exist|[Nn]othing is at|Ports below|firewall|bug in Wirebench|node:internal/,
    );
    expect(stderr).toMatch(/[Uu]se a different|permission to|permissions|writable folder/);
  }

  test.each(Object.entries(writers))('may not be written to: %s', async (_, args) => {
    chmodSync(closed, 0o500);
    expectRefusal(await run(args, closed), 'EACCES');
    expect(readdirSync(closed)).toEqual(['kept']);
  });

  test.each(Object.entries(writers))('is on a read-only disk: %s', async (_, args) => {
    using disk = new ReadOnlyFolder();
    expectRefusal(await run(args, disk.path), disk.errno);
    expect(readdirSync(disk.path)).toEqual([]);
  });

  describe.each(Object.entries(residents))('is its home: %s', (_, args) => {
    test.each([
      ['may not be written to', 0o500, ''],
      ['may not be opened', 0o000, ''],
      ['would lie in one that may not be written to', 0o500, '/below/it'],
    ])('%s', async (_what, mode, below) => {
      chmodSync(closed, mode);
      const end = await run(args, closed, { home: `${closed}${below}` });
      expectRefusal(end, 'EACCES');
      expect(end.stderr).toContain('WIREBENCH_HOME');
    });

    test('is on a read-only disk', async () => {
      using disk = new ReadOnlyFolder();
      const end = await run(args, disk.path, { home: disk.path });
      expectRefusal(end, disk.errno);
      expect(end.stderr).toContain('WIREBENCH_HOME');
    });
  });

  test.each(Object.entries(readers))('may not be opened: %s', async (name, args) => {
    chmodSync(closed, 0o000);
    const end = await run(args, closed);
    expectRefusal(end, 'EACCES', name.startsWith('check-payload') ? 2 : 1);
  });

  test('is its home, of which nothing is needed: send, and listen without TLS, work', async () => {
    chmodSync(closed, 0o500);
    await using server = new Cli(['listen', '0'], { home: closed, withoutRights: true });
    await server.port();
    server.kill();
    expect(await server.end()).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/\bE[A-Z]{3,}/) });
    const sent = await run(['send', '127.0.0.1:1', '--data', 'x'], closed, { home: closed });
    expect(sent).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
  });
});
