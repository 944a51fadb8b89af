import { closeSync, writeSync } from 'node:fs';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { createPrivateFile } from '#files/private-files.ts';
import { type ImportKind, importFormats } from '#shared/export/import-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import { blockMagic } from '#shared/record/block.ts';
import { fileFailure } from '../../format/failures.ts';
import type { ReaderJob } from '../../threads.ts';
import { SourceFile } from '../export/standard-streams.ts';
import { importReaders } from './formats/catalogue.ts';

type FileKind = 'wirebench' | ImportKind;

/** The number of bytes that are enough to detect the format. */
export const startBytes = 65_536;

/**
 * Returns the format of the file at `path`, by its content; for one that is compressed with gzip, that of the unpacked content.
 * Fails as `not-a-session` where Wirebench does not read the format, as `file` where the file cannot be read.
 */
export async function detectFile(path: string): Promise<Result<FileKind>> {
  try {
    const source = new SourceFile(path);
    try {
      return kindOf(path, new ByteReader((into) => source.read(into)).peek(startBytes));
    } finally {
      source.close();
    }
  } catch (error) {
    return { ok: false, error: fileFailure(`Could not read “${path}”`, error) };
  }
}

/** Returns the format of a file that begins with `start` (64 KiB, or all of it). */
export function kindOf(path: string, start: Uint8Array): Result<FileKind> {
  if (!isGzip(start)) {
    const kind = plainKindOf(start);
    return kind ? { ok: true, value: kind } : { ok: false, error: unknownFile(path, start.length === 0) };
  }
  const kind = plainKindOf(unpackedStart(start));
  // A session is read in place, which is not possible in a compressed file.
  if (kind === undefined || kind === 'wirebench') return { ok: false, error: unknownGzip(path, kind) };
  return { ok: true, value: kind };
}

function plainKindOf(start: Uint8Array): FileKind | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (start.length >= 4 && view.getUint32(0, true) === blockMagic) return 'wirebench';
  return importReaders.find((format) => format.detects(start))?.kind;
}

const words = 'is not a Wirebench session, nor a capture that can be imported';

function unknownFile(path: string, isEmpty: boolean): Failure {
  return {
    code: 'not-a-session',
    message: `“${path}” ${words}`,
    system: isEmpty ? 'the file is empty' : '',
    hint: `Wirebench opens sessions (.wirebench) and imports: ${importFormats.map(({ label }) => label).join(', ')}.`,
  };
}

function unknownGzip(path: string, kind: 'wirebench' | undefined): Failure {
  const system = kind
    ? 'it is a session, compressed with gzip'
    : 'it is compressed with gzip, and does not contain a capture';
  return { code: 'not-a-session', message: `“${path}” ${words}`, system, hint: 'Unpack it with gunzip first.' };
}

/** What a compressed file may unpack to: 16 GiB. */
export const maxUnpackedBytes = 16 * 1_024 * 1_048_576;
/** What the start of one may unpack to: gzip makes at most about a thousand bytes of one. */
const maxStartBytes = 128 * 1_048_576;
const stepBytes = 262_144;

/** How unpacking ended; `too-large`: the cap was exceeded, and the result must not be used. */
export type Unpacked = 'whole' | 'damaged' | 'cancelled' | 'too-large';

/** True where a file that begins with `start` is compressed with gzip (RFC 1952). */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Unpacks the start of a gzip file, as far as it goes; empty where it is damaged. */
function unpackedStart(start: Uint8Array): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxStartBytes });
  } catch {
    return new Uint8Array(0);
  }
}

/**
 * Unpacks what `reader` gives into the new file `path`, piece by piece. The bytes before damage, or before the end
 * of a truncated file, are unpacked. What `node:fs` throws is passed to the caller.
 */
export async function unpack(
  reader: ByteReader,
  path: string,
  { isCancelled, onStep, maxBytes }: UnpackOptions,
): Promise<Unpacked> {
  const file = createPrivateFile(path);
  const gunzip = createGunzip();
  let written = 0;
  let failure: unknown;
  let isDamaged = false;
  gunzip.on('data', (bytes: Buffer) => {
    written += bytes.length;
    if (written > maxBytes || failure !== undefined) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      failure = error;
    }
  });
  const closed = new Promise((resolve) => gunzip.once('close', resolve));
  gunzip.on('error', () => {
    isDamaged = true;
  });
  try {
    while (!gunzip.destroyed && written <= maxBytes && failure === undefined) {
      if (isCancelled()) return 'cancelled';
      // A copy: the reader's own bytes are good until the next call only.
      const bytes = Uint8Array.from(reader.take(stepBytes));
      if (bytes.length === 0) break;
      // Where it fails, it may not call back.
      await Promise.race([new Promise((resolve) => gunzip.write(bytes, resolve)), closed]);
      onStep(reader.position);
    }
    if (!gunzip.destroyed) gunzip.end();
    if (written <= maxBytes && failure === undefined) await closed;
    if (failure !== undefined) throw failure;
    if (written > maxBytes) return 'too-large';
    return isDamaged ? 'damaged' : 'whole';
  } finally {
    gunzip.destroy();
    closeSync(file);
  }
}

interface UnpackOptions {
  readonly isCancelled: ReaderJob['isCancelled'];
  /** Hears how many bytes of the source are unpacked. */
  readonly onStep: (done: number) => void;
  readonly maxBytes: number;
}
