import { isUtf8 } from 'node:buffer';
import { decodeUtf8Lossy, endOfCharacters, previewText, showControls } from '#shared/bytes/text.ts';
import { bodyRange, bytesOfText, StreamTexts } from '#shared/export/record-format.ts';
import { bytesToDecode, canEndFrame, decodeStart, escapingOf } from '#shared/framing/spec.ts';
import { verdictOf } from '#shared/record/received-checksum.ts';
import {
  type ChecksumVerdict,
  describeEvent,
  isMessageCode,
  kindOfCode,
  type Row,
  type SocketInfo,
} from '#shared/record/record.ts';
import { parseSocketEvent } from '#shared/record/session-json.ts';
import type { BlockIndex } from '../format/block-index.ts';
import { type BlockCache, type DecodedBlock, isMessage } from '../format/decoded-block.ts';

/**
 * Returns record `index` of `block` as a row. Without `sources` its preview is empty: exports have the bytes.
 */
export function rowOf(block: DecodedBlock, index: number, sources?: PreviewSources): Row {
  const { columns } = block;
  const code = columns.kinds[index] as number;
  const kind = kindOfCode(code);
  const seq = block.first + index;
  const at = block.at(index);
  const socket = columns.sockets[index] as number;
  const length = columns.lengths[index] as number;
  if (kind === undefined || !isMessageCode(code)) {
    const bytes = block.bytes(index, 0, Math.min(length, maxEventBytes));
    const event = kind && parseSocketEvent(decodeUtf8Lossy(bytes), kind);
    const lifecycle = { seq, at, socket, offset: 0, length: 0, head: 0, tail: 0, flags: 0 };
    if (event)
      return {
        ...lifecycle,
        kind: event.kind,
        preview: showControls(describeEvent(event, sources?.sockets.get(socket))),
        event,
      };
    const text = unreadableText(code, bytes);
    return { ...lifecycle, kind: 'problem', preview: showControls(text), event: { kind: 'problem', text } };
  }
  return {
    seq,
    at,
    kind,
    socket,
    offset: columns.offsets[index] as number,
    length,
    head: columns.heads[index] as number,
    tail: columns.tails[index] as number,
    flags: columns.flags[index] as number,
    preview: sources ? previewOf(block, index, sources) : '',
  };
}

/** Returns the verdict on the checksum of record `index` of `block`; `undefined` if it is not checked. */
export function checksumAt(
  block: DecodedBlock,
  index: number,
  { sockets }: Pick<BlockIndex, 'sockets'>,
): ChecksumVerdict | undefined {
  const socket = sockets.get(block.columns.sockets[index] as number);
  if (socket?.checksum === undefined || !isMessage(block, index)) return undefined;
  const row = messageAt({ block, index });
  return verdictOf(row, socket, () => block.bytes(index, 0, row.length));
}

/** Longer events are hostile: the engine's texts are short. */
const maxEventBytes = 1_048_576;

const previewBytes = 256;
/** How far `previewText` may look beyond its end: whether a character continues there. */
const lookAhead = 4;
/** A character has at most four bytes (RFC 3629), so at most three earlier records can contain its start. */
const maxBegun = 3;
/** How many records are examined to find the previous one of the same flow. */
const maxSteps = 4_096;
/** How much of a record's end is checked to be text before a character is carried over from it. */
const checkedBytes = 4_096;

interface PreviewSources {
  /** The sockets, which have the framings. */
  readonly sockets: ReadonlyMap<number, SocketInfo>;
  /** Returns the block before `block`; `undefined` for the first one, and if it is damaged. */
  readonly blockBefore: (block: DecodedBlock) => DecodedBlock | undefined;
}

interface Place {
  readonly block: DecodedBlock;
  readonly index: number;
}

/**
 * Returns the first bytes of message `index` as one line of text, without its framing and escapes. A character
 * that is split between records of a stream appears in the record that ends it, as in text exports.
 */
function previewOf(block: DecodedBlock, index: number, sources: PreviewSources): string {
  const row = messageAt({ block, index });
  const socket = sources.sockets.get(row.socket);
  const { from, to } = bodyRange(row);
  const most = previewBytes + lookAhead;
  const spec = escapingOf(socket?.framing ?? '', row);
  const start = block.bytes(index, from, Math.min(to, from + most));
  if (!spec) return previewText(joinedStart({ block, index }, start, sources) ?? start, previewBytes);
  const end = Math.min(to, bytesToDecode(most, from));
  // A long message is not decoded completely: its end shows whether it is of this framing or of an earlier one.
  const isOther = end < to && !canEndFrame(spec, block.bytes(index, to, row.length)[0]);
  return previewText(isOther ? start : decodeStart(spec, block.bytes(index, 0, end), from, end === to), previewBytes);
}

