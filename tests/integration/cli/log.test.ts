import { once } from 'node:events';
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

/** Records a conversation with the course's client; gives what `listen --json` printed meanwhile. */
async function recordRun(path: string): Promise<string> {
  await using cli = new Cli([
    'listen',
    '0',
    '--reply',
    'Message received!',
    '--count',
    '1',
    '--record',
    path,
    '--json',
  ]);
  await using client = await startPeer('course_client.py', '127.0.0.1', String(await cli.port()));
  await client.line();
  return (await cli.end()).stdout;
}

describe('wirebench log', () => {
  test('export gives the records that were printed while it was recorded', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    const printed = await recordRun(file);
    const { code, stdout, stderr } = await runCli(['log', 'export', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const settled = (text: string) =>
      jsonRecords(text).map(({ seq, at, kind, direction, length, text }) => ({
        seq,
        at,
        kind,
        direction,
        length,
        text,
      }));
    expect(settled(stdout)).toEqual(settled(printed));
    expect((await runCli(['log', 'show', file, '--json'])).stdout).toBe(stdout);
  });

  test('export -o writes the same bytes to a file as to the standard output, in both formats', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('many.wirebench');
    log.describe(acceptedSocket);
    recordMessages(
      log,
      'in',
      Array.from({ length: 2_500 }, (_, index) => Buffer.from(`line ${index} €\n`)),
      1,
    );
    recordMessages(log, 'in', [Buffer.alloc(3_000_000, 'é'), Buffer.alloc(1_500_000, 0xfe)]);
    log.event(1, Date.now(), { kind: 'closed', cause: 'peer', bytesIn: 1, bytesOut: 0 });
    await log.close();
    for (const format of ['jsonl', 'text']) {
      const out = folder.file(`out.${format}`);
      const saved = await runCli(['log', 'export', log.path, '--format', format, '-o', out]);
      expect(saved.code).toBe(0);
      expect(saved.stderr).toMatch(/^2503 records, .* B, written to /);
      const { stdout } = await runCli(['log', 'export', log.path, '--format', format]);
      const written = await readFile(out, 'utf8');
      expect(stdout.length).toBe(written.length);
      expect(stdout === written).toBe(true);
    }
  });

  test('show prints a table, a record a line', async () => {
    await using folder = new SessionFolder();
    const printed = jsonRecords(await recordRun(folder.file('run.wirebench')));
    const { code, stdout } = await runCli(['log', 'show', folder.file('run.wirebench')]);
    expect(code).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ +# {2}time +socket {2}peer +kind +bytes {2}message$/);
    expect(lines).toHaveLength(printed.length);
    // A listener has no peer.
    expect(lines[0]).toMatch(/^ +0 {2}\S+Z +1 +listening {12,}listening on /);
    expect(lines[2]).toMatch(/^ +2 {2}\S+Z +2 {2}127\.0\.0\.1:\d+ +in +14 {2}Hello, server!$/);
    expect(lines[3]).toMatch(/^ +3 {2}\S+Z +2 {2}127\.0\.0\.1:\d+ +out +17 {2}Message received!$/);
  });

  test('stats counts, for people and as JSON', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    const printed = jsonRecords(await recordRun(file));
    const people = await runCli(['log', 'stats', file]);
    expect(people.stdout).toContain('messages in   1, 14 B\n');
    expect(people.stdout).toContain('messages out  1, 17 B\n');
    const stats = JSON.parse((await runCli(['log', 'stats', file, '--json'])).stdout);
    expect(stats).toMatchObject({
      name: 'run',
      ...{ records: printed.length, events: printed.length - 2, messagesIn: 1, messagesOut: 1 },
      ...{ bytesIn: 14, bytesOut: 17, problems: 0, sockets: 2 },
      fileBytes: (await stat(file)).size,
    });
  });

  test('reads a file that did not end well up to there, and says so beside it', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('whole.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('kept\n')], 1);
    await log.flush();
    const kept = (await stat(log.path)).size;
    recordMessages(log, 'in', [Buffer.from('lost\n')], 1);
    await log.close();
    await copyFile(log.path, folder.file('cut.wirebench'));
    await truncate(folder.file('cut.wirebench'), kept + 20);
    for (const command of ['show', 'export', 'stats']) {
      const { code, stdout, stderr } = await runCli(['log', command, folder.file('cut.wirebench')]);
      expect(code).toBe(0);
      expect(stdout).toContain(command === 'stats' ? 'records       1\n' : 'kept');
      expect(stdout).not.toContain('lost');
      expect(stderr.trim()).not.toBe('');
    }
  });

  test('says in words what is no session and what is not there', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('notes.txt'), 'these are only some notes of mine, and no session at all');
    for (const command of ['show', 'export', 'stats']) {
      const other = await runCli(['log', command, folder.file('notes.txt')]);
      expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 1, stdout: '' });
      expect(other.stderr).toContain('notes.txt” is not a Wirebench session.\n');
      const missing = await runCli(['log', command, folder.file('none.wirebench')]);
      expect({ code: missing.code, stdout: missing.stdout }).toEqual({ code: 1, stdout: '' });
      expect(missing.stderr).toContain('open(): ENOENT');
    }
  });

  test('says where it cannot write to', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('run.wirebench');
    await log.close();
    const { code, stderr } = await runCli(['log', 'export', log.path, '-o', folder.file('none/out.jsonl')]);
    expect(code).toBe(1);
    expect(stderr).toContain('ENOENT');
  });

  test.each([
    [['log'], 'Usage: wirebench log'],
    [['log', 'show'], "missing required argument 'file'"],
    [
      ['log', 'export', 'x', '--format', 'xml'],
      'Allowed choices are wirebench, pcapng, jsonl, csv, text, html, raw, sqlite, parquet.',
    ],
    [
      ['log', 'export', 'x', '--format', 'text', '--json'],
      "option '--json' cannot be used with option '--format <format>'",
    ],
    [['log', 'drop', 'x'], "unknown command 'drop'"],
  ])('refuses %j with code 2', async (args, words) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  test('a reader that goes away ends an export quietly, long before its end', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('big.wirebench');
    log.describe(acceptedSocket);
    recordMessages(
      log,
      'in',
      Array.from({ length: 32 }, () => Buffer.alloc(1_048_576, 'x')),
    );
    await log.close();
    await using cli = new Cli(['log', 'export', log.path], { unread: true });
    await once(cli.stdout, 'data');
    cli.stdout.destroy();
    const { code, stderr } = await cli.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('wirebench', () => {
  test.each([
    [['--help'], ['listen', 'send', 'log', 'Examples:', 'Exit codes:']],
    [
      ['listen', '--help'],
      ['--backlog', '--reply-file', '--count', '--once', '--record', '--json', 'Examples:'],
    ],
    [
      ['send', '--help'],
      ['--data', '--file', '--hex', '--wait', '--expect', '--record', '--json', 'Examples:'],
    ],
    [
      ['log', '--help'],
      ['show', 'export', 'stats', 'Examples:'],
    ],
  ])('%j prints help', async (args, parts) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of parts) expect(stdout).toContain(part);
  });

  test('--version prints the version', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});
