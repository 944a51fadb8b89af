import type { FileHandle } from 'node:fs/promises';
import { openFile, unreadableFile } from '#files/regular-file.ts';
import { maxSendBytes } from '#shared/contract/limits.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type Frame, isUnframeable, noFrame, type Unframeable } from '#shared/framing/framing.ts';
import { createEncoder, frameAround } from '#shared/framing/spec.ts';
import { type Batches, Boundaries, singleBatch, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LoadedBatches } from '../connection/sends.ts';

/** A message or a file to send: split into batches for each socket according to its framing. */
export interface Outgoing {
  /** Bytes of the body. */
  readonly length: number;
  batches(framing: FramingSpec): Batches | LoadedBatches | Unframeable;
}

/** Returns one message from memory, encoded once for each framing of the sockets; unchanged without `frame`. */
export function outgoingBytes(body: Uint8Array, frame: boolean): Outgoing {
  const encode = createEncoder(body, frame);
  return {
    length: body.length,
    batches(framing) {
      const encoded = encode(framing);
      if (isUnframeable(encoded)) return encoded;
      const { bytes, head, tail } = encoded;
      return singleBatch(bytes, singleBoundary(bytes.length, head, tail));
    },
  };
}

/** The size of the pieces in which a file is read and recorded. */
const pieceBytes = 262_144;

/**
 * Returns the content of the file at `path`, which is read piece by piece while it is sent. With `whole`, it is one message
 * and is read into memory, up to 64 MiB: for datagrams, and for a framing that escapes bytes.
 */
export async function outgoingFile(path: string, frame: boolean, whole: boolean): Promise<Result<Outgoing>> {
  try {
    const handle = await openFile(path);
    try {
      const { size } = await handle.stat();
      if (whole) return await wholeFile(path, handle, size, frame);
      return ok(streamedFile(path, size, frame));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { ok: false, error: unreadableFile(`Could not read “${path}”`, error) };
  }
}

async function wholeFile(path: string, handle: FileHandle, size: number, frame: boolean): Promise<Result<Outgoing>> {
  if (size > maxSendBytes) {
    return fail('too-large', `Could not send “${path}”`, {
      system: `the file has ${size} bytes, and a message that must be in memory has a maximum of ${maxSendBytes}`,
      hint: 'Send it in parts, or over a stream whose framing does not escape bytes.',
    });
  }
  return ok(outgoingBytes(await handle.readFile(), frame));
}

function streamedFile(path: string, size: number, frame: boolean): Outgoing {
  return {
    length: size,
    batches(framing) {
      const around = frame ? frameAround(framing, size) : noFrame;
      return isUnframeable(around) ? around : new FilePieces(path, size, around, framing);
    },
  };
}

/** The pieces of one file for one socket: one of them is in memory at a time. */
class FilePieces implements LoadedBatches {
  readonly #path: string;
  readonly #left: { head: Uint8Array; bytes: number; tail: Uint8Array };
  readonly total: number;
  /** With raw framing a piece is a message, as a read is. */
  readonly #raw: boolean;
  /** The tail belongs to the message. */
  readonly #keepsTail: boolean;
  #handle: Promise<FileHandle> | undefined;
  #at = 0;
  #over = false;

  constructor(path: string, size: number, around: Frame, framing: FramingSpec) {
    this.#path = path;
    this.total = around.head.length + size + around.tail.length;
    this.#left = { head: around.head, bytes: size, tail: around.tail };
    this.#raw = framing.kind === 'raw';
    this.#keepsTail = around.keepsTail ?? false;
  }

  async load() {
    if (this.#over) return undefined;
    this.#handle ??= openFile(this.#path);
    const handle = await this.#handle;
    const left = this.#left;
    const { head } = left;
    const wanted = Math.min(pieceBytes, left.bytes);
    const last = wanted === left.bytes;
    const tail = last ? left.tail : new Uint8Array(0);
    const bytes = new Uint8Array(head.length + wanted + tail.length);
    bytes.set(head);
    let read = 0;
    while (read < wanted) {
      const { bytesRead } = await handle.read(bytes, head.length + read, wanted - read, this.#at + read);
      if (bytesRead === 0) throw new Error(`“${this.#path}” became shorter while it was sent`);
      read += bytesRead;
    }
    bytes.set(tail, head.length + wanted);
    this.#at += wanted;
    left.bytes -= wanted;
    left.head = new Uint8Array(0);
    this.#over = last;
    if (bytes.length === 0) return undefined;
    const boundaries = new Boundaries(1);
    boundaries.push(
      bytes.length,
      head.length,
      this.#keepsTail ? 0 : tail.length,
      last || this.#raw ? 0 : messageFlags.part,
    );
    return { bytes, boundaries };
  }

  close(): void {
    this.#over = true;
    void this.#handle?.then((handle) => handle.close()).catch(() => {});
  }
}
