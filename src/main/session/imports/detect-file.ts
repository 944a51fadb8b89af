import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { looksLikeRecord } from '#shared/export/jsonl-record.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { ByteReader } from '#shared/pcap/reading/byte-reader.ts';
import { captureKind } from '#shared/pcap/reading/packet.ts';
import { blockMagic } from '#shared/record/block.ts';
import { fileFailure } from '../file-failure.ts';
import { SourceFile } from './source-file.ts';
import { isGzip, unpackedStart } from './unpack.ts';

type FileKind = 'wirebench' | 'pcap' | 'pcapng' | 'jsonl';

/** How much of a file is looked at. */
export const startBytes = 65_536;

/**
 * What the file at `path` is, by its content; of one that is compressed with gzip, what it unpacks to. Fails as `not-a-session` where it is nothing that Wirebench reads, as
 * `file` where it cannot be read.
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

/** What a file that begins with `start` (64 KiB, or all of it) is. */
export function kindOf(path: string, start: Uint8Array): Result<FileKind> {
  if (!isGzip(start)) {
    const kind = plainKindOf(start);
    return kind ? { ok: true, value: kind } : { ok: false, error: unknownFile(path, start.length === 0) };
  }
  const kind = plainKindOf(unpackedStart(start));
  // A session is read where it is, which a compressed one cannot be.
  if (kind === undefined || kind === 'wirebench') return { ok: false, error: unknownGzip(path, kind) };
  return { ok: true, value: kind };
}

function plainKindOf(start: Uint8Array): FileKind | undefined {
  const kind = captureKind(start);
  if (kind) return kind;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (start.length >= 4 && view.getUint32(0, true) === blockMagic) return 'wirebench';
  return looksLikeRecord(decodeUtf8Lossy(start)) ? 'jsonl' : undefined;
}

const words = 'is not a Wirebench session, nor a capture that can be imported';

function unknownFile(path: string, isEmpty: boolean): Failure {
  return {
    code: 'not-a-session',
    message: `“${path}” ${words}`,
    system: isEmpty ? 'the file is empty' : '',
    hint: 'Wirebench opens sessions (.wirebench) and imports pcap, pcapng and the JSON lines that it exports.',
  };
}

function unknownGzip(path: string, kind: 'wirebench' | undefined): Failure {
  const system = kind ? 'it is a session, compressed with gzip' : 'it is compressed with gzip, and holds no capture';
  return { code: 'not-a-session', message: `“${path}” ${words}`, system, hint: 'Unpack it with gunzip first.' };
}
