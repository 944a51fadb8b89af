import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { builtCli, Cli } from '#support/cli.ts';
import { answerOf, SessionFolder } from '#support/session.ts';

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

const words = /Could not record to “.*”\.\n {2}write\(\): EFBIG \(file too large\)\.\n {2}\S/;

describe.runIf(process.platform === 'linux')('a command whose recording fails', () => {
  it('listen says so on the error output and ends in order, though its peer would continue forever', async () => {
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
    expect(stderr).toMatch(
      /\n\d+ records are not in the session file “.*”\.\n {2}write\(\): EFBIG \(file too large\).* are lost\.\n {2}\S.*\n$/,
    );
    const session = await folder.open('a.wirebench');
    expect(session.total).toBeGreaterThan(0);
    expect(session.notice).toContain('not closed properly');
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

/** `listen`, to which a peer sends five lines; then `change` does something to its file, and it ends. Returns how. */
async function listenWhile(file: string, change: () => void) {
  await using cli = new Cli(['listen', '0', '--framing', 'line', '--record', file]);
  const port = await cli.port();
  const socket = net.connect(port, '127.0.0.1', () => socket.write('one\ntwo\nthree\nfour\nfive\n'));
  // The file has a message when it is printed, or a moment later.
  await cli.lineWith('five');
  await expect.poll(() => readFileSync(file).includes('five')).toBe(true);
  change();
  const ended = await cli.end();
  socket.destroy();
  return ended;
}

describe.runIf(process.platform === 'linux')('a command whose session file another program changes', () => {
  it('ends where the file is overwritten in place, and says that all of the session is beside it', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('a.wirebench');
    const { code, stderr } = await listenWhile(file, () => {
      const fd = openSync(file, 'r+');
      writeSync(fd, 'something else', 0);
      closeSync(fd);
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Could not record to “.*a\.wirebench”\.\n {2}another program overwrote the file\.\n {2}Use a different location: .*\n/,
    );
    expect(stderr).toMatch(
      /\nThe session is complete in “.*a-recovered\.wirebench”\.\n {2}another program replaced or overwrote “.*a\.wirebench”, which is left as it is\.\n {2}Keep .*\n$/,
    );
    const session = await folder.open('a-recovered.wirebench');
    expect(session.notice).toBe('');
    const { rows } = answerOf(await session.ask('window', { first: 0, count: session.total }));
    expect(rows.filter(({ kind }) => kind === 'in').map(({ preview }) => preview)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
  });

  it('ends where the file is replaced, and says in three parts each what was tried and where the session is', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('a.wirebench');
    const { code, stderr } = await listenWhile(file, () => {
      writeFileSync(folder.file('other'), 'another file');
      renameSync(folder.file('other'), file);
    });
    expect(code).toBe(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.startsWith('  '))).toEqual([false, true, true, false, true, true]);
    expect(lines[1]).toBe('  another file is at this place.');
    expect(lines[3]).toContain('The session is complete in “');
    expect((await folder.open('a-recovered.wirebench')).notice).toBe('');
  });

  it('ends where the file is deleted, and says that it is complete again', async () => {
    await using folder = new SessionFolder();
    const file = folder.file('a.wirebench');
    const { code, stderr } = await listenWhile(file, () => unlinkSync(file));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      / {2}the file or its folder was deleted\.\n {2}.*\nThe session is complete in “.*a\.wirebench”\.\n$/,
    );
    expect((await folder.open('a.wirebench')).notice).toBe('');
  });
});
