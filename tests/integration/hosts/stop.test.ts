import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { peekSession } from '#session/format/session-peek.ts';
import { root } from '#support/build-setup.ts';
import { Cli } from '#support/cli.ts';
import { TestEngine } from '#support/engine.ts';
import { SessionFolder } from '#support/session.ts';

/** Starts a server of `serve`, for one test. Gives its port. */
async function peer(serve: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends to `port` without end and never reads, for one test. */
function deafClient(port: number): net.Socket {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  const piece = Buffer.alloc(65_536, 'deaf\n');
  const push = (): void => void socket.write(piece, (error) => error || push());
  push();
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe('SIGTERM ends a program, and its session in order,', () => {
  test('while a peer never reads what it is sent', async () => {
    await using folder = new SessionFolder();
    await using cli = new Cli(['listen', '0', '--echo', '--record', folder.file('run.wirebench'), '--json'], {
      unread: true,
    });
    let said = '';
    cli.stdout.on('data', (chunk) => {
      said += String(chunk).slice(0, 2_000);
    });
    await expect.poll(() => /"local":"[^"]*:(\d+)"/.exec(said)?.[1]).toBeDefined();
    const client = deafClient(Number(/"local":"[^"]*:(\d+)"/.exec(said)?.[1]));
    // Both directions are full: it is not read from any more.
    await expect.poll(() => client.writableNeedDrain && client.bytesWritten > 1_048_576).toBe(true);
    cli.kill();
    expect(await cli.exit()).toBe(0);
    expect(peekSession(folder.file('run.wirebench'))?.totals).toBeDefined();
  });

  test('while the reader of its output reads nothing: listen', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    await using cli = new Cli(['listen', '0', '--record', file, '--output', 'hex'], { unread: true });
    cli.stdout.pause();
    const [first] = (await once(cli.stdout.resume(), 'data')) as [Buffer];
    cli.stdout.pause();
    const client = deafClient(Number(/:(\d+)\n/.exec(String(first))?.[1]));
    await expect.poll(() => client.writableNeedDrain && client.bytesWritten > 1_048_576).toBe(true);
    cli.kill();
    expect(await cli.exit()).toBe(1);
    expect(cli.stderr).toMatch(/the reader did not take the last \d+ bytes/);
    expect(peekSession(file)?.totals).toBeDefined();
  });

  test('while the reader of its output reads nothing: send', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    let full = false;
    const port = await peer((socket) => {
      const piece = Buffer.alloc(65_536, 'x');
      const push = (): void => void socket.write(piece, (error) => error || push());
      push();
      socket.on('drain', () => {});
      full = true;
    });
    await using cli = new Cli(['send', `127.0.0.1:${port}`, '--record', file, '--keep-open'], { unread: true });
    cli.stdout.pause();
    await expect.poll(() => full).toBe(true);
    await expect.poll(() => cli.stdout.readableLength).toBeGreaterThan(0);
    cli.kill();
    expect(await cli.exit()).toBe(1);
    expect(peekSession(file)?.totals).toBeDefined();
  });

  test('while a peer takes nothing of a file without end', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('run.wirebench');
    const connected = Promise.withResolvers<void>();
    const port = await peer((socket) => {
      socket.pause();
      connected.resolve();
    });
    const source = process.platform === 'linux' ? '/dev/zero' : process.execPath;
    await using cli = new Cli(['send', `127.0.0.1:${port}`, '--record', file, '--file', source]);
    await connected.promise;
    await expect.poll(() => peekSession(file)?.fileBytes ?? 0).toBeGreaterThan(1_000);
    cli.kill();
    expect(await cli.exit()).toBe(1);
    expect(peekSession(file)?.totals).toBeDefined();
  });

  test('while the source of an import brings nothing, and leaves no file', async () => {
    await using folder = new SessionFolder();
    await using cli = new Cli(['log', 'import', '-', '-o', folder.file('new.wirebench')]);
    cli.stdin.write('{"seq":0,');
    cli.kill();
    await cli.exit();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('whatever holds it', async () => {
    const script = `
      const { onStopSignal } = await import(${JSON.stringify(join(root, 'src/main/hosts/terminal.ts'))});
      onStopSignal(() => {});
      setInterval(() => {}, 1_000);
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    expect(said).toContain('Wirebench did not end in time and was killed');
  });
});

describe('the engine', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('gives up a peer that does not read 2 s after the stop', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'echo' } });
    const client = deafClient(port);
    await bench.accepted();
    await expect.poll(() => client.writableNeedDrain && client.bytesWritten > 1_048_576).toBe(true);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stopped = bench.engine.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
    expect(bench.log.records.at(-1)?.event?.kind).toBe('closed');
  });
});
