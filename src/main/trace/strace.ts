import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { constants as system, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { straceFilter } from '#shared/calls/strace-arguments.ts';
import { StraceCalls, type StraceEvent } from '#shared/calls/strace-calls.ts';
import type { TracedProcess, TraceEvent } from '#shared/calls/traced-calls.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { TraceBatch, TraceSource } from './channel.ts';

/** A line is at most as long as the payloads of a call with many buffers, in hexadecimal digits. */
const maxLineLength = 64 * 1_048_576;

/** The maximum number of events that wait to be taken: then strace waits. */
const maxWaiting = 50_000;

/** A call that is being made is shown when strace has written its first part; longer parts are payloads. */
const maxPartLength = 4_096;

/**
 * The calls that strace(1) reports, for programs of any language on Linux. strace writes to a pipe in a folder that only this user
 * can enter. When it is not read, strace waits, and the program with it: nothing is dropped.
 */
export class StraceSource implements TraceSource {
  readonly #folder: string;
  readonly #pipe: string;
  readonly #maxBytes: number;
  readonly #calls: StraceCalls;
  readonly #offsetNs: number;
  readonly #failures: Failure[] = [];
  /** A second writer, opened here: without one, the pipe would be at its end before strace has opened it. */
  #writer: number | undefined;
  #reader: net.Socket | undefined;
  #events: StraceEvent[] = [];
  #tail: string[] = [];
  #tailLength = 0;
  #isDone = false;

  private constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#pipe = join(folder, 'strace');
    this.#maxBytes = maxBytes;
    this.#offsetNs = Date.now() * 1e6 - Number(process.hrtime.bigint());
    const errnoOf = (name: string) => (system.errno as Readonly<Record<string, number>>)[name] ?? 0;
    this.#calls = new StraceCalls({ maxBytes, offsetNs: this.#offsetNs, errnoOf });
  }

  /** Creates the pipe. `maxBytes` of each payload are reported. Fails where the system has no named pipes, or no strace. */
  static async create(maxBytes: number): Promise<Result<StraceSource>> {
    const missing = await missingStrace();
    if (missing) return missing;
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-strace-'));
    const source = new StraceSource(folder, maxBytes);
    await source.#open();
    return ok(source);
  }

  get processes(): Iterable<TracedProcess> {
    return this.#calls.processes;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Returns the command that runs `command` under strace, as a child process whose parent is this process. */
  commandFor(command: readonly string[]): [string, ...string[]] {
    const options = ['-D', '-f', '-q', '-ttt', '-T', '-yy', '-xx', '-s', String(this.#maxBytes), '-o', this.#pipe];
    return ['strace', ...options, '-e', 'signal=none', '-e', `trace=${straceFilter.join(',')}`, '--', ...command];
  }

  /** Notes that the program has ended. The pipe ends with the last of its child processes. */
  programEnded(): void {
    if (this.#writer !== undefined) closeSync(this.#writer);
    this.#writer = undefined;
  }

  async take(): Promise<{ readonly batches: readonly TraceBatch[]; readonly failures: readonly Failure[] }> {
    const taken = this.#events;
    this.#events = [];
    this.#reader?.resume();
    const batches: { process: TracedProcess; wallOffsetNs: number; events: TraceEvent[] }[] = [];
    for (const { process: owner, event } of taken) {
      const last = batches.at(-1);
      if (last?.process === owner) last.events.push(event);
      else batches.push({ process: owner, wallOffsetNs: this.#offsetNs, events: [event] });
    }
    return { batches, failures: this.#failures.splice(0) };
  }

  async close(): Promise<void> {
    this.programEnded();
    this.#reader?.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    await promisify(execFile)('mkfifo', ['-m', '600', this.#pipe]);
    const fd = openSync(this.#pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#writer = openSync(this.#pipe, constants.O_WRONLY);
    const socket = new net.Socket({ fd, readable: true, writable: false });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#isDone = true;
    });
    this.#reader = socket;
  }

  #read(text: string): void {
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#tail.push(line);
      this.#push(this.#calls.take(this.#tail.join('')));
      this.#tail = [];
      this.#tailLength = 0;
    }
    if (rest !== '') this.#keep(rest);
    if (this.#events.length > maxWaiting) this.#reader?.pause();
  }

  #keep(rest: string): void {
    this.#tail.push(rest);
    this.#tailLength += rest.length;
    if (this.#tailLength < maxPartLength) this.#push(this.#calls.takePart(this.#tail.join('')));
    if (this.#tailLength <= maxLineLength) return;
    this.#failures.push({
      code: 'bad-input',
      message: 'Could not read the calls of the program',
      system: `strace wrote a line of more than ${maxLineLength} bytes`,
      hint: 'Report fewer bytes of each payload with --bytes.',
    });
    this.#reader?.destroy();
  }

  #push(events: readonly StraceEvent[]): void {
    this.#events.push(...events);
  }
}

/** Returns why strace cannot be used; `undefined` if it can. */
async function missingStrace(): Promise<Result<never> | undefined> {
  const message = 'Could not trace the program';
  if (process.platform !== 'linux') {
    return fail('bad-input', message, {
      system: 'On this system, only Python and Node.js programs can be traced.',
      hint: 'Programs in other languages can be traced on Linux, with strace.',
    });
  }
  try {
    await promisify(execFile)('strace', ['-V']);
    return undefined;
  } catch (error) {
    return fail('file', message, {
      system: `It is not a Python or Node.js program, and strace cannot be run: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Install strace, for example with “sudo apt install strace” or “sudo dnf install strace”.',
    });
  }
}
