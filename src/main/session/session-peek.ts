import { crc32 } from 'node:zlib';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { blockHeaderSize, blockTypes, checksumOffset, readBlockHeader } from '#shared/record/block.ts';
import {
  parseSessionHeader,
  parseSessionSettings,
  parseSessionTotals,
  type SessionHeader,
  type SessionTotals,
} from '#shared/record/session-header.ts';
import { SessionFile } from './reading/session-file.ts';
import { isBeingRecorded } from './recording-process.ts';

/** What the first and the last bytes of a session file tell, without reading what is between. */
interface SessionPeek {
  readonly header: SessionHeader;
  /** The name it was given last; the header's where there is none. */
  readonly name: string;
  /** Where the file was ended in order. */
  readonly totals: SessionTotals | undefined;
  /** Its recorder is at work now. */
  readonly recording: boolean;
  readonly fileBytes: number;
}

/** A header block is longer than this only in a forged file. */
const maxHeaderBytes = 65_536;
/** Where the end is looked for: behind it come only marks and settings, which a person has set one by one. */
const tailSizes = [65_536, 1_048_576];
const magic = Buffer.from('WBk1');
/** So many times the bytes of the end are checked at most, whatever they are. */
const maxChecks = 4;

/**
 * Looks at the session file at `path` in a few reads, however long it is. `undefined` where it is no session file.
 * Throws what reading the file throws.
 */
export function peekSession(path: string): SessionPeek | undefined {
  const file = new SessionFile(path);
  try {
    const fileBytes = file.size();
    const header = headerIn(file.read(0, Math.min(maxHeaderBytes, fileBytes)));
    if (header === undefined) return undefined;
    let tail: Tail = { totals: undefined, name: '' };
    for (const size of tailSizes) {
      const from = Math.max(0, fileBytes - size);
      tail = tailIn(file.read(from, fileBytes - from));
      if (tail.totals || from === 0) break;
    }
    const { totals, name } = tail;
    return { header, name: name || header.name, totals, recording: isBeingRecorded(header, totals), fileBytes };
  } finally {
    file.close();
  }
}

function headerIn(bytes: Uint8Array): SessionHeader | undefined {
  const block = blockAt(bytes, 0);
  if (block?.type !== blockTypes.session) return undefined;
  const header = parseSessionHeader(block.text);
  return typeof header === 'string' ? undefined : header;
}

interface Tail {
  readonly totals: SessionTotals | undefined;
  readonly name: string;
}

/**
 * What the whole blocks at the end of `bytes` say: those that follow each other, each sound, up to the last byte. Found
 * from the end on, so that only what may be such a block is checked: a peer may have sent bytes that look like many.
 */
function tailIn(bytes: Uint8Array): Tail {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let tail: Tail = { totals: undefined, name: '' };
  // What the blocks say from each place on where a sound one begins.
  const tails = new Map([[buffer.length, tail]]);
  let left = maxChecks * buffer.length;
  for (let at = buffer.lastIndexOf(magic); at >= 0; at = at === 0 ? -1 : buffer.lastIndexOf(magic, at - 1)) {
    const header = readBlockHeader(new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at));
    if (typeof header === 'string') continue;
    const size = blockHeaderSize + header.bodyLength;
    const behind = tails.get(at + size);
    if (behind === undefined) continue;
    left -= size;
    if (left < 0) break;
    const block = blockAt(buffer, at);
    if (block === undefined) continue;
    const { totals, name } = behind;
    tail = {
      totals: totals ?? (block.type === blockTypes.end ? parseSessionTotals(block.text) : undefined),
      name: name || (block.type === blockTypes.settings ? (parseSessionSettings(block.text).name ?? '') : ''),
    };
    if (tail.totals && tail.name !== '') break;
    tails.set(at, tail);
  }
  return tail;
}

/** The block at `at`, if a whole and sound one is there; `text` only of those that are JSON. */
function blockAt(bytes: Uint8Array, at: number): { type: number; size: number; text: string } | undefined {
  const header = readBlockHeader(new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at));
  if (typeof header === 'string') return undefined;
  const { type, bodyLength, payloadLength, checksum } = header;
  const size = blockHeaderSize + bodyLength;
  if (at + size > bytes.length) return undefined;
  const block = bytes.slice(at, at + size);
  block.fill(0, checksumOffset, checksumOffset + 4);
  if (crc32(block) !== checksum) return undefined;
  const isJson = type === blockTypes.session || type === blockTypes.end || type === blockTypes.settings;
  const text = isJson ? decodeUtf8Lossy(block.subarray(blockHeaderSize, blockHeaderSize + payloadLength)) : '';
  return { type, size, text };
}
