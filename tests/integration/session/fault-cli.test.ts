import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { builtCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

/** The command line, which may write files of 1000 KiB at most: a limit that is met like a full disk, some blocks on. */
function limitedCli(args: readonly string[]) {
  const command = 'ulimit -f 2000 && exec "$0" "$@"';
  const child = spawn('sh', ['-c', command, process.execPath, builtCli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, ended };
}

/** Writes lines to `socket` as long as it takes them. */
function talk(socket: net.Socket): void {
  const lines = Buffer.from('a line of some length\n'.repeat(3_000));
  const more = () => {
    while (!socket.destroyed && socket.writable && socket.write(lines));
  };
  socket.on('drain', more);
  // The command ends its side in the middle of it.
  socket.on('error', () => {});
  more();
}

const words = /Could not record to “.*”\.\n {2}write answered EFBIG: file too large\.\n {2}\S/;

describe.runIf(process.platform === 'linux')('a command whose recording fails', () => {
  it('listen says so on the error output and ends in order, though its peer would go on for ever', async () => {
    await using folder = new SessionFolder();
    const { child, ended } = limitedCli(['listen', '0', '--framing', 'line', '--record', folder.file('a.wirebench')]);
    const lines = createInterface({ input: child.stdout });
    const [first] = (await once(lines, 'line')) as [string];
    lines.on('line', () => {});
    const socket = net.connect(Number(first.split(':').at(-1)), '127.0.0.1', () => talk(socket));
    const { code, stderr } = await ended;
    socket.destroy();
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/the last \d+ records could not be written and are lost\.\n$/);
    const session = await folder.open('a.wirebench');
    expect(session.total).toBeGreaterThan(0);
    expect(session.notice).toContain('not ended in order');
  });

  it('send does as well', async () => {
    await using folder = new SessionFolder();
    const server = net.createServer(talk).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const args = ['send', `127.0.0.1:${port}`, '--data', 'go', '--wait', '600000', '--framing', 'line'];
    const { child, ended } = limitedCli([...args, '--record', folder.file('a.wirebench')]);
    child.stdout.resume();
    const { code, stderr } = await ended;
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
  });
});
