import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { ByteReader } from '#shared/capture/byte-reader.ts';
import { looksLikeRecord } from '#shared/capture/jsonl-record.ts';
import { captureKind } from '#shared/capture/packet.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { blockMagic } from '#shared/record/block.ts';
import { fileFailure } from '../file-failure.ts';
import { SourceFile } from './source-file.ts';

export type FileKind = 'wirebench' | 'pcap' | 'pcapng' | 'jsonl';

/** How much of a file is looked at. */
export const startBytes = 65_536;

/**
 * What the file at `path` is, by its content. Fails as `not-a-session` where it is nothing that Wirebench reads, as
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
  const kind = captureKind(start);
  if (kind) return { ok: true, value: kind };
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (start.length >= 4 && view.getUint32(0, true) === blockMagic) return { ok: true, value: 'wirebench' };
  if (looksLikeRecord(decodeUtf8Lossy(start))) return { ok: true, value: 'jsonl' };
  return { ok: false, error: unknownFile(path, start) };
}

function unknownFile(path: string, start: Uint8Array): Failure {
  const [first, second] = start;
  const isGzip = first === 0x1f && second === 0x8b;
  const system = start.length === 0 ? 'the file is empty' : isGzip ? 'it is compressed with gzip' : '';
  return {
    code: 'not-a-session',
    message: `“${path}” is not a Wirebench session, nor a capture that can be imported`,
    system,
    hint: isGzip
      ? 'Unpack it with gunzip first.'
      : 'Wirebench opens sessions (.wirebench) and imports pcap, pcapng and the JSON lines that it exports.',
  };
}
