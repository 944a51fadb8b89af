import { execFile, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Reader } from '#session/query/reader.ts';
import { showControls } from '#shared/bytes/text.ts';
import { singleBoundary } from '#shared/message/boundaries.ts';
import { builtCli, runCli } from '#support/cli.ts';
import { type Peer, startPeer } from '#support/peer.ts';
import { freePort, rawServer, untilListening } from '#support/raw-server.ts';
import { SessionFolder } from '#support/session.ts';
import { recordSession } from '#support/session-script.ts';

/** Every character that a terminal acts on, or that hides, between letters. */
const acting = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code))
  .filter((char) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(char))
  .map((char) => `a${char}`)
  .join('');
/** Some of them, in a name as file systems take it; and without what openssl reads as more than text. */
const inName = 'n\x1b]0;x\x07\u009b2J\u202e\u200b\u061c\ufeff\u{e0041}\u2066\x7f.json';
const message = Buffer.from(`{"${acting.replaceAll('\n', '')}`);
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

const folder = new SessionFolder();
const at = (name: string) => folder.file(name);
const run = at('run.wirebench');
const lines = at(`lines-${inName}`);
let tls: { port: number; close(): void };
let terminals: Peer;

/** A session in which everything that is not ours has all of `acting` in it. */
function writeHostile(): void {
  recordSession(
    run,
    (recorder) => {
      const about = { id: 1, role: 'accepted', transport: 'tcp', endpoint: 'e', framing: 'raw' } as const;
      recorder.describe({ ...about, name: acting, local: acting, peer: acting });
      recorder.event(1, 1_800_000_000_000, { kind: 'problem', text: acting });
      for (const bytes of [message, allBytes]) {
        recorder.messages(1, 'in', 1_800_000_000_001, new Uint8Array(0), bytes, singleBoundary(bytes.length));
      }
    },
    true,
  );
  const reader = new Reader(run, false);
  try {
    reader.open(Number.POSITIVE_INFINITY);
    while (!reader.scan.finished) reader.scan.run(1_000);
    const added = reader.append({
      settings: { name: acting },
      marks: [{ seq: 1, bookmarked: true, note: acting }],
    });
    if (!added.ok) throw new Error(added.error.system);
  } finally {
    reader.close();
  }
}

beforeAll(async () => {
  terminals = await startPeer('terminals.py');
  writeHostile();
  mkdirSync(at('documents'));
  writeFileSync(at(`documents/${inName}`), message);
  await runCli(['log', 'export', run, '-o', lines]);
  const [cert, key] = [at('cert.pem'), at('key.pem')];
  const subject = `/CN=${inName.replaceAll(';', '')}`;
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-utf8'],
    ...['-subj', subject, '-out', cert, '-keyout', key],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    socket.on('error', () => {});
    socket.end(message);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tls = { port: (server.address() as { port: number }).port, close: () => server.close() };
});
afterAll(async () => {
  await terminals[Symbol.asyncDispose]();
  tls.close();
  await folder[Symbol.asyncDispose]();
});

/** What the command prints on a terminal, on both streams; fails where it is not UTF-8. */
async function onTerminal(args: readonly string[], home = at('home')): Promise<string> {
  terminals.write(`${JSON.stringify([home, process.execPath, builtCli, ...args])}\n`);
  const printed = Buffer.from(await terminals.line(), 'base64');
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(printed);
}

/** Returns what was printed, without the progress of work that takes long on a busy machine. */
function withoutProgress(printed: string): string {
  return printed.replaceAll('\r\n', '\n').replace(/\r(?:\d+ (?:%|MiB) | +\r)/g, '');
}

/** Fails where `printed` has anything that acts but line ends, tabs and our own progress. */
function expectHarmless(printed: string): void {
  expect(withoutProgress(printed).match(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)).toBeNull();
}

/** The arguments on one line, without the folder of this run. */
const titleOf = (args: readonly string[]) => showControls(args.join(' ').replaceAll(`${folder.path}/`, ''));

const shown = /⟨U\+202E⟩|\\u202e/;

