import { decodeUtf8Lossy, showControls } from '#shared/bytes/text.ts';
import { describeEvent } from '#shared/record/describe.ts';
import { parseSocketEvent } from '#shared/record/parse-event.ts';
import { isMessageCode, kindOfCode, type Row } from '#shared/record/record.ts';
import type { DecodedBlock } from '../format/decoded-block.ts';
import { type PreviewSources, previewOf } from './preview.ts';

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
    const text = `a record of kind ${code} that this version cannot read`;
    return { ...lifecycle, kind: 'problem', preview: text, event: { kind: 'problem', text } };
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

/** Longer events are hostile: the engine's texts are short. */
const maxEventBytes = 1_048_576;
