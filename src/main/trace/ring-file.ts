import { type FileHandle, open } from 'node:fs/promises';
import { fail, ok, type Result } from '#shared/failure.ts';

const magic = 'WBTRACE1';
const headerBytes = 64;
const headAt = 40;
const tailAt = 48;
const maxCapacity = 64 * 1_048_576;

/** The file into which the tracer of one process writes, and from which its records are read. */
export class RingFile {
  readonly pid: number;
  readonly parent: number;
  /** The wall clock minus the monotonic clock when the process was started, in nanoseconds. */
  readonly wallOffsetNs: number;
  /** When the process was started or forked, in nanoseconds of the monotonic clock. */
  readonly startedNs: number;
  readonly #file: FileHandle;
  readonly #capacity: number;
  readonly #counts = Buffer.alloc(8);
  #tail = 0;

  private constructor(file: FileHandle, header: Buffer) {
    this.#file = file;
    this.pid = header.readUInt32LE(8);
    this.parent = header.readUInt32LE(12);
    this.#capacity = Number(header.readBigUInt64LE(16));
    this.startedNs = Number(header.readBigUInt64LE(24));
    this.wallOffsetNs = Number(header.readBigUInt64LE(32) - header.readBigUInt64LE(24));
  }

  /** Opens the file at `path`, which a tracer made. */
  static async open(path: string): Promise<Result<RingFile>> {
    const tried = 'Could not read the calls of a process';
    const hint = 'Only the tracer of Wirebench may write to its channel.';
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r+');
      const stat = await file.stat();
      const header = Buffer.alloc(headerBytes);
      await file.read(header, 0, headerBytes, 0);
      const capacity = header.readBigUInt64LE(16);
      const fits = capacity <= BigInt(maxCapacity) && stat.size === headerBytes + Number(capacity);
      if (stat.isFile() && header.toString('latin1', 0, 8) === magic && fits && capacity % 8n === 0n)
        return ok(new RingFile(file, header));
      await file.close();
      return fail('bad-input', tried, { system: `“${path}” is not a channel`, hint });
    } catch (error) {
      await file?.close();
      return fail('file', tried, { system: error instanceof Error ? error.message : String(error), hint });
    }
  }

  /**
   * Returns what was written since the last call: whole records, in at most two pieces; empty where there is nothing new. The
   * place that they took is free for the program once `release` is called.
   */
  async read(): Promise<Result<readonly Uint8Array[]>> {
    await this.#file.read(this.#counts, 0, 8, headAt);
    const head = Number(this.#counts.readBigUInt64LE(0));
    const length = head - this.#tail;
    if (length === 0) return ok([]);
    if (length < 0 || length > this.#capacity || length % 8 !== 0) {
      return this.#damaged(`its channel says ${head} bytes were written after ${this.#tail}`);
    }
    const start = this.#tail % this.#capacity;
    const first = Math.min(length, this.#capacity - start);
    const pieces = [await this.#bytes(start, first)];
    if (first < length) pieces.push(await this.#bytes(0, length - first));
    this.#tail = head;
    const read = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return read === length ? ok(pieces) : this.#damaged(`its channel ends after ${read} of ${length} bytes`);
  }

  /** Hands the place of what was read back to the program. */
  async release(): Promise<void> {
    this.#counts.writeBigUInt64LE(BigInt(this.#tail));
    await this.#file.write(this.#counts, 0, 8, tailAt);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #damaged(system: string): Result<never> {
    const hint = 'Only the tracer of Wirebench may write to its channel.';
    return fail('bad-input', `Could not read the calls of process ${this.pid}`, { system, hint });
  }

  /** Returns the bytes, fewer where the file is shorter than it was. */
  async #bytes(at: number, length: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, headerBytes + at);
    return buffer.subarray(0, bytesRead);
  }
}