describe('on a terminal nothing acts that is printed by', () => {
  test.each<[string, string[]]>(
    [
      [['log', 'show', run]],
      [['log', 'show', run, '--json']],
      [['log', 'export', run, '--format', 'jsonl']],
      [['log', 'export', run, '--format', 'csv']],
      [['log', 'export', run, '--format', 'csv', '--keep-formulas']],
      [['log', 'export', run, '--format', 'csv', '-o', '/dev/stdout']],
      [['log', 'export', run, '--format', 'text']],
      [['log', 'export', run, '--format', 'html']],
      [['log', 'stats', run]],
      [['log', 'stats', run, '--json']],
      [['log', 'framings', run]],
      [['log', 'framings', run, '--json']],
      [['log', 'reframe', run, '--framing', 'line', '-o', at(`a${inName}`)]],
      [['log', 'reframe', run, '--framing', 'line', '-o', at(`b${inName}`), '--json']],
      [['log', 'import', lines, '-o', at(`c${inName}`)]],
      [['log', 'import', lines, '-o', at(`d${inName}`), '--json']],
      [['log', 'export', run, '--format', 'raw', '-o', at(`e${inName}`)]],
      [['log', 'show', at(`missing-${inName}`)]],
      [['log', 'show', run, '--filter', `in && ${inName}`]],
      [['log', 'show', run, `--${inName}`]],
      [['listen', inName]],
      [['check-payload', at('documents')]],
      [['check-payload', at('documents'), '--json']],
      [['check-payload', at(`missing-${inName}`)]],
      [['send', '127.0.0.1:9', '--file', at(`missing-${inName}`)]],
    ].map(([args = []]) => [titleOf(args), args]),
  )('wirebench %s', async (_, args) => {
    const printed = await onTerminal(args);
    expectHarmless(printed);
    expect(printed).toMatch(shown);
    if (!args.includes('--json') || args[0] === 'check-payload') return;
    for (const line of withoutProgress(printed).trim().split('\n')) JSON.parse(line);
  });

  test.each([['raw'], ['pcapng'], ['parquet'], ['wirebench']])('an export as %s, which is refused', async (format) => {
    for (const output of [[], ['-o', '/dev/stdout'], ['-o', '/dev/tty']]) {
      const printed = await onTerminal(['log', 'export', run, '--format', format, ...output]);
      expect(printed).toMatch(/a terminal would interpret the bytes, which are not text|not a regular file/);
      expectHarmless(printed);
    }
  });

  test.each<[string[]]>([[[]], [['-v']], [['--json']], [['--output', 'raw']], [['--output', 'hex']]])(
    'send, of what a peer answers, with %j',
    async (options) => {
      for (const bytes of [message, allBytes]) {
        await using server = await rawServer((socket) => socket.end(bytes));
        const printed = await onTerminal(['send', server.address, ...options]);
        expectHarmless(printed);
        expect(printed.length).toBeGreaterThan(256);
      }
    },
  );

  test.each<[string[]]>([[[]], [['-v', '--insecure']], [['--json', '--insecure']]])(
    'send, of a certificate’s subject, with %j',
    async (options) => {
      const printed = await onTerminal(['send', `127.0.0.1:${tls.port}`, '--tls', ...options]);
      expectHarmless(printed);
      expect(printed).toMatch(shown);
    },
  );

  test('send, of the words with which a WebSocket server refuses', async () => {
    const refusal = `HTTP/1.1 403 ${inName}\r\nX: ${inName}\r\nContent-Length: 3\r\n\r\na\x1bb`;
    await using server = await rawServer((socket) => socket.once('data', () => socket.end(refusal)));
    const printed = await onTerminal(['send', `ws://${server.address}/`, '-v', '--data', 'x']);
    expectHarmless(printed);
    expect(printed).toContain('403');
  });

  test.each<[string[]]>([[[]], [['-v']], [['--json']], [['--output', 'raw']], [['--output', 'hex']]])(
    'listen, of what a peer sends, with %j',
    async (options) => {
      const port = await freePort();
      const printing = onTerminal(['listen', String(port), '--once', ...options]);
      await untilListening(port);
      const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.concat([message, allBytes])));
      socket.resume();
      const printed = await printing;
      expectHarmless(printed);
      expect(printed.length).toBeGreaterThan(256);
    },
  );

  test.each<[string[]]>([[[]], [['-v']], [['--json']], [['--output', 'hex']]])(
    'listen --udp, of what a peer sends, with %j',
    async (options) => {
      const port = await freePort();
      const socket = createSocket('udp4');
      const printing = onTerminal(['listen', String(port), '--udp', '--count', '2', ...options]);
      // Until it is bound, datagrams are lost.
      const again = setInterval(() => {
        for (const bytes of [message, allBytes]) socket.send(bytes, port, '127.0.0.1');
      }, 50);
      const printed = await printing.finally(() => {
        clearInterval(again);
        socket.close();
      });
      expectHarmless(printed);
      expect(printed.length).toBeGreaterThan(256);
    },
  );

  test.each<[string[]]>([[[]], [['-v']], [['--json']], [['--output', 'hex']]])(
    'listen --ws, of a peer’s header lines, messages, ping and reason to close, with %j',
    async (options) => {
      const port = await freePort();
      const printing = onTerminal(['listen', String(port), '--ws', '--count', '2', ...options]);
      await untilListening(port);
      const headers = { 'X-Peer': 'a\u009b2J\u00ad' };
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers }).on('error', () => {});
      socket.once('open', () => {
        socket.ping(allBytes.subarray(0, 100));
        socket.send(String(message));
        socket.send(allBytes);
        socket.close(1_000, 'bye \u001b[2J\u202e\u009b');
      });
      const printed = await printing;
      expectHarmless(printed);
      expect(printed.length).toBeGreaterThan(256);
    },
  );

  test('the browser host, of a folder that cannot be made', async () => {
    const printed = await onTerminal(['app', '--no-open'], `/dev/null/${inName}`);
    expectHarmless(printed);
    expect(printed).toMatch(shown);
  });
});

test('into a pipe JSON has no control characters either, and bytes go as they are', async () => {
  const { stdout } = await runCli(['log', 'export', run]);
  expectHarmless(stdout);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text?: string; note?: string });
  expect(records[1]).toMatchObject({ text: String(message), note: acting });
  await using server = await rawServer((socket) => socket.end(Buffer.concat([message, allBytes])));
  const raw = await new Promise<Buffer>((resolve, reject) => {
    const args = [builtCli, 'send', server.address, '--output', 'raw'];
    const child = execFile(process.execPath, args, { encoding: 'buffer' }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
    child.stdin?.end();
  });
  expect(raw.equals(Buffer.concat([message, allBytes]))).toBe(true);
});
