import { readFileSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import type net from 'node:net';
import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { freePort, rawServer, untilListening } from '#support/raw-server.ts';
import { SessionFolder } from '#support/session.ts';

describe('wirebench send ends', () => {
  test('its side behind the last message with --half-close, and waits for what comes of it', async () => {
    const port = await freePort();
    // Sorts what it gets once it has all of it.
    await using server = new Peer('socat', [`TCP-LISTEN:${port},bind=127.0.0.1`, 'EXEC:sort']);
    await untilListening(port);
    const address = `127.0.0.1:${port}`;
    const { code, stdout } = await runCli(['send', address, '--data', 'b\na\n', '--half-close', '--json']);
    expect(code).toBe(0);
    const records = jsonRecords(stdout).filter(({ kind }) => kind !== 'connecting' && kind !== 'opened');
    expect(records.map(({ kind, direction }) => direction ?? kind)).toEqual([
      'out',
      'shutdown',
      'in',
      'ended',
      'closed',
    ]);
    expect(records[2]).toMatchObject({ text: 'a\nb\n' });
    expect(await server.exit()).toBe(0);
  });

  test('with RST where --reset says so, also behind the peer’s own end', async () => {
    for (const peerEnds of [false, true]) {
      const errors: string[] = [];
      await using server = await rawServer(
        (socket) => {
          socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? ''));
          socket.on('data', () => (peerEnds ? socket.end('ok') : socket.write('ok')));
        },
        { allowHalfOpen: true },
      );
      const { code, stdout } = await runCli([
        'send',
        server.address,
        '--data',
        'x',
        '--wait',
        '200',
        '--reset',
        '--json',
      ]);
      expect(code).toBe(0);
      expect(jsonRecords(stdout).at(-1)).toMatchObject({ kind: 'closed', cause: 'reset-by-us' });
      await server.closed;
      expect(errors).toEqual(['ECONNRESET']);
    }
  });

  test('only when the peer does with --keep-open, however long it is silent', async () => {
    await using server = await startPeer('talking_server.py');
    await using cli = new Cli(['send', `127.0.0.1:${await server.line()}`, '--keep-open', '--framing', 'json']);
    expect(await server.line()).toBe('accepted');
    server.write('[1]\n');
    expect(await cli.line()).toBe('[1]');
    server.write('[2]\n');
    expect(await cli.line()).toBe('[2]');
    server.end();
    expect(await cli.end()).toMatchObject({ code: 0, stderr: '' });
  });

  test('at Ctrl+C with --keep-open, which is no failure then', async () => {
    await using server = await rawServer((socket) => socket.write('early\n'));
    await using cli = new Cli(['send', server.address, '--framing', 'line', '--keep-open']);
    expect(await cli.line()).toBe('early');
    cli.kill('SIGINT');
    expect(await cli.end()).toMatchObject({ code: 0, stderr: '' });
    expect((await server.closed).hadError).toBe(false);
  });

  test('with code 1 where a limit ended the connection, and says which', async () => {
    await using server = await rawServer(() => {});
    const { code, stderr } = await runCli(['send', server.address, '--data', 'x', '--keep-open', '--idle', '100']);
    expect(code).toBe(1);
    expect(stderr).toContain(`The connection to ${server.address} ended.\n  nothing was sent or received for 100 ms`);
    expect(stderr).toContain('--idle');
  });

  test('connects again with --reconnect, and begins each connection with the message', async () => {
    const heard: string[] = [];
    let connections = 0;
    await using server = await rawServer((socket) => {
      connections += 1;
      socket.on('data', (bytes) => heard.push(String(bytes)));
      socket.write(`welcome ${connections}\n`);
      if (connections < 3) socket.on('data', () => socket.end());
    });
    const args = ['--framing', 'line', '--data', 'subscribe', '--keep-open', '--reconnect', '10'];
    await using cli = new Cli(['send', server.address, ...args]);
    for (const number of [1, 2, 3]) expect(await cli.line()).toBe(`welcome ${number}`);
    await expect.poll(() => heard).toEqual(['subscribe\n', 'subscribe\n', 'subscribe\n']);
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(0);
    expect(stderr).toContain('waiting 10 ms before attempt 1');
  });
});

