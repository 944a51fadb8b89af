import type { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import type { JobOptions } from '#session/threads.ts';
import { showControls, showLines } from '#shared/bytes/text.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { canShowStatus, clearStatus, onStopSignal, printError, showStatus, stopRequested } from '../terminal.ts';

/** Returns the standard error output, for a command whose standard output belongs to another program. */
export function errorOutput(): Output {
  return new Output(process.stderr);
}

/** Bytes that may wait for a slow reader of the output before it counts as congested. */
const maxWaiting = 1_048_576;
/** Maximum wait for a reader of the output after a stop signal. */
const stoppedReaderMs = 1_000;

/**
 * The standard output. When its reader closes it (`| head -1`), that ends the command without an error. When its reader is
 * slow, `congested` is true, so that the producer can wait. On a terminal, control characters other than line feed and tab,
 * and invisible characters, are shown as symbols.
 */
export class Output {
  readonly #stream: Writable;
  /** Set for a terminal: decodes characters that are split across two pieces. */
  readonly #decoder: StringDecoder | undefined;
  readonly #drainListeners = new Set<() => void>();
  readonly #goneListeners = new Set<() => void>();
  #congested = false;
  #gone = false;
  #failure: Failure | undefined;

  constructor(stream: Writable & { readonly isTTY?: boolean } = process.stdout) {
    this.#stream = stream;
    this.#decoder = stream.isTTY ? new StringDecoder('utf8') : undefined;
    stream.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
    stream.on('drain', () => this.#drained());
  }

  get isTerminal(): boolean {
    return this.#decoder !== undefined;
  }

  get congested(): boolean {
    return this.#congested;
  }

  /** True after the reader has closed the output, or writing failed: later output is lost. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Why writing failed; `undefined` if the reader closed the output. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Calls `listener` each time `congested` becomes false. Returns the function that removes it. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  /** Calls `listener` once, when `gone` becomes true. */
  onGone(listener: () => void): void {
    this.#goneListeners.add(listener);
  }

  /** Writes text or bytes. The caller must not change the bytes afterwards. */
  write(piece: string | Uint8Array): void {
    if (this.#gone || piece.length === 0) return;
    this.#stream.write(this.#decoder ? showLines(textOf(piece, this.#decoder)) : piece);
    if (this.#stream.writableLength > maxWaiting) this.#congested = true;
  }

  /** Resolves when the output is not congested, or is gone. */
  async ready(): Promise<void> {
    if (!this.#congested) return;
    await new Promise<void>((resolve) => {
      const stop = this.onDrain(() => {
        stop();
        resolve();
      });
    });
  }

  /**
   * Waits until the output is written, or gone, and returns why writing failed. After a stop signal, it waits at most a second for the
   * reader; output that is still unread is a failure.
   */
  async finish(): Promise<Result<void>> {
    if (!this.#gone) await this.#written();
    return this.#failure ? { ok: false, error: this.#failure } : ok(undefined);
  }

  async #written(): Promise<void> {
    // A file is written immediately, but its error is reported a turn later.
    if (this.#stream.writableLength === 0) return await setImmediate();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onGone(resolve);
      this.#stream.write('', () => resolve());
      if (stopRequested()) timer = setTimeout(() => this.#lost(untaken(this.#stream.writableLength)), stoppedReaderMs);
    });
    clearTimeout(timer);
  }

  #lost(error: NodeJS.ErrnoException): void {
    if (this.#gone) return;
    this.#gone = true;
    // EPIPE: the reader has closed its end, which is allowed.
    if (error.code !== 'EPIPE') {
      const message = 'Could not write to the standard output';
      this.#failure = {
        code: 'file',
        message,
        system: error.message,
        hint: 'Check where the output is redirected to.',
      };
    }
    this.#drained();
    for (const listener of this.#goneListeners) listener();
  }

  #drained(): void {
    if (!this.#congested) return;
    this.#congested = false;
    for (const listener of this.#drainListeners) listener();
  }
}

/** Returns the error of a reader that does not read. */
function untaken(bytes: number): NodeJS.ErrnoException {
  return new Error(`the reader did not take the last ${bytes} bytes`);
}

function textOf(piece: string | Uint8Array, decoder: StringDecoder): string {
  return typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
}

/** Exit codes: success; the command failed (refused, reset, expectation unmet); usage error. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Writes a failure to the error output, each part on its own line: what was tried, what the system said, what to do next. For
 * an untrusted certificate, it adds the option that trusts it. `verbose` adds the checks that were made to find the cause.
 */
export function reportFailure(error: Failure, verbose = false): void {
  const { message, system, hint, certificate, checks = [] } = error;
  const lines = [sentence(message), system === '' ? '' : `  ${sentence(system)}`, hint === '' ? '' : `  ${hint}`];
  if (verbose) lines.push(...checks.map((check) => `    ${sentence(check)}`));
  if (certificate) {
    lines.push(
      `  Certificate subject: ${certificate.subject}; issuer: ${certificate.issuer}.`,
      `  To trust only this certificate: --trust ${certificate.fingerprint}`,
    );
  }
  // The lines can contain text from peers and files, which must not control the terminal.
  const shown = lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map(showControls);
  printError(shown.join('\n'));
}

/** Reports a usage error as commander does. Returns the exit code. */
export function refuse({ message }: Failure): number {
  note(`error: ${message}\n(use --help for usage)`);
  return exitCodes.usage;
}

/** Writes a line to the error output, with control characters shown as symbols. */
export function note(text: string): void {
  printError(text);
}

/** Formats a count with its noun: `1 record`, `2 records`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The minimum time between two counts that are shown. */
const minGapMs = 100;

/** Shows progress if the error output is a terminal. Call `end` after the work. */
export function showProgress(): {
  readonly onProgress: (done: number, total: number) => void;
  /** Shows how many messages were sent. */
  readonly onCount: (sent: number) => void;
  end(): void;
} {
  const isTerminal = canShowStatus();
  let shown = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    onCount(sent) {
      const now = performance.now();
      if (!isTerminal || now - shownAt < minGapMs) return;
      shownAt = now;
      shown = `${sent} sent`;
      showStatus(`${shown} `);
    },
    onProgress(done, total) {
      if (!isTerminal) return;
      // The size of a pipe is unknown.
      const far = total > 0 ? `${Math.floor((done / total) * 100)} %` : `${Math.floor(done / 1_048_576)} MiB`;
      if (far === shown) return;
      showStatus(`${far} `);
      shown = far;
    },
    end() {
      if (shown !== '') clearStatus();
      shown = '';
    },
  };
}

/** Returns the options of long work: it shows progress, and Ctrl+C cancels it. Call `end` after the work. */
export function longWork(): { readonly job: Required<JobOptions>; end(): void } {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  const { onProgress, end } = showProgress();
  return { job: { signal: abort.signal, onProgress }, end };
}
