import type { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { showLines } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { stopRequested } from '../stop-signal.ts';

/** What may wait for a slow reader of our output before `congested`. Bytes. */
const maxWaiting = 1_048_576;
/** How long a reader of our output that takes nothing holds a process that was asked to end. */
const stoppedReaderMs = 1_000;

/**
 * The standard output, with an end and a cap: a reader that goes away (`| head -1`) is no error but the end of the job,
 * and one that is slow is reported as `congested`, so that whoever makes the output can wait. On a terminal nothing that is
 * written acts: control characters and what hides are shown as symbols, but for line feeds and tabs.
 */
export class Output {
  readonly #stream: Writable;
  /** Of a terminal: bytes become text, and a character may come in two pieces. */
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

  /** Nobody reads any more: what is written from now on is lost. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Why writing failed; not set where only the reader has gone. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Calls `listener` each time `congested` turns false; gives the function that stops that. */
  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  /** Calls `listener` once, when nobody reads any more. */
  onGone(listener: () => void): void {
    this.#goneListeners.add(listener);
  }

  /** Writes text or bytes. Bytes are kept until they are written: pass none that change. */
  write(piece: string | Uint8Array): void {
    if (this.#gone || piece.length === 0) return;
    this.#stream.write(this.#decoder ? showLines(textOf(piece, this.#decoder)) : piece);
    if (this.#stream.writableLength > maxWaiting) this.#congested = true;
  }

  /** Resolves when the reader has caught up, or is gone. */
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
   * Resolves when all that was written is handed over, or nobody wants it. In a process that was asked to end, a reader that takes
   * nothing has a second; what is left then is a failure.
   */
  async finish(): Promise<void> {
    if (this.#gone || this.#stream.writableLength === 0) return;
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
    // EPIPE: the reader has closed its end, as it may.
    if (error.code !== 'EPIPE') {
      const message = 'Could not write to the standard output';
      this.#failure = { code: 'file', message, system: error.message, hint: 'Check where the output goes to.' };
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

/** The error of a reader that does not read and has not gone. */
function untaken(bytes: number): NodeJS.ErrnoException {
  return new Error(`its reader did not take the last ${bytes} bytes`);
}

function textOf(piece: string | Uint8Array, decoder: StringDecoder): string {
  return typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
}