describe('wirebench send sends', () => {
  test('a message N times on one connection, with the interval between them', async () => {
    let last = 0;
    await using server = await rawServer((socket) =>
      socket.on('data', (bytes) => {
        last = performance.now();
        socket.write(bytes);
      }),
    );
    const begin = performance.now();
    const args = ['--framing', 'line', '--data', 'tick', '--repeat', '3', '--interval', '200', '--expect', '3'];
    const { code, stdout } = await runCli(['send', server.address, ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'tick\ntick\ntick\n' });
    expect(last - begin).toBeGreaterThan(400);
  });

  test('for ever until the peer ends, which is no failure, or Ctrl+C', async () => {
    let heard = 0;
    const enough = (socket: net.Socket) =>
      socket.on('data', (bytes) => {
        heard += bytes.length;
        if (heard >= 15) socket.end();
      });
    await using server = await rawServer(enough);
    const args = ['--framing', 'line', '--data', 'tick', '--repeat', 'forever', '--interval', '10'];
    expect(await runCli(['send', server.address, ...args])).toEqual({ code: 0, stdout: '', stderr: '' });

    await using listener = await rawServer((socket) => socket.on('data', (bytes) => socket.write(bytes)));
    await using cli = new Cli(['send', listener.address, ...args]);
    expect(await cli.line()).toBe('tick');
    expect(await cli.line()).toBe('tick');
    cli.kill('SIGINT');
    expect(await cli.end()).toMatchObject({ code: 0, stderr: '' });
  });

  test('fewer than N where the connection ends before, and says how many', async () => {
    await using server = await rawServer((socket) => socket.on('data', () => socket.destroy()));
    const args = ['--data', 'x', '--repeat', '1000', '--interval', '20'];
    const { code, stderr } = await runCli(['send', server.address, ...args]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Only \d{1,3} of 1000 messages were sent to 127\.0\.0\.1:\d+\.\n {2}\S/m);
  });

  test('in pieces, split where it is told, with time between them', async () => {
    const reads: string[] = [];
    await using server = await rawServer((socket) => socket.on('data', (bytes) => reads.push(String(bytes))));
    const args = ['--data', 'abcdefgh', '--split', '1,4', '--chunk-delay', '250', '--half-close'];
    expect((await runCli(['send', server.address, ...args])).code).toBe(0);
    expect(reads).toEqual(['a', 'bcd', 'efgh']);
    reads.length = 0;
    expect(
      (await runCli(['send', server.address, '--data', 'abcde', '--chunk', '2', '--chunk-delay', '250'])).code,
    ).toBe(0);
    expect(reads).toEqual(['ab', 'cd', 'e']);
  });

  test('no faster than --rate', async () => {
    let last = 0;
    await using server = await rawServer((socket) =>
      socket.on('data', () => {
        last = performance.now();
      }),
    );
    // From before the start: what arrives late on a busy machine makes the time longer, not shorter.
    const begin = performance.now();
    const args = ['--data', 'x'.repeat(10_000), '--rate', '20k', '--half-close'];
    expect((await runCli(['send', server.address, ...args])).code).toBe(0);
    expect(last - begin).toBeGreaterThan(450);
  });

  // Linux alone says how much memory another process has taken at most.
  test.runIf(process.platform === 'linux')('a file larger than the memory it takes, with its framing', async () => {
    const size = 160 * 1_048_576;
    await using folder = new SessionFolder();
    await writeFile(folder.file('big'), '');
    await truncate(folder.file('big'), size);
    let received = 0;
    let end = Buffer.alloc(0);
    let status = '';
    await using server = await rawServer((socket) =>
      socket.on('data', (bytes) => {
        received += bytes.length;
        end = bytes.subarray(-1);
        if (received !== size + 1) return;
        // Before the answer that it waits for: an ended process tells no memory any more.
        status = readFileSync(`/proc/${cli.pid}/status`, 'utf8');
        socket.write(`${received}\n`);
      }),
    );
    const args = ['--file', folder.file('big'), '--framing', 'line', '--expect', '1', '--keep-open'];
    await using cli = new Cli(['send', server.address, ...args]);
    expect(await cli.line()).toBe(String(size + 1));
    expect((await cli.end()).code).toBe(0);
    expect(String(end)).toBe('\n');
    const mostKib = Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]);
    expect(mostKib).toBeGreaterThan(0);
    expect(mostKib).toBeLessThan(200 * 1_024);
  });

  test('a message repeatedly until Ctrl+C, and reports how many messages were sent', async () => {
    await using server = await rawServer((socket) => socket.on('data', (bytes) => socket.write(bytes)));
    const args = ['--data', 'x', '--framing', 'line', '--repeat', '3', '--interval', '60000'];
    await using cli = new Cli(['send', server.address, ...args]);
    expect(await cli.line()).toBe('x');
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Only 1 of 3 messages were sent to .*\n {2}sending was cancelled/);
  });

  test('until Ctrl+C, and says how far it came', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('big'), '');
    await truncate(folder.file('big'), 200 * 1_048_576);
    let heard = () => {};
    const begun = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await using server = await rawServer((socket) => socket.on('data', () => heard()));
    await using cli = new Cli(['send', server.address, '--file', folder.file('big'), '--rate', '1M']);
    await begun;
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Could not send “.*big” to .*\n {2}the send was cancelled after the system had accepted \d+ bytes/,
    );
  });

  test('all of it to a peer that ended its own side first', async () => {
    let received = '';
    await using server = await rawServer(
      (socket) => {
        socket.end('only this');
        socket.on('data', (bytes) => {
          received += String(bytes);
        });
        socket.on('end', () => socket.destroy());
      },
      { allowHalfOpen: true },
    );
    const args = ['--framing', 'line', '--data', 'tick', '--repeat', '5', '--interval', '20'];
    expect(await runCli(['send', server.address, ...args])).toEqual({ code: 0, stdout: 'only this\n', stderr: '' });
    await server.closed;
    expect(received).toBe('tick\n'.repeat(5));
  });

  test('from the port and address that are wanted', async () => {
    let from = '';
    await using server = await rawServer((socket) => {
      from = `${socket.remoteAddress}:${socket.remotePort}`;
      socket.end();
    });
    const port = await freePort();
    const args = ['--from', '127.0.0.1', '--from-port', String(port)];
    expect((await runCli(['send', server.address, ...args])).code).toBe(0);
    expect(from).toBe(`127.0.0.1:${port}`);
  });

  test('bytes as they are with --no-frame, whatever the framing adds', async () => {
    await using server = await rawServer((socket) => socket.on('data', (bytes) => socket.end(bytes)));
    const args = ['--framing', 'line', '--data', 'half', '--no-frame', '--json'];
    const records = jsonRecords((await runCli(['send', server.address, ...args])).stdout);
    expect(records.find(({ direction }) => direction === 'in')).toMatchObject({ length: 4, flags: ['incomplete'] });
  });

  test('and tells with -v on the error output all that happens', async () => {
    await using server = await rawServer((socket) => socket.end('hi'));
    const { stdout, stderr } = await runCli(['send', server.address, '-v']);
    expect(stdout).toBe('hi\n');
    expect(stderr).toMatch(/^connecting to .*\nconnected to .*\npeer sent FIN.*\nclosed by peer .*\n$/);
  });
});