/**
 * Returns the bytes of the text that begins with `start`, the first bytes of a body: with the character that an earlier
 * record began, and without one that a later record ends. Returns `undefined` if they equal `start`.
 */
function joinedStart(place: Place, start: Uint8Array, sources: PreviewSources): Uint8Array | undefined {
  const row = messageAt(place);
  const { from, to } = bodyRange(row);
  const isWhole = to - from === start.length;
  const goesOn = isContinuation(start[0]);
  if (!goesOn && !(isWhole && (start.at(-1) ?? 0) >= 0x80)) return undefined;
  const texts = new StreamTexts(isUtf8, { seesAll: false });
  if (goesOn) for (const before of placesBefore(place, sources)) follow(texts, before, sources.sockets);
  const end = isWhole ? start : place.block.bytes(place.index, to - lookAhead, to);
  const found = texts.look(row, { length: to - from, start, end }, sources.sockets.get(row.socket));
  const shown = { ...found, to: isWhole ? found.to : endOfCharacters(start) };
  return isUtf8(start.subarray(shown.from, shown.to)) ? bytesOfText(shown, start) : undefined;
}

/** Lets `texts` continue after the record at `place`, if that is text. */
function follow(texts: StreamTexts, { block, index }: Place, sockets: PreviewSources['sockets']): void {
  const row = messageAt({ block, index });
  const { from, to } = bodyRange(row);
  const checked = block.bytes(index, Math.max(from, to - checkedBytes), to);
  const start = block.bytes(index, from, Math.min(to, from + lookAhead));
  const found = texts.look(row, { length: to - from, start, end: checked }, sockets.get(row.socket));
  // The check ends where the text ends. The text may begin with the end of a character, which is not searched for further.
  let first = to - from === checked.length ? found.from : 0;
  while (first < lookAhead - 1 && isContinuation(checked[first])) first += 1;
  const end = checked.length - (to - from - found.to);
  if (isUtf8(checked.subarray(first, end))) texts.settle(row, found);
}

/** Returns the records before `place` in its flow that may contain the start of its first character, the oldest first. */
function placesBefore(place: Place, sources: PreviewSources): Place[] {
  const places: Place[] = [];
  for (let at = placeBefore(place, sources); at && places.length < maxBegun; at = placeBefore(at, sources)) {
    places.unshift(at);
    const { from, to } = bodyRange(messageAt(at));
    // If the character begins in this record, earlier ones are not involved.
    if (to - from >= maxBegun || !isContinuation(at.block.bytes(at.index, from, to)[0])) break;
  }
  return places;
}

/** Returns the record that ends in the flow's stream where the one at `place` begins; in its block or the previous one. */
function placeBefore({ block, index }: Place, { blockBefore }: PreviewSources): Place | undefined {
  const { columns } = block;
  const flow = { socket: columns.sockets[index], kind: columns.kinds[index], end: columns.offsets[index] as number };
  let steps = maxSteps;
  let last = index - 1;
  for (
    let current: DecodedBlock | undefined = block;
    current;
    current = current === block ? blockBefore(block) : undefined
  ) {
    const { sockets, kinds, offsets, lengths } = current.columns;
    if (current !== block) last = current.count - 1;
    for (let at = last; at >= 0 && steps > 0; at -= 1, steps -= 1) {
      if (sockets[at] !== flow.socket || kinds[at] !== flow.kind) continue;
      const end = (offsets[at] as number) + (lengths[at] as number);
      return end === flow.end ? { block: current, index: at } : undefined;
    }
  }
  return undefined;
}

function messageAt({ block, index }: Place) {
  const { kinds, sockets, offsets, lengths, heads, tails, flags } = block.columns;
  return {
    socket: sockets[index] as number,
    kind: kindOfCode(kinds[index] as number) ?? 'in',
    offset: offsets[index] as number,
    length: lengths[index] as number,
    head: heads[index] as number,
    tail: tails[index] as number,
    flags: flags[index] as number,
  };
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Returns what previews need of the session of `index` and `cache`. */
export function previewSources(index: BlockIndex, cache: BlockCache): PreviewSources {
  return {
    sockets: index.sockets,
    blockBefore: ({ first }) => (first === 0 ? undefined : cache.get(index.find(first - 1))),
  };
}

/** How much of a record that cannot be read is shown. */
const maxUnreadableBytes = 4_096;

/** Returns what is shown of a record with a code or with fields of a later version: its bytes, mostly JSON. */
function unreadableText(code: number, bytes: Uint8Array): string {
  const reason = `a record of kind ${code} that this version cannot read`;
  if (bytes.length === 0) return reason;
  const shown = decodeUtf8Lossy(bytes.subarray(0, maxUnreadableBytes));
  return `${reason}: ${shown}${bytes.length > maxUnreadableBytes ? '…' : ''}`;
}
