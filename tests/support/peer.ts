import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const peersFolder = fileURLToPath(new URL('./peers/', import.meta.url));

/** How each outside program that tests talk to is installed, for the message when it is missing. */
const installs: Readonly<Record<string, string>> = {
  python3: 'apt-get install python3',
  ncat: 'apt-get install ncat',
  socat: 'apt-get install socat',
  openssl: 'apt-get install openssl',
  curl: 'apt-get install curl',
};

/** An outside program that a test talks to. `await using` ends it. */
export class Peer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #lines: AsyncIterator<string>;
  #error = '';

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#exited = new Promise((resolve, reject) => {
      this.#child.on('exit', resolve);
      this.#child.on('error', (error: NodeJS.ErrnoException) => {
        const missing = error.code === 'ENOENT' ? `${command} is needed: ${installs[command] ?? 'install it'}` : '';
        reject(missing === '' ? error : new Error(missing));
      });
    });
    this.#exited.catch(() => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#error += String(chunk);
    });
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  /** The next line it prints. Rejects, with what it said on its error output, where it ended instead. */
  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (!next.done) return next.value;
    await this.#exited;
    throw new Error(`the peer ended without a further line: ${this.#error}`);
  }

  /** What the first group of `pattern` is in what it says on its error output, as soon as that is there. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#error)?.[1];
      if (found !== undefined) return found;
      await once(this.#child.stderr as NodeJS.EventEmitter, 'data');
    }
  }

  /** All further lines, when it has ended without a signal. */
  async rest(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const next = await this.#lines.next();
      if (next.done) return lines;
      lines.push(next.value);
    }
  }

  write(text: string | Uint8Array): void {
    this.#child.stdin?.write(text);
  }

  /** Ends its standard input. */
  end(): void {
    this.#child.stdin?.end();
  }

  /** Its exit code, when it has ended without a signal. */
  exit(): Promise<number | null> {
    return this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      if (this.#child.kill()) await gone;
    }
  }
}

/** Starts a Python program of tests/support/peers. */
export async function startPeer(script: string, ...args: string[]): Promise<Peer> {
  return new Peer('python3', ['-u', `${peersFolder}${script}`, ...args]);
}
