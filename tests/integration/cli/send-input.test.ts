import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { builtCli, Cli, runCli } from '#support/cli.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { freePort, rawServer, untilListening } from '#support/raw-server.ts';

/** A server that keeps what its first connection sends. */
async function keepingServer() {
  const connected = Promise.withResolvers<net.Socket>();
  const kept: Buffer[] = [];
  const server = await rawServer((socket) => {
    socket.on('data', (bytes) => kept.push(bytes));
    connected.resolve(socket);
  });
  const until = (text: string) => expect.poll(() => String(Buffer.concat(kept)), { timeout: 20_000 }).toBe(text);
  return { server, connected: connected.promise, until };
}

describe('wirebench send with the standard input', () => {
  test('connects at once, and sends each read as it comes, to ncat', async () => {
    const port = await freePort();
    await using server = new Peer('ncat', ['-l', '127.0.0.1', String(port)]);
    await untilListening(port);
    await using cli = new Cli(['send', `127.0.0.1:${port}`, '-']);
    // The answer comes before anything is sent: it has connected.
    server.write('welcome\n');
    expect(await cli.line()).toBe('welcome');
    cli.stdin.write('one\n');
    expect(await server.line()).toBe('one');
    cli.stdin.write('two\n');
    expect(await server.line()).toBe('two');
    cli.stdin.end();
    expect((await cli.end()).code).toBe(0);
  });

  test('sends its bytes unchanged, whatever reads they come in', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 3));
    const received: Buffer[] = [];
    await using server = await rawServer((socket) => {
      socket.on('data', (piece) => received.push(piece));
    });
    const { code } = await runCli(['send', server.address, '-', '--half-close'], bytes);
    await server.closed;
    expect(code).toBe(0);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
  });

  test('sends each line as a datagram over UDP, to Python', async () => {
    await using echo = await startPeer('udp_echo.py', '4');
    const address = `127.0.0.1:${await echo.line()}`;
    const { code, stdout } = await runCli(
      ['send', address, '--udp', '--stdin', 'lines', '--expect', '3', '--output', 'hex'],
      'one\r\ntwo\nlast',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '6f 6e 65\n74 77 6f\n6c 61 73 74\n' });
  });

  test('sends each line in a frame of its own, before the input has ended', async () => {
    const { server, until } = await keepingServer();
    await using _ = server;
    await using cli = new Cli(['send', server.address, '--framing', 'len:2be', '--stdin', 'lines']);
    cli.stdin.write('one\nt');
    await until('\0\x03one');
    cli.stdin.end('wo\n\n');
    await until('\0\x03one\0\x03two\0\0');
    expect((await cli.end()).code).toBe(0);
  });

  test('is one message where the framing needs the whole', async () => {
    const { server, until } = await keepingServer();
    await using _ = server;
    await runCli(['send', server.address, '--framing', 'len:2be', '-', '--wait', '0'], 'one\ntwo\n');
    await until('\0\x08one\ntwo\n');
  });

  test('keeps the ends of lines under raw framing', async () => {
    const { server, until } = await keepingServer();
    await using _ = server;
    await runCli(['send', server.address, '--stdin', 'lines', '--wait', '0'], 'one\ntwo');
    await until('one\ntwo');
  });

  test('sends what arrives long after the peer has ended its side, to ncat', async () => {
    const port = await freePort();
    await using server = new Peer('ncat', ['-l', '-k', '127.0.0.1', String(port)]);
    server.end();
    await untilListening(port);
    await using cli = new Cli(['send', `127.0.0.1:${port}`, '-', '-v']);
    cli.stdin.write('one\n');
    expect(await server.line()).toBe('one');
    await expect.poll(() => cli.stderr, { timeout: 20_000 }).toContain('FIN');
    // Another client gives up first: the wait for a reply is over.
    await using silent = await rawServer(() => {});
    expect((await runCli(['send', silent.address, '--data', 'x', '--wait', '1300'])).stderr).toContain('no reply');
    cli.stdin.end('two\n');
    expect(await server.line()).toBe('two');
    expect((await cli.end()).code).toBe(0);
  });

  test('fails when the peer ends its side and the input brings nothing for --wait', async () => {
    const { server, connected } = await keepingServer();
    await using _ = server;
    await using cli = new Cli(['send', server.address, '-', '--wait', '100']);
    cli.stdin.write('one\n');
    const socket = await connected;
    await once(socket, 'data');
    socket.end('bye\n');
    const { code, stdout, stderr } = await cli.end();
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'bye\n' });
    expect(stderr).toContain('Could not send all of the standard input.');
    expect(stderr).toContain('the peer sent FIN after 4 bytes were passed to the system; the input was still open.');
  });

  test.each([
    ['ends the connection', (socket: net.Socket) => socket.destroy()],
    ['resets the connection', (socket: net.Socket) => socket.resetAndDestroy()],
  ])('fails when the peer %s while there is more to send, and says how much was not sent', async (_, end) => {
    await using server = await rawServer((socket) => socket.once('data', () => end(socket)));
    await using cli = new Cli(['send', server.address, '-']);
    const block = Buffer.alloc(1_048_576, 'x');
    const feed = () => {
      while (cli.stdin.writable && cli.stdin.write(block));
    };
    cli.stdin.on('drain', feed);
    feed();
    const { code, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stderr).toContain('Could not send all of the standard input.');
    expect(stderr).toMatch(/\d+ bytes were passed to the system; at least \d+ bytes of the input were not/);
  });

  test('succeeds at a terminal, where the input never ends, when the peer closes', async () => {
    await using server = await rawServer((socket) => socket.end('bye\n'));
    const script = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
    const args = ['-c', script, process.execPath, builtCli, 'send', server.address, '-', '--wait', '50'];
    const { stdout } = await promisify(execFile)('python3', args);
    expect(stdout).toBe('bye\r\nThe connection ended before the standard input did.\r\n');
  });

  test('succeeds when the input has ended before the peer closes', async () => {
    await using server = await rawServer((socket) => socket.on('data', () => socket.end('bye\n')));
    expect(await runCli(['send', server.address, '-'], 'one\n')).toEqual({ code: 0, stdout: 'bye\n', stderr: '' });
  });

  test('ends quietly when nobody reads the replies, though the input goes on', async () => {
    await using server = await rawServer((socket) => socket.pipe(socket));
    const script = 'yes | "$0" "$1" send "$2" - | head -n 1; echo $((PIPESTATUS[1]))';
    const args = ['-c', script, process.execPath, builtCli, server.address];
    const { stdout, stderr } = await promisify(execFile)('bash', args);
    expect({ stdout, stderr }).toEqual({ stdout: 'y\n0\n', stderr: '' });
  });

  // Linux alone says how much memory another process has taken at most.
  test.runIf(process.platform === 'linux').each(['-', '--file=/dev/stdin'])(
    'takes little memory, however much comes through %s',
    async (source) => {
      const total = 160 * 1_048_576;
      let count = 0;
      const all = Promise.withResolvers<void>();
      await using server = await rawServer((socket) => {
        socket.on('data', (bytes) => {
          count += bytes.length;
          if (count === total) all.resolve();
        });
      });
      await using cli = new Cli(['send', server.address, source]);
      const block = Buffer.alloc(1_048_576, 'x');
      for (let sent = 0; sent < total; sent += block.length) {
        if (!cli.stdin.write(block)) await once(cli.stdin, 'drain');
      }
      await all.promise;
      const status = await readFile(`/proc/${cli.pid}/status`, 'utf8');
      expect(Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1_024).toBeLessThan(200);
      cli.stdin.end();
      expect((await cli.end()).code).toBe(0);
    },
  );

  test.each([
    [['--stdin', 'reads'], 'Allowed choices are lines'],
    [['--stdin', 'lines', '--repeat', '2'], 'cannot be used with'],
    [['--stdin', 'lines', '--data', 'x'], 'cannot be used with'],
  ])('refuses %j', async (args, words) => {
    const { code, stderr } = await runCli(['send', '127.0.0.1:9', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe.runIf(process.platform !== 'win32')('wirebench send --file with a pipe', () => {
  test('connects before the pipe has a writer, and sends what arrives while the pipe stays open', async () => {
    const { server, connected, until } = await keepingServer();
    await using _ = server;
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-pipe-'));
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    await using cli = new Cli(['send', server.address, '--file', path]);
    await connected;
    const writer = await open(path, 'w');
    await writer.write('one\n');
    await until('one\n');
    await writer.write('two');
    await until('one\ntwo');
    await writer.close();
    expect((await cli.end()).code).toBe(0);
    await rm(folder, { recursive: true });
  });

  test('ends at once with Ctrl+C when the pipe never has a writer', async () => {
    const { server, connected } = await keepingServer();
    await using _ = server;
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-pipe-'));
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    await using cli = new Cli(['send', server.address, '--file', path]);
    await connected;
    cli.kill('SIGINT');
    expect((await cli.end()).code).toBe(1);
    await rm(folder, { recursive: true });
  });

  test('names the pipe when the peer ends first', async () => {
    const { server, connected } = await keepingServer();
    await using _ = server;
    await using cli = new Cli(['send', server.address, '--file', '/dev/stdin', '--wait', '50']);
    (await connected).end();
    const { code, stderr } = await cli.end();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Could not send all of /dev/stdin.'),
    });
  });

  test('sends a process substitution whole where it has to be one message', async () => {
    const { server, until } = await keepingServer();
    await using _ = server;
    const script = '"$0" "$1" send "$2" --framing len:2be --wait 0 --file <(printf one; printf two)';
    await promisify(execFile)('bash', ['-c', script, process.execPath, builtCli, server.address]);
    await until('\0\x06onetwo');
  });

  test('refuses a folder before it connects', async () => {
    const { code, stderr } = await runCli(['send', '127.0.0.1:9', '--file', '/']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('EISDIR') });
  });
});

describe('wirebench send without a reply', () => {
  test('says so when the wait is over, with code 0', async () => {
    await using server = await rawServer(() => {});
    expect(await runCli(['send', server.address, '--data', 'x', '--wait', '60'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no reply within 60 ms\n',
    });
  });

  test('says so when the peer reads and closes, with code 0', async () => {
    await using server = await rawServer((socket) => socket.once('data', () => socket.end()));
    expect(await runCli(['send', server.address, '--data', 'x'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no reply: the peer sent FIN\n',
    });
  });

  test('says nothing where one came, or none is waited for', async () => {
    await using server = await rawServer((socket) => socket.on('data', (bytes) => socket.write(bytes)));
    expect((await runCli(['send', server.address, '--data', 'x', '--wait', '200'])).stderr).toBe('');
    expect((await runCli(['send', server.address, '--data', 'x', '--wait', '0'])).stderr).toBe('');
  });
});
