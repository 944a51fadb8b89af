import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LanguageName } from '#shared/code/catalogue.ts';
import { generateCode } from '#shared/code/generate.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, parseFraming } from '#shared/framing/spec.ts';
import { CertificateFolder } from './certificates.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from './config.ts';
import { TestEngine } from './engine.ts';

/** How a test runs the program in `file`: what compiles it, and the command that runs it. */
export interface Toolchain {
  readonly language: LanguageName;
  readonly compile?: (file: string, folder: string) => readonly string[];
  readonly run: (file: string, folder: string) => readonly string[];
  /** Framings that the language does not have. */
  readonly without?: readonly string[];
  /** Framings under which no server is tested with megabytes in both directions at once. */
  readonly withoutServer?: readonly string[];
  readonly hasTls: boolean;
  /** The program prints the port of its server; without, only its local socket is tested. */
  readonly printsPort: boolean;
}

const megabyte = 1_048_576;
const inChunks = { bytesPerSecond: 0, chunkBytes: 4_093, delayMs: 0, splits: [] };
const spellings = ['raw', 'line', 'line:crlf', 'fixed:1048576', 'len:4be', 'len:8le:at3:incl', 'len:3be:adj-5'];

/** Text without line ends, of which no part repeats another at the same distance. */
function longMessage(): Buffer {
  const message = Buffer.alloc(megabyte);
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

  /** Waits for the line that says where a server listens; returns its port. */
  async port(): Promise<number> {
    for (;;) {
      const found = /(?:listening on|bound to) (\S+)\r?\n/i.exec(this.#error)?.[1];
      if (found !== undefined) return Number(found);
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

/** An echo server against a client of Wirebench, with a message of 1 MB in chunks, and then another one. */
async function testServer(folder: ProgramFolder, server: ServerChanges, client: ClientChanges, spec: FramingSpec) {
  const echo = serverConfig({ port: 0, ...server, framing: spec, behaviour: { kind: 'echo' } });
  await using program = await folder.start(echo);
  const port = await program.port();
  await using wirebench = new TestEngine();
  const { socket = 0 } = await wirebench.connect(port, { ...client, framing: spec });
  const messages = [longMessage(), Buffer.from('second'), Buffer.from('third')];
  for (const bytes of messages) await wirebench.engine.send([socket], { bytes, frame: true, pace: inChunks });
  const expected = Buffer.concat(messages.map((message) => framed(spec, message)));
  expect((await wirebench.stream(socket, 'in', expected.length)).equals(expected)).toBe(true);
}

async function testDatagrams(folder: ProgramFolder) {
  await using wirebench = new TestEngine();
  const { port } = await wirebench.serve({ udp: {}, behaviour: { kind: 'reply', text: 'received' } });
  await using client = await folder.start(clientConfig({ udp: {}, port }), payload);
  expect(String(await client.output())).toMatch(/^received\n?$/);
  await using server = await folder.start(serverConfig({ udp: {}, port: 0, behaviour: { kind: 'echo' } }));
  const { socket = 0 } = await wirebench.connect(await server.port(), { udp: {} });
  await wirebench.engine.send([socket], { bytes: payload, frame: false });
  expect((await wirebench.stream(socket, 'in', payload.length)).equals(payload)).toBe(true);
}

/** Tests the programs of a language against Wirebench. */
export function testLanguage(toolchain: Toolchain): void {
  const { hasTls, printsPort, language, without = [], withoutServer = [] } = toolchain;
  const folder = new ProgramFolder(toolchain);
  afterAll(() => rmSync(folder.path, { recursive: true }));
  const path = join(folder.path, 'wirebench.sock');

  describe.each(spellings.filter((spelling) => !without.includes(spelling)))(`${language}, framing %s`, (spelling) => {
    const spec = parseFraming(spelling) as FramingSpec;
    test('a client sends its payload and prints a reply of 1 MB', () => testClient(folder, {}, {}, spec));
    if (withoutServer.includes(spelling)) return;
    test('a server echoes messages', () => {
      const local = { transport: 'local', path: `${path}-${spelling}` } as const;
      return printsPort ? testServer(folder, {}, {}, spec) : testServer(folder, local, local, spec);
    });
  });

  const testWithPort = printsPort ? test : undefined;
  testWithPort?.('IPv6', async () => {
    const spec = parseFraming('len:4be') as FramingSpec;
    await testClient(folder, { host: '::1' }, { host: '::1' }, spec);
    await testServer(folder, { host: '::1' }, { host: '::1' }, spec);
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
    await program.port();
    await using wirebench = new TestEngine();
    const { socket = 0 } = await wirebench.connect(0, local);
    await wirebench.engine.send([socket], { bytes: Buffer.from('one\ntwo\n'), frame: false });
    const expected = Buffer.from('ü "$x"\nü "$x"\n');
    expect((await wirebench.stream(socket, 'in', expected.length)).equals(expected)).toBe(true);
  });

  testWithPort?.('datagrams', () => testDatagrams(folder));

  const describeWithTls = hasTls ? describe : undefined;
  describeWithTls?.('TLS', () => {
    let certificates: CertificateFolder;
    beforeAll(() => {
      certificates = new CertificateFolder();
    });
    afterAll(() => certificates[Symbol.dispose]());

    test('both sides verify their peer', async () => {
      const authority = await certificates.authority('authority');
      const server = await certificates.leaf({ issuer: authority });
      const client = await certificates.leaf({ issuer: authority, usage: 'client' });
      const { file: ca } = authority;
      const serverTls = { ca, certificate: server.certificate, key: server.key, clientCertificate: 'require' } as const;
      const clientTls = { ca, certificate: client.certificate, key: client.key } as const;
      const spec = parseFraming('len:4be') as FramingSpec;
      await testClient(folder, { tls: serverTls }, { tls: clientTls }, spec);
      await testServer(folder, { tls: serverTls }, { tls: clientTls }, spec);
    });

    test('a client refuses a server that it does not trust, unless verification is off', async () => {
      await using wirebench = new TestEngine();
      const { port } = await wirebench.serve({ tls: {}, behaviour: { kind: 'echo' } });
      const framing = parseFraming('line') as FramingSpec;
      await using strict = await folder.start(clientConfig({ tls: {}, port, framing }), Buffer.from('secret'));
      expect((await strict.failure()).code).not.toBe(0);
      await using trusting = await folder.start(clientConfig({ tls: { verify: false }, port, framing }), payload);
      expect((await trusting.output()).subarray(0, -1).equals(payload)).toBe(true);
    });
  });
}
