import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { root } from './build-setup.ts';

/** The command as it is built and run by users. */
export const builtCli = join(root, 'out/main/cli.js');

/** A JSON line of the command line, as far as tests look at it. */
export interface JsonRecord {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly socket: number;
  readonly local: string;
  readonly peer: string;
  readonly direction: 'in' | 'out' | null;
  readonly length: number;
  readonly text?: string;
  readonly base64?: string;
  readonly [field: string]: unknown;
}

export interface CliOptions {
  /** Options of Node itself, before the program. */
  readonly node?: readonly string[];
  /** Leaves the standard output unread; `stdout` is then the test's to read. */
  readonly unread?: boolean;
  /** Allows it this many open files and sockets (prlimit(1)). */
  readonly descriptors?: number;
  /** Takes root's rights from it where the tests run as root: the modes of files and folders hold for it then (setpriv(1)). */
  readonly withoutRights?: boolean;
  /** Writes its system calls on sockets to files that begin with this path, one a thread (strace(1)). */
  readonly traced?: string;
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of the app's data; without it, one that cannot be made. */
  readonly home?: string;
}

/** The programs that start it with less than this process has; none where it has the same. Each becomes the next one, with the same id. */
function launcherOf({ descriptors, withoutRights, traced }: CliOptions): readonly string[] {
  const limit = descriptors === undefined ? [] : ['prlimit', `--nofile=${descriptors}`];
  const isRoot = withoutRights === true && process.getuid?.() === 0;
  const tracer = ['strace', '-D', '-f', '-ff', '-q', '-e', 'trace=network,read,write,close', '-o', traced ?? ''];
  const traces = traced === undefined ? [] : tracer;
  return [...limit, ...(isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : []), ...traces];
}

/** How the program ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `wirebench` program, as users run it. `await using` ends it. */
export class Cli implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<number | null>;
  readonly #waiting = new Set<() => void>();
  readonly #lines: string[] = [];
  #next = 0;
  #ended = false;
  #stderr = '';

  constructor(args: readonly string[], options: CliOptions = {}) {
    const { node = [], unread = false, home } = options;
    // A home that cannot be made: little of the command line may need one, `app` and a TLS server without a certificate.
    const env = { ...process.env, WIREBENCH_HOME: home ?? '/dev/null/home', ...options.env };
    const [program = '', ...rest] = [...launcherOf(options), process.execPath, ...node, builtCli, ...args];
    this.#child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.#exited = new Promise((resolve, reject) => {
      this.#child.on('close', resolve);
      this.#child.on('error', reject);
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += String(chunk);
      this.#wake();
    });
    if (!unread) this.#read();
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  /** What it has written to its error output so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Its next line of output. Rejects, with its error output, where it ended instead. */
  async line(): Promise<string> {
    for (;;) {
      const line = this.#lines[this.#next];
      if (line !== undefined) {
        this.#next += 1;
        return line;
      }
      if (this.#ended) throw new Error(`wirebench ended without a further line: ${this.#stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The next line of output that has `part` in it. */
  async lineWith(part: string): Promise<string> {
    for (;;) {
      const line = await this.line();
      if (line.includes(part)) return line;
    }
  }

  /**
   * Reads the line `listening on HOST:PORT`, or `bound to HOST:PORT`; gives the port. Where the output is the bytes received, byte
   * for byte, the line is on the error output.
   */
  async port(): Promise<number> {
    const beside = () => /^(?:listening on|bound to) .*:(\d+)\n/m.exec(this.#stderr)?.[1];
    while (this.#lines.length === this.#next && !this.#ended && beside() === undefined) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    const port = beside();
    if (port !== undefined) return Number(port);
    const line = await this.line();
    const match = /^(?:listening on|bound to) .*:(\d+)$/.exec(line) ?? /"local":"[^"]*:(\d+)"/.exec(line);
    if (!match) throw new Error(`not what listen prints first: ${line}`);
    return Number(match[1]);
  }

  kill(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  /** The signal that ended it; `null` if it ended without one, or has not ended. */
  get signal(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  /** Its exit code, when it has ended, also where its output is still unread. */
  async exit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Resolves when it has ended without a signal. `stdout` is empty where the test reads it. */
  async end(): Promise<CliEnd> {
    const code = await this.#exited;
    const stdout = this.#lines.map((line) => `${line}\n`).join('');
    return { code, stdout, stderr: this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    this.#child.stdout.resume();
    await this.#exited;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #read(): void {
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    lines.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }
}

/** Runs the program to its end, with `input` as its standard input. */
export async function runCli(
  args: readonly string[],
  input: string | Uint8Array = '',
  options: CliOptions = {},
): Promise<CliEnd> {
  await using cli = new Cli(args, options);
  cli.stdin.end(input);
  return await cli.end();
}

/** The records that `--json` or an export printed. */
export function jsonRecords(stdout: string): JsonRecord[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonRecord);
}
