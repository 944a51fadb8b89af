import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateCode } from '#shared/code/generate.ts';
import type { LanguageName } from '#shared/code/program.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, parseFraming } from '#shared/framing/spec.ts';
import { CertificateFolder } from './certificates.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from './config.ts';
import { TestEngine } from './engine.ts';
import { listeningPort } from './listening-port.ts';

/** How a test runs the program in `file`: what compiles it, and the command that runs it. */
export interface Toolchain {
  readonly language: LanguageName;
  readonly compile?: (file: string, folder: string) => readonly string[];
  readonly run: (file: string, folder: string) => readonly string[];
  /** Framings that the language does not have. */
  readonly without?: readonly string[];
  /** Framings under which servers are tested with short messages, and not with megabytes in both directions at once. */
  readonly shortEchoes?: readonly string[];
  readonly hasTls: boolean;
  /** False if servers do not verify the certificates of clients. */
  readonly hasClientCertificates?: boolean;
  /** False if there is no UDP server. */
  readonly hasUdpServer?: boolean;
}

const megabyte = 1_048_576;
/** The bytes of a message that fits into every pipe on the way. */
const shortBytes = 4_096;
const inChunks = { bytesPerSecond: 0, chunkBytes: 4_093, delayMs: 0, splits: [] };
const spellings = [
  ...['raw', 'line', 'line:crlf', 'fixed:1048576', 'len:4be', 'len:8le:at3:incl', 'len:3be:adj-5'],
  ...['netstring', 'slip', 'slip:21:22:23:24', 'stx', 'stx:21:22:23', 'cobs'],
];

/** Text without line ends, of which no part repeats another at the same distance. */
function longMessage(size = megabyte): Buffer {
  const message = Buffer.alloc(size);
  for (let at = 0; at < message.length; at += 1) message[at] = 0x20 + ((at * 31 + (at >>> 9)) % 0x5e);
  return message;
}

function framed(spec: FramingSpec, body: Uint8Array): Buffer {
  const encoded = encodeMessage(spec, body);
  if (isUnframeable(encoded)) throw new Error(encoded.problem);
  return Buffer.from(encoded.bytes);
}

