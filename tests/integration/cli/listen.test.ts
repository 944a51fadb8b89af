import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords } from '#support/cli.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';

const dataJson = fileURLToPath(new URL('../../../resources/samples/data.json', import.meta.url));

describe('wirebench listen', () => {
  test('says where it listens before anything else, answers the course’s client, and ends after one message', async () => {
    await using cli = new Cli(['listen', '0', '--output', 'text', '--reply', 'Message received!', '--count', '1']);
    const first = await cli.line();
    expect(first).toMatch(/^listening on 127\.0\.0\.1:[1-9]\d*$/);
    const port = first.split(':')[1] as string;
    await using client = await startPeer('course_client.py', '127.0.0.1', port);
    expect(await client.line()).toBe('Response from server: Message received!');
    expect(await client.exit()).toBe(0);
    const { code, stdout, stderr } = await cli.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // The client may close before we do.
    const lines = stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes('peer sent FIN'))
      .slice(1);
    expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3} {2}127\.0\.0\.1:\d+ {2}/, ''))).toEqual([
      expect.stringMatching(/^accepted 127\.0\.0\.1:\d+$/),
      '→ in   14 B  Hello, server!',
      '← out  17 B  Message received!',
      'closed: stopped · 14 B in, 17 B out',
      'stopped listening',
    ]);
  });

  test('says with -v which message stays incomplete', async () => {
    await using cli = new Cli(['listen', '0', '--framing', 'json', '-v']);
    const socket = net.connect(await cli.port(), '127.0.0.1');
    socket.write('{"never":');
    await expect.poll(() => cli.stderr).toMatch(/:\d+: an incomplete message of 9 B\n/);
    socket.destroy();
  });

  test('prints the same as JSON lines, numbered densely', async () => {
    await using cli = new Cli(['listen', '0', '--reply', 'Message received!', '--count', '1', '--json']);
    const port = await cli.port();
    await using client = await startPeer('course_client.py', '127.0.0.1', String(port));
    await client.line();
    const records = jsonRecords((await cli.end()).stdout);
    expect(records.map(({ kind }) => kind)).toEqual([
      'listening',
      'accepted',
      'message',
      'message',
      'closed',
      'closed',
    ]);
    expect(records.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    const [listening, accepted, received, sent] = records;
    expect(listening).toMatchObject({ socket: 1, local: `127.0.0.1:${port}`, direction: null, length: 0 });
    expect(received).toMatchObject({ socket: 2, direction: 'in', length: 14, text: 'Hello, server!' });
    expect(received?.peer).toBe(accepted?.peer);
    expect(sent).toMatchObject({ socket: 2, direction: 'out', length: 17, text: 'Message received!' });
    for (const { at } of records) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('listens on IPv6', async () => {
    await using cli = new Cli(['listen', '[::1]:0', '--output', 'text', '--reply', 'Message received!', '--once']);
    const first = await cli.line();
    expect(first).toMatch(/^listening on \[::1\]:[1-9]\d*$/);
    await using client = await startPeer('course_client.py', '::1', first.split(']:')[1] as string);
    expect(await client.line()).toBe('Response from server: Message received!');
    expect((await cli.end()).code).toBe(0);
  });

  test('sends a JSON file that a Python client parses', async () => {
    await using cli = new Cli(['listen', '0', '--framing', 'line', '--reply-file', dataJson, '--once']);
    await using client = await startPeer('json_client.py', '127.0.0.1', String(await cli.port()), 'the data, please');
    expect(JSON.parse(await client.line())).toEqual(JSON.parse(await readFile(dataJson, 'utf8')));
    expect((await cli.end()).code).toBe(0);
  });

  test('knows the samples that come with Wirebench as reply files', async () => {
    await using cli = new Cli(['listen', '0', '--reply-file', 'sample:data.json', '--once']);
    await using client = await startPeer('json_client.py', '127.0.0.1', String(await cli.port()), 'the data, please');
    expect(JSON.parse(await client.line())).toEqual(JSON.parse(await readFile(dataJson, 'utf8')));
    expect((await cli.end()).code).toBe(0);
  });

  test.each([
    ['ncat', (port: number) => ['127.0.0.1', String(port)]],
    ['socat', (port: number) => ['-', `TCP:127.0.0.1:${port}`]],
  ])('echoes lines to %s and ends when the replies to --count messages are sent', async (command, args) => {
    await using cli = new Cli(['listen', '0', '--framing', 'line', '--echo', '--count', '3', '--json']);
    await using client = new Peer(command, args(await cli.port()));
    client.write('one\ntwo\nthree\n');
    expect(await client.rest()).toEqual(['one', 'two', 'three']);
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    const messages = jsonRecords(stdout).filter(({ kind }) => kind === 'message');
    expect(messages.map(({ direction, text }) => `${direction} ${text}`).sort()).toEqual([
      'in one',
      'in three',
      'in two',
      'out one',
      'out three',
      'out two',
    ]);
  });

  test('counts messages over several connections', async () => {
    await using cli = new Cli(['listen', '0', '--output', 'text', '--reply', 'ok', '--count', '2']);
    const port = String(await cli.port());
    for (const message of ['first', 'second']) {
      await using client = await startPeer('course_client.py', '127.0.0.1', port, message);
      expect(await client.line()).toBe('Response from server: ok');
    }
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    expect(stdout).toContain('→ in   5 B  first');
    expect(stdout).toContain('→ in   6 B  second');
  });

  test('ends after the first connection with --once, however much it brought', async () => {
    await using cli = new Cli(['listen', '0', '--framing', 'line', '--once', '--json']);
    await using client = new Peer('ncat', ['127.0.0.1', String(await cli.port())]);
    client.write('one\ntwo\nrest');
    client.end();
    const { code, stdout } = await cli.end();
    expect(code).toBe(0);
    const records = jsonRecords(stdout);
    const messages = records.filter(({ kind }) => kind === 'message');
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two', 'rest']);
    expect(messages.at(-1)?.flags).toEqual(['incomplete']);
    expect(records.slice(-3).map(({ kind }) => kind)).toEqual(['ended', 'closed', 'closed']);
  });

  test('fails with --once where that connection was reset, and says so', async () => {
    await using cli = new Cli(['listen', '0', '--output', 'text', '--once']);
    await using client = await startPeer('reset_client.py', '127.0.0.1', String(await cli.port()));
    await cli.lineWith('half a mess');
    client.write('\n');
    const { code, stdout, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stdout).toContain('reset by peer (RST, ECONNRESET) · 11 B in, 0 B out');
    expect(stderr).toMatch(/^The connection from 127\.0\.0\.1:\d+ failed\.\n {2}ECONNRESET: .*\n {2}\S.*\n$/);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stops in order at %s: peers are closed, the log is whole',
    async (signal) => {
      await using folder = new SessionFolder();
      await using cli = new Cli([
        'listen',
        '0',
        '--output',
        'text',
        '--echo',
        '--record',
        folder.file('run.wirebench'),
      ]);
      await using client = new Peer('ncat', ['127.0.0.1', String(await cli.port())]);
      client.write('hello');
      await cli.lineWith('← out  5 B  hello');
      // A terminal and `npx` both hand Ctrl+C on: twice at once is once.
      cli.kill(signal);
      cli.kill(signal);
      const { code, stdout, stderr } = await cli.end();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('closed: stopped · 5 B in, 5 B out');
      const session = await folder.open('run.wirebench');
      expect(session.notice).toBe('');
      const window = await session.ask('window', { first: 0, count: 100 });
      const kinds = window.ok ? window.value.rows.map(({ kind }) => kind) : window.error;
      expect(kinds).toEqual(['listening', 'accepted', 'in', 'out', 'closed', 'closed']);
    },
  );

  test('a second Ctrl+C, where stopping takes long, ends it at once', async () => {
    const args = ['listen', '0', '--framing', 'line', '--reply', 'ok', '--json'];
    await using cli = new Cli(args, { unread: true });
    const [begin] = (await once(cli.stdout, 'data')) as [Buffer];
    cli.stdout.pause();
    const socket = net.connect(Number(/:(\d+)"/.exec(String(begin))?.[1]), '127.0.0.1');
    socket.write(`${'x'.repeat(4_000_000)}\n`);
    // It has printed the message, which nobody reads: stopping waits for that.
    await once(socket, 'data');
    const again = setInterval(() => cli.kill('SIGINT'), 200);
    expect(await cli.exit()).toBe(130);
    clearInterval(again);
    socket.destroy();
  });

  test('says when other machines can reach the server', async () => {
    await using cli = new Cli(['listen', '0.0.0.0:0', '--output', 'text']);
    const port = await cli.port();
    cli.kill();
    expect((await cli.end()).stderr).toBe(
      `Other machines can reach this server: 0.0.0.0:${port} is not a loopback address.\n`,
    );
  });

  test('writes what ncat sends byte for byte into a pipe, and what happens on the error output', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3));
    await using cli = new Cli(['listen', '0', '--once'], { unread: true });
    const pieces: Buffer[] = [];
    cli.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    const port = await cli.port();
    await using client = new Peer('ncat', ['--send-only', '127.0.0.1', String(port)]);
    client.write(bytes);
    client.end();
    const { code, stderr } = await cli.end();
    expect(code).toBe(0);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(stderr).toMatch(/^listening on 127\.0\.0\.1:\d+\n.* accepted .*\n(.*\n)*.* stopped listening\n$/);
  });

  test('shows a character that two reads split in the line of the second, and in JSON what each has of it', async () => {
    const halves = [Buffer.from([0x61, 0xe2, 0x82]), Buffer.from([0xac, 0x62])];
    for (const how of [['--output', 'text'], ['--json']]) {
      await using cli = new Cli(['listen', '0', ...how, '--count', '2']);
      const port = await cli.port();
      const client = net.connect(port, '127.0.0.1');
      client.write(halves[0] as Buffer);
      const first = await cli.lineWith(how.length === 1 ? '"direction":"in"' : '→ in');
      client.write(halves[1] as Buffer);
      const second = await cli.lineWith(how.length === 1 ? '"direction":"in"' : '→ in');
      client.destroy();
      if (how.length === 1) {
        expect(JSON.parse(first)).toMatchObject({ length: 3, text: 'a', rest: 'e282' });
        expect(JSON.parse(second)).toMatchObject({ length: 2, text: '€b', carried: 2 });
      } else {
        expect([first, second]).toEqual([
          expect.stringMatching(/→ in {3}3 B {2}a$/),
          expect.stringMatching(/→ in {3}2 B {2}€b$/),
        ]);
      }
    }
  });
});
