import { truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';

describe('wirebench send, given what it cannot do', () => {
  test('says that a connection was refused, and the next send works', async () => {
    await using server = await startPeer('course_server.py');
    const port = await server.line();
    const address = `127.0.0.1:${port}`;
    expect((await runCli(['send', address, '--data', 'first'])).code).toBe(0);
    // That server takes one client; now nobody listens.
    const refused = await runCli(['send', address, '--data', 'second']);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    const [tried, system, hint] = refused.stderr.trimEnd().split('\n');
    expect(tried).toBe(`Could not connect to ${address}.`);
    expect(system).toBe('  connect(): ECONNREFUSED (connection refused).');
    expect(hint).toMatch(/^ {2}Nothing listens .*\.$/);
    await using again = await startPeer('course_server.py', '127.0.0.1');
    expect((await runCli(['send', `127.0.0.1:${await again.line()}`, '--data', 'third'])).code).toBe(0);
  });

  test('says that a name does not resolve', async () => {
    const { code, stdout, stderr } = await runCli(['send', 'nonexistent.invalid:80', '--data', 'x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^Could not connect to nonexistent\.invalid:80\.\n {2}getaddrinfo\(\): E\w+ \(.+\)\.\n {2}.+\n$/,
    );
  });

  test('says how far a send came when the peer reset the connection, and records it', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('big'), '');
    await truncate(folder.file('big'), 48 * 1_048_576);
    await using server = await startPeer('reset_server.py');
    const { code, stdout, stderr } = await runCli([
      ...['send', `127.0.0.1:${await server.line()}`, '--file', folder.file('big'), '--json'],
      ...['--record', folder.file('run.wirebench')],
    ]);
    expect(code).toBe(1);
    const [tried, system, hint] = stderr.trimEnd().split('\n');
    expect(tried).toMatch(/^Could not send “.*big” to 127\.0\.0\.1:\d+\.$/);
    expect(system).toMatch(
      /^ {2}the connection ended \((ECONNRESET|EPIPE)\) after the system had accepted \d+ bytes\.$/,
    );
    expect(hint).toBe('  Connect and send again.');
    const closed = jsonRecords(stdout).at(-1);
    expect(closed).toMatchObject({ kind: 'closed', cause: 'reset-by-peer' });
    const session = await folder.open('run.wirebench');
    expect(session.notice).toBe('');
    // The failure, and where a write was under way, that nobody knows how much of it was taken.
    expect([1, 2]).toContain(session.problems);
  });

  test('says that the connection was reset while it waited for a reply', async () => {
    await using server = await startPeer('reset_server.py');
    const address = `127.0.0.1:${await server.line()}`;
    const { code, stderr } = await runCli(['send', address, '--data', 'x', '--wait', '20000']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^The connection to ${address} failed\\.\n {2}recv\\(\\): ECONNRESET \\(.+\\)\\.\n {2}.+\n$`),
    );
  });

  test.each([
    [['send', '127.0.0.1:70000'], 'Invalid port 70000: it must be 1–65535.'],
    [['send', '127.0.0.1:0'], 'Invalid port 0: it must be 1–65535.'],
    [['send', '12345'], 'Use HOST:PORT'],
    [['send', '::1:80'], 'Use HOST:PORT'],
    [['send'], "missing required argument 'host:port'"],
    [
      ['send', '127.0.0.1:80', '--data', 'a', '--hex', '00'],
      "option '--data <text>' cannot be used with option '--hex <hex>'",
    ],
    [['send', '127.0.0.1:80', '--hex', '0g'], 'At character 2: “g” is not a hex digit.'],
    [['send', '127.0.0.1:80', '--hex', '012'], 'At character 3: a byte needs two hex digits.'],
    [['send', '127.0.0.1:80', '--wait', 'long'], 'The time in milliseconds must be a whole number from 0 to 86400000.'],
    [['send', '127.0.0.1:80', '--expect', '-1'], 'The number of messages must be a whole number of at least 1.'],
    [['send', '127.0.0.1:80', 'Hello'], 'unexpected argument “Hello”: only “-”'],
    [
      ['send', '127.0.0.1:80', '-', '--data', 'x'],
      '“-” cannot be used with --data, --file, --hex, --payload or --list',
    ],
  ])('refuses %j with code 2 and in words', async (args, words) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('(use --help for usage)');
  });

  test('tells of a file that cannot be read before it connects', async () => {
    await using folder = new SessionFolder();
    expect(await runCli(['send', '127.0.0.1:1', '--file', folder.file('none')])).toEqual({
      code: 1,
      stdout: '',
      stderr: `Could not read ${folder.file('none')}.\n  open(): ENOENT (no such file or folder).\n  Check the path.\n`,
    });
    expect((await runCli(['send', '127.0.0.1:1', '--file', folder.path])).stderr).toContain('EISDIR (is a folder)');
  });
});