/** A program that runs. `await using` ends it. */
class RunningProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #output: Buffer[] = [];
  readonly #closed: Promise<unknown>;
  #error = '';

  constructor([command = '', ...args]: readonly string[], folder: string) {
    this.#child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#error += String(chunk);
    });
  }

  /** Waits for the end of a program that must succeed; returns its output. */
  async output(): Promise<Buffer> {
    await this.#closed;
    if (this.#child.exitCode !== 0) throw new Error(`the program ended with ${this.#child.exitCode}: ${this.#error}`);
    return Buffer.concat(this.#output);
  }

  /** Waits for the end; returns the exit code and what was printed on the error output. */
  async failure(): Promise<{ code: number | null; error: string }> {
    await this.#closed;
    return { code: this.#child.exitCode, error: this.#error };
  }

  /** Waits until a server listens; returns its TCP or UDP port, which it prints or the system knows. */
  async port(): Promise<number> {
    const printed = Number(await this.place());
    return Number.isNaN(printed) ? listeningPort(this.#child.pid ?? 0) : printed;
  }

  /** Waits for the line that says where a server listens; returns the place. */
  async place(): Promise<string> {
    for (;;) {
      const found = /(?:listening on|bound to) (\S+)\r?\n/i.exec(this.#error)?.[1];
      if (found !== undefined) return found;
      const ended = await Promise.race([once(this.#child.stderr as never, 'data'), this.#closed.then(() => 'ended')]);
      if (ended === 'ended') throw new Error(`the server ended: ${this.#error}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A server of a shell has children: the whole group ends.
    if (this.#child.exitCode === null && this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    await this.#closed;
  }
}

/** Creates, compiles and runs generated programs in a folder. */
class ProgramFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-code-'));
  readonly #toolchain: Toolchain;
  #count = 0;

  constructor(toolchain: Toolchain) {
    this.#toolchain = toolchain;
  }

  async start(config: EndpointConfig, payload?: Uint8Array): Promise<RunningProgram> {
    const { language, compile, run } = this.#toolchain;
    const generated = generateCode({ config, payload, language, side: config.role });
    if (!generated.ok) throw new Error(JSON.stringify(generated.error));
    this.#count += 1;
    const folder = mkdtempSync(join(this.path, `${this.#count}-`));
    const file = join(folder, generated.value.fileName);
    writeFileSync(file, generated.value.text);
    if (compile) await new RunningProgram(compile(file, folder), folder).output();
    return new RunningProgram(run(file, folder), folder);
  }
}

/** Every byte, runs of zeros, and runs of the bytes that fill one block of COBS, also at the end. */
const binary = Buffer.concat([
  ...[Buffer.from(Array.from({ length: 512 }, (_, at) => at & 255)), Buffer.alloc(3), Buffer.alloc(254, 0xff)],
  ...[Buffer.alloc(1), Buffer.alloc(509, 0x80), Buffer.alloc(1), Buffer.alloc(254, 0xc0)],
]);

const payload = Buffer.from(`{"text": "é\\n", 'x': "$HOME \`id\` %s \${y} \u{1f600}"}`);

/** A client against a server of Wirebench, with a reply of 1 MB in chunks. */
async function testClient(folder: ProgramFolder, server: ServerChanges, client: ClientChanges, spec: FramingSpec) {
  await using wirebench = new TestEngine();
  const { port } = await wirebench.serve({ ...server, framing: spec, behaviour: { kind: 'silent' } });
  await using program = await folder.start(clientConfig({ ...client, port, framing: spec }), payload);
  const sent = framed(spec, payload);
  const socket = await wirebench.joined();
  expect((await wirebench.stream(socket, 'in', sent.length)).equals(sent)).toBe(true);
  const reply = longMessage();
  await wirebench.engine.send([socket], { bytes: reply, frame: true, pace: inChunks });
  if (spec.kind === 'raw') wirebench.engine.shutdown(socket);
  const output = await program.output();
  expect(output.length).toBe(reply.length + (spec.kind === 'raw' ? 0 : 1));
  expect(output.subarray(0, reply.length).equals(reply)).toBe(true);
}

/** An echo server against a client of Wirebench, with a message of `size` bytes in chunks, and then two other ones. */
async function testServer(
  folder: ProgramFolder,
  server: ServerChanges,
  client: ClientChanges,
  { spec, size = megabyte }: { readonly spec: FramingSpec; readonly size?: number },
) {
  const echo = serverConfig({ port: 0, ...server, framing: spec, behaviour: { kind: 'echo' } });
  await using program = await folder.start(echo);
  const port = await program.port();
  await using wirebench = new TestEngine();
  const { socket = 0 } = await wirebench.connect(port, { ...client, framing: spec });
  const messages = [longMessage(size), Buffer.from('second'), Buffer.from('third')];
  for (const bytes of messages) await wirebench.engine.send([socket], { bytes, frame: true, pace: inChunks });
  const expected = Buffer.concat(messages.map((message) => framed(spec, message)));
  expect((await wirebench.stream(socket, 'in', expected.length)).equals(expected)).toBe(true);
}

/** A client that sends binary bytes to an echo server of Wirebench, and prints them. */
async function testBinary(folder: ProgramFolder, spec: FramingSpec) {
  await using wirebench = new TestEngine();
  const { port } = await wirebench.serve({ framing: spec, behaviour: { kind: 'echo' } });
  await using program = await folder.start(clientConfig({ port, framing: spec }), binary);
  const sent = framed(spec, binary);
  expect((await wirebench.stream(await wirebench.joined(), 'in', sent.length)).equals(sent)).toBe(true);
  expect((await program.output()).equals(Buffer.concat([binary, Buffer.from('\n')]))).toBe(true);
}

async function testDatagrams(folder: ProgramFolder, { hasUdpServer = true }: Toolchain) {
  await using wirebench = new TestEngine();
  const { port } = await wirebench.serve({ udp: {}, behaviour: { kind: 'reply', text: 'received' } });
  await using client = await folder.start(clientConfig({ udp: {}, port }), payload);
  expect(String(await client.output())).toMatch(/^received\n?$/);
  if (!hasUdpServer) return;
  await using server = await folder.start(serverConfig({ udp: {}, port: 0, behaviour: { kind: 'echo' } }));
  const { socket = 0 } = await wirebench.connect(await server.port(), { udp: {} });
  await wirebench.engine.send([socket], { bytes: payload, frame: false });
  expect((await wirebench.stream(socket, 'in', payload.length)).equals(payload)).toBe(true);
}

/** Tests the programs of a language against Wirebench. */
export function testLanguage(toolchain: Toolchain): void {
  const { hasTls, hasClientCertificates = true, language, without = [], shortEchoes = [] } = toolchain;
  const folder = new ProgramFolder(toolchain);
  afterAll(() => rmSync(folder.path, { recursive: true }));
  const path = join(folder.path, 'wirebench.sock');

  describe.each(spellings.filter((spelling) => !without.includes(spelling)))(`${language}, framing %s`, (spelling) => {
    const spec = parseFraming(spelling) as FramingSpec;
    test('a client sends its payload and prints a reply of 1 MB', () => testClient(folder, {}, {}, spec));
    // A fixed size is that of the message, so that a short message needs another framing.
    const isShort = shortEchoes.includes(spelling);
    const size = isShort ? shortBytes : megabyte;
    const echoed = isShort && spec.kind === 'fixed' ? { ...spec, size: shortBytes } : spec;
    test(`a server echoes messages of ${size} bytes`, () => testServer(folder, {}, {}, { spec: echoed, size }));
  });

  test.each(['netstring', 'slip', 'stx', 'cobs'].filter((spelling) => !without.includes(spelling)))(
    'binary bytes under %s',
    (spelling) => testBinary(folder, parseFraming(spelling) as FramingSpec),
  );

  test('IPv6', async () => {
    const spec = parseFraming('len:4be') as FramingSpec;
    await testClient(folder, { host: '::1' }, { host: '::1' }, spec);
    await testServer(folder, { host: '::1' }, { host: '::1' }, { spec });
  });

  test('a server replies with text, and a silent one with nothing', async () => {
    const local = { transport: 'local', path: `${path}-reply` } as const;
    await using program = await folder.start(
      serverConfig({
        ...local,
        framing: parseFraming('line') as FramingSpec,
        behaviour: { kind: 'reply', text: 'ü "$x"' },
      }),
    );
    await program.place();
    await using wirebench = new TestEngine();
    const { socket = 0 } = await wirebench.connect(0, local);
    await wirebench.engine.send([socket], { bytes: Buffer.from('one\ntwo\n'), frame: false });
    const expected = Buffer.from('ü "$x"\nü "$x"\n');
    expect((await wirebench.stream(socket, 'in', expected.length)).equals(expected)).toBe(true);
  });

  test('datagrams', () => testDatagrams(folder, toolchain));

  const describeWithTls = hasTls ? describe : undefined;
  describeWithTls?.('TLS', () => {
    let certificates: CertificateFolder;
    beforeAll(() => {
      certificates = new CertificateFolder();
    });
    afterAll(() => certificates[Symbol.dispose]());

    test(`${hasClientCertificates ? 'both sides verify their peer' : 'a client verifies its server'}`, async () => {
      const authority = await certificates.authority('authority');
      const server = await certificates.leaf({ issuer: authority });
      const client = await certificates.leaf({ issuer: authority, usage: 'client' });
      const { file: ca } = authority;
      const serverTls = { ca, certificate: server.certificate, key: server.key };
      const verifying = hasClientCertificates ? { ...serverTls, clientCertificate: 'require' as const } : serverTls;
      const clientTls = { ca, certificate: client.certificate, key: client.key } as const;
      const spec = parseFraming('len:4be') as FramingSpec;
      // Some programs verify the name of a server only, and not its address.
      const host = 'localhost';
      await testClient(folder, { tls: { ...serverTls, clientCertificate: 'require' } }, { host, tls: clientTls }, spec);
      await testServer(folder, { tls: verifying }, { tls: clientTls }, { spec });
    });

    test('a client refuses a server that it does not trust, unless verification is off', async () => {
      await using wirebench = new TestEngine();
      const { port } = await wirebench.serve({ tls: {}, behaviour: { kind: 'echo' } });
      const framing = parseFraming('line') as FramingSpec;
      await using strict = await folder.start(
        clientConfig({ host: 'localhost', tls: {}, port, framing }),
        Buffer.from('secret'),
      );
      expect((await strict.failure()).code).not.toBe(0);
      await using trusting = await folder.start(clientConfig({ tls: { verify: false }, port, framing }), payload);
      expect((await trusting.output()).subarray(0, -1).equals(payload)).toBe(true);
    });
  });
}
