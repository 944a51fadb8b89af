import { decodeUtf8Lossy, previewText, showControls } from '#shared/bytes/text.ts';
import { bytesToDecode, decodeStart, escapingOf, type FramedRow } from '#shared/framing/unescape.ts';
import { describeEvent } from '#shared/record/describe.ts';
import { parseSocketEvent } from '#shared/record/parse-event.ts';
import { isMessageCode, kindOfCode, type Row, type SocketInfo } from '#shared/record/record.ts';
import { bodyRange } from '#shared/record/record-format.ts';
import type { DecodedBlock } from './decoded-block.ts';

const previewBytes = 256;
/** What `previewText` may look at beyond its end: whether a character goes on there. */
const lookAhead = 4;

/**
 * Record `index` of `block` as a row. Without `sockets`, which know the framings, a message's preview stays empty: exports
 * have the bytes.
 */
export function rowOf(block: DecodedBlock, index: number, sockets?: ReadonlyMap<number, SocketInfo>): Row {
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
        preview: showControls(describeEvent(event, sockets?.get(socket))),
        event,
      };
    const text = `a record of kind ${code} that this version cannot read`;
    return { ...lifecycle, kind: 'problem', preview: text, event: { kind: 'problem', text } };
  }
  const head = columns.heads[index] as number;
  const tail = columns.tails[index] as number;
  const flags = columns.flags[index] as number;
  const framing = sockets?.get(socket)?.framing ?? '';
  return {
    seq,
    at,
    kind,
    socket,
    offset: columns.offsets[index] as number,
    length,
    head,
    tail,
    flags,
    preview: sockets ? previewText(bodyStart(block, index, { length, head, tail, flags }, framing), previewBytes) : '',
  };
}

/** The first bytes of a message, without its framing and what that escapes. */
function bodyStart(
  block: DecodedBlock,
  index: number,
  row: FramedRow & { length: number },
  framing: string,
): Uint8Array {
  const { from, to } = bodyRange(row);
  const most = previewBytes + lookAhead;
  const spec = escapingOf(framing, row);
  if (!spec) return block.bytes(index, from, Math.min(to, from + most));
  const end = Math.min(to, bytesToDecode(most, from));
  // A long message is not decoded whole: that it is one of this framing's, and not of one before, its end has to tell.
  if (spec.kind === 'cobs' && end < to && block.bytes(index, to, row.length)[0] !== 0) {
    return block.bytes(index, from, Math.min(to, from + most));
  }
  return decodeStart(spec, block.bytes(index, 0, end), from, end === to);
}

/** Longer events are not ours: the engine's texts are short. */
const maxEventBytes = 1_048_576;
