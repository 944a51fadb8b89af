import { type ImportKind, importFormats } from '#shared/export/import-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { ByteReader } from '#shared/pcap/reading/byte-reader.ts';
import { blockMagic } from '#shared/record/block.ts';
import { fileFailure } from '../../format/file-failure.ts';
import { importReaders } from './formats/catalogue.ts';
import { SourceFile } from './source-file.ts';
import { isGzip, unpackedStart } from './unpack.ts';

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
