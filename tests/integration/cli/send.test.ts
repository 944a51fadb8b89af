import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type net from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtCli, Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { freePort, rawServer, untilListening } from '#support/raw-server.ts';
import { SessionFolder } from '#support/session.ts';

async function allOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const dataJson = fileURLToPath(new URL('../../../resources/samples/data.json', import.meta.url));

describe('wirebench send', () => {
  test.each(['127.0.0.1', '::1'])('sends to the course’s server on %s and prints its answer', async (host) => {
    await using server = await startPeer('course_server.py', host);
    const port = await server.line();
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    expect(await runCli(['send', address, '--data', 'Hello, server!'])).toEqual({
      code: 0,
      stdout: 'Message received!\n',
      stderr: '',
    });
    expect(await server.line()).toBe('Received: Hello, server!');
  });

  test('prints every event and message as JSON lines', async () => {
    await using server = await startPeer('course_server.py');
    const port = await server.line();
    const { code, stdout } = await runCli(['send', `127.0.0.1:${port}`, '--data', 'Hello, server!', '--json']);
    expect(code).toBe(0);
    const records = jsonRecords(stdout);
    expect(records.map(({ kind, direction }) => direction ?? kind)).toEqual([
      'connecting',
      'opened',
      'out',
      'in',
      'ended',
      'closed',
    ]);
    expect(records.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(records[2]).toMatchObject({ socket: 1, peer: `127.0.0.1:${port}`, length: 14, text: 'Hello, server!' });
    expect(records[3]).toMatchObject({ length: 17, text: 'Message received!' });
  });

  test('sends nothing where nothing is given, and gets the JSON a Python server sends', async () => {
    await using server = await startPeer('json_server.py', dataJson);
    const { code, stdout } = await runCli(['send', `127.0.0.1:${await server.line()}`, '--framing', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(dataJson, 'utf8')));
    expect(await server.rest()).toEqual(['']);
  });

  test('says with -v for how many bytes of a reply it waited, and nothing of it without', async () => {
    await using server = await rawServer((socket) => socket.write(Buffer.from([0xff, 0xff, 1, 2, 3])));
    const args = ['send', server.address, '--framing', 'len:2be', '--expect', '1'];
    const { code, stderr } = await runCli([...args, '-v']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `${server.address}: 5 of 65537 B received (2 of header, length field 65535); 65532 missing\n`,
    );
    expect((await runCli(args)).stderr).not.toContain('bytes received');
  });

  test('sends a file as it is', async () => {
    await using server = await startPeer('json_server.py', dataJson);
    const address = `127.0.0.1:${await server.line()}`;
    expect((await runCli(['send', address, '--file', dataJson])).code).toBe(0);
    expect(JSON.parse((await server.rest()).join('\n'))).toEqual(JSON.parse(await readFile(dataJson, 'utf8')));
  });

  test('prints a long reply under raw framing as it came, whatever reads it came in', async () => {
    const document = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ id: index, name: 'Müller €' })));
    await using folder = new SessionFolder();
    await writeFile(folder.file('big.json'), document);
    await using server = await startPeer('json_server.py', folder.file('big.json'));
    const { stdout } = await runCli(['send', `127.0.0.1:${await server.line()}`]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(document));
    expect(stdout.split('\n')).toHaveLength(2);
  });

  test('prints what came as it came, however slowly that is read', async () => {
    const numbers = Array.from({ length: 400_000 }, (_, index) => String(index).padStart(7)).join('\n');
    await using server = await rawServer((socket) => socket.end(`${numbers}\n`));
    await using cli = new Cli(['send', server.address], { unread: true });
    cli.stdin.end();
    let printed = '';
    for await (const piece of cli.stdout) {
      printed += String(piece);
      // Others read from the same connection meanwhile.
      await new Promise(setImmediate);
    }
    expect(printed === `${numbers}\n`).toBe(true);
  });

  test('prints a character that two reads have cut in two', async () => {
    const euro = Buffer.from('€');
    const connected = Promise.withResolvers<net.Socket>();
    await using server = await rawServer((socket) => connected.resolve(socket));
    await using cli = new Cli(['send', server.address, '--output', 'text'], { unread: true });
    cli.stdin.end();
    const socket = await connected.promise;
    socket.write(Buffer.concat([Buffer.from('abc'), euro.subarray(0, 2)]));
    let printed = '';
    cli.stdout.on('data', (piece) => {
      printed += piece;
    });
    await once(cli.stdout, 'data');
    socket.end(Buffer.concat([euro.subarray(2), Buffer.from(' and the rest\n')]));
    await once(cli.stdout, 'end');
    expect(printed).toBe('abc\n€ and the rest\n');
  });

  test.each([
    ['ncat', (port: number) => ['-l', '127.0.0.1', String(port)]],
    ['socat', (port: number) => ['-', `TCP-LISTEN:${port},bind=127.0.0.1`]],
  ])('talks with %s as a server, a line at a time', async (command, args) => {
    const port = await freePort();
    await using server = new Peer(command, args(port));
    await untilListening(port);
    const address = `127.0.0.1:${port}`;
    await using cli = new Cli([
      'send',
      address,
      '--framing',
      'line',
      '--data',
      'ping',
      '--expect',
      '2',
      '--wait',
      '20000',
    ]);
    expect(await server.line()).toBe('ping');
    server.write('pong\npo');
    expect(await cli.line()).toBe('pong');
    server.write('ng\n');
    expect(await cli.end()).toEqual({ code: 0, stdout: 'pong\npong\n', stderr: '' });
  });

  test('sends what the standard input holds', async () => {
    await using server = await startPeer('course_server.py');
    const address = `127.0.0.1:${await server.line()}`;
    expect((await runCli(['send', address, '-'], 'from a pipe')).stdout).toBe('Message received!\n');
    expect(await server.line()).toBe('Received: from a pipe');
  });

  test.each([
    ['text', 'hex: 01 02 ff\n'],
    ['hex', '01 02 ff\n'],
    ['base64', 'AQL/\n'],
  ])('sends bytes given in hex, and prints them as %s', async (mode, printed) => {
    await using server = await rawServer((socket) => socket.on('data', (bytes) => socket.end(bytes)));
    const { stdout } = await runCli(['send', server.address, '--hex', '{0x01, 0x02, 0xff}', '--output', mode]);
    expect(stdout).toBe(printed);
  });

  test('writes what it receives byte for byte into a pipe, as ncat does', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3));
    await using server = await rawServer((socket) => socket.end(bytes));
    await using cli = new Cli(['send', server.address], { unread: true });
    cli.stdin.end();
    expect(await allOf(cli.stdout)).toEqual(bytes);
  });

  test.each([[[]], [['--output', 'raw']], [['--json']]])(
    'lets nothing of a peer act on a terminal, with %j',
    async (options) => {
      const hostile = '\x1b]0;gone\x07\x1b[2J \u009b2J \u202e \x7f end\n';
      await using server = await rawServer((socket) => socket.end(hostile));
      const inTerminal = 'import pty, sys; pty.spawn(sys.argv[1:])';
      const command = [process.execPath, builtCli, 'send', server.address, ...options];
      await using terminal = new Peer('python3', ['-c', inTerminal, ...command]);
      const printed = (await terminal.rest()).join('\n');
      expect(printed).toContain('end');
      expect(printed).not.toMatch(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202e]/);
      if (options.length === 0) expect(printed).toContain('␛]0;gone␇␛[2J ⟨U+009B⟩2J ⟨U+202E⟩ ␡ end');
    },
  );

  test('writes messages with their framing, byte for byte, where --output raw asks for it', async () => {
    const framed = Buffer.from([0, 2, 0xff, 0x0a, 0, 1, 0xc3]);
    await using server = await rawServer((socket) => socket.end(framed));
    await using cli = new Cli(['send', server.address, '--framing', 'len:2be', '--output', 'raw'], { unread: true });
    cli.stdin.end();
    expect(await allOf(cli.stdout)).toEqual(framed);
  });

  test('writes datagrams byte for byte where --output raw asks for it', async () => {
    await using echo = await startPeer('udp_echo.py', '4');
    const args = ['send', `127.0.0.1:${await echo.line()}`, '--udp', '--hex', 'ff0a00', '--expect', '1'];
    await using cli = new Cli([...args, '--output', 'raw'], { unread: true });
    cli.stdin.end();
    expect(await allOf(cli.stdout)).toEqual(Buffer.from([0xff, 0x0a, 0]));
  });

  test('adds a line’s end under line framing, once', async () => {
    await using server = await rawServer((socket) => socket.on('data', (bytes) => socket.end(bytes)));
    const [one, two] = [
      await runCli(['send', server.address, '--framing', 'line:crlf', '--data', 'ping', '--json']),
      await runCli(['send', server.address, '--framing', 'line', '--data', 'ping\n', '--json']),
    ];
    const sent = [one, two].map(({ stdout }) => jsonRecords(stdout).find(({ direction }) => direction === 'out'));
    expect(sent).toMatchObject([
      { length: 4, wire: 6, text: 'ping' },
      { length: 4, wire: 5, text: 'ping' },
    ]);
  });

  test('tries each address of a name and shows it', async () => {
    await using server = await startPeer('course_server.py', '127.0.0.1');
    const port = await server.line();
    const node = ['--import', bothFamilies];
    await using plain = new Cli(['send', `both.test:${port}`, '--data', 'hi'], { node });
    const { code, stdout, stderr } = await plain.end();
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Message received!\n' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `connecting to [::1]:${port} (1 of 2)`,
      `connect() to [::1]:${port} failed: ECONNREFUSED (connection refused)`,
      `connecting to 127.0.0.1:${port} (2 of 2)`,
    ]);
    // Nobody listens there any more.
    await using json = new Cli(['send', `both.test:${port}`, '--json'], { node });
    const end = await json.end();
    expect(end.code).toBe(1);
    expect(jsonRecords(end.stdout).map(({ kind }) => kind)).toEqual([
      'resolved',
      'connecting',
      'failed',
      'connecting',
      'failed',
      'closed',
    ]);
    expect(end.stderr).toContain(`[::1]:${port} ECONNREFUSED (connection refused); 127.0.0.1:${port} ECONNREFUSED`);
  });

  test('connects to localhost', async () => {
    await using server = await startPeer('course_server.py', '127.0.0.1');
    const address = `localhost:${await server.line()}`;
    const { code, stdout } = await runCli(['send', address, '--data', 'hi', '--json']);
    expect(code).toBe(0);
    const records = jsonRecords(stdout);
    const addresses = Object.entries(records[0] ?? {}).find(([field]) => field === 'addresses')?.[1];
    const tried = records.flatMap(({ kind, peer }) => (kind === 'connecting' ? [peer] : []));
    expect(records[0]?.kind).toBe('resolved');
    if (!Array.isArray(addresses)) throw new Error('the names were not resolved');
    expect(tried).toEqual(addresses.slice(0, tried.length));
  });

  test('a reader of the output that goes away is no failure', async () => {
    await using server = await rawServer((socket) => socket.write('x'.repeat(1_000_000)));
    await using cli = new Cli(['send', server.address, '--wait', '20000'], { unread: true });
    await once(cli.stdout, 'data');
    cli.stdout.destroy();
    const { code, stderr } = await cli.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('stops in order at Ctrl+C while it waits', async () => {
    await using server = await rawServer((socket) => socket.write('early\n'));
    await using cli = new Cli(['send', server.address, '--framing', 'line', '--wait', '60000']);
    expect(await cli.line()).toBe('early');
    cli.kill('SIGINT');
    expect((await cli.end()).code).toBe(1);
    expect((await server.closed).hadError).toBe(false);
  });
});

/** Makes every name resolve to both loopback addresses, IPv6 first, as `localhost` does on many machines. */
const bothFamilies = `data:text/javascript,${encodeURIComponent(`
  import dns from 'node:dns/promises';
  import { syncBuiltinESMExports } from 'node:module';
  dns.lookup = async () => [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }];
  syncBuiltinESMExports();
`)}`;
