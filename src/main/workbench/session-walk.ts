import { setImmediate } from 'node:timers/promises';
import { SessionFile } from '#session/format/session-file.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { blockHeaderSize, blockTypes, readBlockHeader } from '#shared/record/block.ts';
import { parseSessionSettings } from '#shared/record/session-json.ts';

/** What can only be determined by a walk from block to block. */
interface SessionFacts {
  /** The number of records in whole blocks. */
  readonly records: number;
  /** The bytes after the last whole block: what a killed program had begun to write. */
  readonly cutBytes: number;
  /** The name given by the user, or an empty string. */
  readonly name: string;
  /** It was named, bookmarked in or annotated: it is not deleted automatically. */
  readonly kept: boolean;
}

/** How long the walk runs before it lets the engine work. */
const sliceMs = 4;
/** Only a forged file has a longer settings block. */
const maxSettingsBytes = 65_536;

/**
 * Walks over the block headers of the session file at `path`; reads no records. Checks the blocks’ structure, but not their
 * checksums, which are checked when the session is opened. Throws what reading the file throws.
 */
export async function walkSession(path: string): Promise<SessionFacts> {
  const file = new SessionFile(path);
  try {
    const size = file.size();
    let at = 0;
    let records = 0;
    let name = '';
    let marked = false;
    let sliceEnd = performance.now() + sliceMs;
    while (at < size) {
      const header = readBlockHeader(file.peek(at, blockHeaderSize, size));
      if (typeof header === 'string' || header.first !== records) break;
      const next = at + blockHeaderSize + header.bodyLength;
      if (next > size) break;
      if (header.type === blockTypes.records) records += header.count;
      else if (header.type === blockTypes.marks) marked = true;
      else if (header.type === blockTypes.settings) {
        const text = file.read(at + blockHeaderSize, Math.min(header.payloadLength, maxSettingsBytes));
        name = parseSessionSettings(decodeUtf8Lossy(text)).name ?? name;
      }
      at = next;
      if (performance.now() > sliceEnd) {
        await setImmediate();
        sliceEnd = performance.now() + sliceMs;
      }
    }
    return { records, cutBytes: size - at, name, kept: marked || name !== '' };
  } finally {
    file.close();
  }
}
