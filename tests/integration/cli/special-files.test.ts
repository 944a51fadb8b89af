import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Cli, runCli } from '#support/cli.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';
import { type SpecialFile, SpecialFiles, specialFiles } from '#support/special-files.ts';

/** The places in which the command line takes the path of a regular file: its arguments, with `%` for the path. */
const places: Readonly<Record<string, readonly string[]>> = {
  'a session to show': ['log', 'show', '%'],
  'a session to count': ['log', 'stats', '%'],
  'a session to export': ['log', 'export', '%'],
  'a session to re-frame': ['log', 'reframe', '%', '--framing', 'line', '-o', 'NEW'],
  'the target of an export': ['log', 'export', 'SESSION', '-o', '%'],
  'the target of an export as pcapng': ['log', 'export', 'SESSION', '--format', 'pcapng', '-o', '%'],
  'the target of an export as sqlite': ['log', 'export', 'SESSION', '--format', 'sqlite', '-o', '%'],
  'the target of an export as parquet': ['log', 'export', 'SESSION', '--format', 'parquet', '-o', '%'],
  'the target of a re-framing': ['log', 'reframe', 'SESSION', '--framing', 'line', '-o', '%'],
  'a session whose framings are guessed': ['log', 'framings', '%'],
  'the target of an import': ['log', 'import', 'LINES', '-o', '%'],
  'a capture to import': ['log', 'import', '%', '-o', 'NEW'],
  'the session to record': ['listen', '0', '--once', '--record', '%'],
  'a reply file': ['listen', '0', '--once', '--reply-file', '%'],
  'a certificate': ['listen', '0', '--once', '--tls', '--cert', '%'],
  'a CA file': ['send', '127.0.0.1:9', '--tls', '--ca', '%', '--data', 'x'],
};

/** Every kind of file in two places; in each other place a FIFO and one further kind, in turn. The workbench is tested with every kind. */
function filesFor(place: string): readonly SpecialFile[] {
  if (place === 'a session to show' || place === 'the target of an export') return specialFiles;
  const [fifo, ...others] = specialFiles;
  const at = Object.keys(places).indexOf(place);
  return [fifo, others[at % others.length] as SpecialFile];
}

describe.runIf(process.platform === 'linux')('a path of the command line that leads to no regular file', () => {
  let files: SpecialFiles;
  let folder: SessionFolder;
  beforeAll(async () => {
    files = await SpecialFiles.make();
    folder = new SessionFolder();
    const log = folder.create('run.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    await log.close();
    const exported = await runCli(['log', 'export', folder.file('run.wirebench')]);
    writeFileSync(folder.file('lines.jsonl'), exported.stdout);
  });
  afterAll(async () => {
    await files[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const argumentsOf = (args: readonly string[], path: string) =>
    args.map((part) =>
      part === '%'
        ? path
        : part === 'SESSION'
          ? folder.file('run.wirebench')
          : part === 'LINES'
            ? folder.file('lines.jsonl')
            : part === 'NEW'
              ? folder.file('new.wirebench')
              : part,
    );

  describe.each(Object.entries(places))('as %s', (place, args) => {
    test('is refused, and is as it was', async () => {
      const ends = await Promise.all(
        filesFor(place).map(async (name) => ({ name, ...(await runCli(argumentsOf(args, files.of(name)))) })),
      );
      for (const { name, code, stderr } of ends) {
        expect({ name, code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Could not') });
        expect(stderr).not.toMatch(/bug in Wirebench|internal/);
      }
      expect(lstatSync(files.of('fifo')).isFIFO()).toBe(true);
      expect(lstatSync(files.of('socket')).isSocket()).toBe(true);
      expect(existsSync(folder.file('new.wirebench'))).toBe(false);
    });
  });

  test('as a payload that is sent, a socket is named as such', async () => {
    const { code, stderr } = await runCli(['send', '127.0.0.1:9', '--file', files.of('socket')]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a socket or a device, not a regular file'),
    });
  });

  test('as a payload to check is refused where a folder contains it', async () => {
    await using documents = new SessionFolder();
    execFileSync('mkfifo', [documents.file('p.json')]);
    execFileSync('mkfifo', [documents.file('plain')]);
    const { code, stderr } = await runCli(['check-payload', documents.path]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(documents.file('p.json')) });
    expect(stderr).not.toContain('plain');
  });

  test('as a payload to check is refused', async () => {
    for (const name of specialFiles.filter((one) => one !== 'folder')) {
      const { code, stderr } = await runCli(['check-payload', files.of(name)]);
      expect({ name, code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('neither a file nor') });
    }
  });

  test.each(['/dev/zero', '/dev/null', '/dev/full', 'socket', 'folder'] satisfies SpecialFile[])(
    'as the passphrase of a key ends: %s',
    async (name) => {
      const cert = ['--tls', '--cert', files.of('none'), '--passphrase-file', files.of(name)];
      expect((await runCli(['listen', '0', '--once', ...cert])).code).toBe(1);
    },
  );

  test('as the passphrase of a key may be a pipe', () => {
    const script = '"$0" "$1" listen 0 --once --tls --cert "$2" --passphrase-file <(printf "secret\\nmore")';
    const run = () =>
      execFileSync('bash', ['-c', script, process.execPath, 'out/main/cli.js', files.of('none')], { stdio: 'pipe' });
    // The passphrase is read; the certificate is what is not there.
    expect(run).toThrow('could not be read: no such file');
  });

  test('as what is sent may be a device without end, until SIGTERM', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using cli = new Cli(['send', `127.0.0.1:${port}`, '--file', '/dev/zero']);
    const [socket] = (await once(server, 'connection')) as [Socket];
    socket.on('error', () => {});
    await once(socket, 'data');
    socket.resume();
    cli.kill();
    expect((await cli.end()).code).toBe(1);
  });
});

describe.runIf(process.platform === 'linux')('the standard streams of the command line', () => {
  test('are what /dev/stdin and /dev/stdout stand for in an import and an export', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('run.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    await log.close();
    const exported = await runCli(['log', 'export', folder.file('run.wirebench'), '-o', '/dev/stdout']);
    expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining('"text":"one"') });
    const target = folder.file('new.wirebench');
    const imported = await runCli(['log', 'import', '/dev/stdin', '-o', target], exported.stdout);
    expect(imported).toMatchObject({ code: 0, stderr: expect.stringContaining('1 message on 1 socket') });
  });

  test('say so where the disk behind them is full', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('run.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('one')]);
    await log.close();
    const script = '"$0" "$1" log export "$2" > /dev/full';
    const run = () =>
      execFileSync('bash', ['-c', script, process.execPath, 'out/main/cli.js', folder.file('run.wirebench')], {
        stdio: 'pipe',
      });
    expect(run).toThrow('ENOSPC');
  });
});
