import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { Cli } from '#support/cli.ts';
import { connectTransport } from '#support/page-transport.ts';
import { answerOf, SessionFolder } from '#support/session.ts';
import { ReadOnlyFolder } from '#support/small-disk.ts';

/** A program that records what a peer of ours sends, and what it says at its end. */
interface Recording extends AsyncDisposable {
  /** The connection whose messages it records. */
  readonly socket: net.Socket;
  readonly path: string;
  readonly pid: number;
  /** Resolves when it has ended: without a signal, or after one that is sent once it has noticed the loss. */
  end(): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function recordingOf(cli: Cli, socket: net.Socket, path: string, noticed?: () => Promise<void>): Recording {
  return {
    socket,
    path,
    pid: cli.pid,
    async end() {
      if (noticed) {
        await noticed();
        cli.kill('SIGTERM');
      }
      const { code, stderr } = await cli.end();
      return { code, stderr };
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await cli[Symbol.asyncDispose]();
    },
  };
}

const hosts = {
  async listen(folder: string): Promise<Recording> {
    const path = join(folder, 'a.wirebench');
    const cli = new Cli(['listen', '0', '--framing', 'line', '--record', path]);
    return recordingOf(cli, await connected(await cli.port()), path);
  },

  async send(folder: string): Promise<Recording> {
    const path = join(folder, 'a.wirebench');
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const args = ['send', `127.0.0.1:${port}`, '--data', 'go', '--keep-open', '--framing', 'line', '--record', path];
    const cli = new Cli(args);
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    socket.on('error', () => {}).resume();
    server.close();
    return recordingOf(cli, socket, path);
  },

  async 'the browser host'(folder: string): Promise<Recording> {
    const cli = new Cli(['app', '--no-open'], { home: folder });
    const { port, hash } = new URL((await cli.line()).replace('Wirebench is running at ', ''));
    const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
    const config = {
      ...defaultServer,
      port: 0,
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'silent' },
    };
    const { id } = replied(await transport.call('endpoints.create', config)) as { id: string };
    const { address } = replied(await transport.call('endpoints.open', { id })) as { address: string };
    const noticed = async () => {
      await expect
        .poll(async () => replied(await transport.call('app.snapshot', {})))
        .toMatchObject({ sessions: [{ state: 'failed' }] });
      // The host says so when it is told, which is a moment later.
      await expect.poll(() => cli.stderr).not.toBe('');
      transport.close();
    };
    const [name = ''] = readdirSync(join(folder, 'sessions'));
    return recordingOf(
      cli,
      await connected(Number(address.split(':').at(-1))),
      join(folder, 'sessions', name),
      noticed,
    );
  },
} as const;

function replied(reply: unknown): unknown {
  return answerOf(reply as Parameters<typeof answerOf>[0]);
}

/** What is done to the file, what the program says of it, and where what is left can be read. */
const faults = {
  truncated: {
    act: ({ path }: Recording) => truncateSync(path, 0),
    says: /truncated the file|another program changed the file/,
    left: 'here',
  },
  replaced: {
    act: ({ path }: Recording) => {
      writeFileSync(`${path}.other`, 'another file');
      renameSync(`${path}.other`, path);
    },
    says: /-recovered/,
    left: 'beside',
  },
  deleted: { act: ({ path }: Recording) => rmSync(path), says: /was deleted/, left: 'here' },
  'met by a limit like that of a full disk': {
    act: ({ path, pid }: Recording) =>
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${statSync(path).size + 50}:`]),
    says: /EFBIG/,
    left: 'here',
  },
} as const;

/** Writes messages `from` to `to`; resolves when `grown` says that they are recorded. */
function write(socket: net.Socket, from: number, to: number): void {
  for (let next = from; next < to; next += 1) socket.write(`message ${next}\n`);
}

const table = Object.keys(hosts).flatMap((host) => Object.keys(faults).map((fault) => ({ host, fault })));

describe.runIf(process.platform === 'linux')('a session file that can no longer be recorded to', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-lost-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(table)(
    '$fault, of $host: nothing is lost without a word, and the exit code says so',
    async ({ host, fault }) => {
      const { act, says, left } = faults[fault as keyof typeof faults];
      await using recording = await hosts[host as keyof typeof hosts](folder);
      const { path, socket } = recording;
      const before = statSync(path).size;
      write(socket, 0, 1_000);
      await expect.poll(() => statSync(path).size).toBeGreaterThan(before + 1_000 * 30);
      act(recording);
      write(socket, 1_000, 1_100);
      await expect.poll(() => socket.bytesWritten).toBe(Buffer.byteLength(messages(0, 1_100)));
      const { code, stderr } = await recording.end();
      // What was deleted is made again at the end: the host then has said what happened, and nothing is lost.
      const isWhole = fault === 'deleted' && host === 'the browser host';
      expect(code).toBe(isWhole ? 0 : 1);
      expect(stderr).toMatch(says);

      const kept = left === 'here' ? path : path.replace('.wirebench', '-recovered.wirebench');
      await using sessions = new SessionFolder();
      const session = await sessions.openAt(kept);
      const found = new Set<string>();
      let lost = 0;
      for (let first = 0; first < session.total; first += 500) {
        for (const row of answerOf(await session.ask('window', { first, count: 500 })).rows) {
          if (row.kind === 'in') found.add(row.preview);
          if (row.event?.kind === 'limited' && row.event.limit === 'sessionFile') lost += 1;
        }
      }
      const said = Number(/(\d+) records (?:are not in|could not be written)/.exec(stderr)?.[1] ?? 0);
      if (fault === 'truncated') {
        expect(lost).toBeGreaterThan(0);
        expect(lost + found.size).toBeGreaterThanOrEqual(1_000);
        expect(said).toBe(lost);
      } else if (left === 'here' && fault !== 'deleted') {
        expect(said).toBeGreaterThan(0);
      } else {
        expect(said).toBe(0);
        for (let next = 0; next < 1_000; next += 1) expect(found).toContain(`message ${next}`);
      }
    },
  );

  it.each(['listen', 'send', 'app'])(
    'in a read-only folder it is refused by %s before anything is recorded',
    async (command) => {
      using readOnly = new ReadOnlyFolder();
      const record = ['--record', readOnly.file('a.wirebench')];
      const args = {
        listen: ['listen', '0', ...record],
        send: ['send', '127.0.0.1:9', '--data', 'x', ...record],
        app: ['app', '--no-open'],
      };
      await using cli = new Cli(args[command as keyof typeof args], { home: readOnly.path });
      const { code, stderr } = await cli.end();
      expect(code).toBe(1);
      expect(stderr).toMatch(/\(\): E[A-Z]+/);
      expect(readdirSync(readOnly.path)).toEqual([]);
    },
  );
});

function messages(from: number, to: number): string {
  let text = '';
  for (let next = from; next < to; next += 1) text += `message ${next}\n`;
  return text;
}
