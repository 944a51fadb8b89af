import type { Scope } from '#shared/contract/models.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { Mark } from '#shared/record/marks.ts';
import { readEntrySize, viewReads } from '#shared/record/reads.ts';
import {
  type SessionHeader,
  type SessionTotals,
  sessionFormat,
  sessionVersion,
} from '#shared/record/session-header.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { Progress } from '../reading/slices.ts';
import { FillingReads, readsBlock } from '../recording/filling-reads.ts';
import { Counts } from './counting.ts';
import { chosenBlocks, placeOf, type SaveSource, type Saving } from './saving.ts';
import { SessionWriter } from './session-writer.ts';
import type { TargetFile } from './target-file.ts';

/**
 * Writes the chosen records as a session of their own: numbered anew, with their sockets and marks. The reads are kept
 * where whole sockets are chosen; of parts of a stream they would say nothing.
 */
export function* saveChosenSession(source: SaveSource, scope: Scope, target: TargetFile): Saving {
  const { index } = source;
  const writer = new SessionWriter(target);
  const { app = '', id = '', name = '', createdAt = '' } = index.header ?? {};
  const header: SessionHeader = {
    format: sessionFormat,
    version: sessionVersion,
    app,
    id,
    name: index.settings.name || name,
    createdAt,
  };
  writer.json(blockTypes.session, header);
  const described = new Set<number>();
  const marks: Mark[] = [];
  const counts = new Counts();
  const isWholeSockets = scope.filter === undefined && scope.direction === undefined;
  const reads = isWholeSockets ? new Set(scope.sockets) : new Set<number>();
  for (const chosen of chosenBlocks(source)) {
    const { block, count } = chosen;
    counts.add(chosen);
    describeSockets(index, writer, described, block.columns.sockets, chosen);
    for (let which = 0; which < count; which += 1) {
      const at = placeOf(chosen, which);
      const mark = index.marks.size === 0 ? undefined : index.marks.get(block.first + at);
      if (mark) marks.push({ ...mark, seq: writer.next });
      yield* writer.add(block, at, chosen);
    }
    yield chosen;
  }
  writer.flush();
  if (reads.size > 0) yield* copyReads(index, writer, reads);
  if (marks.length > 0) writer.json(blockTypes.marks, marks);
  const totals: SessionTotals = {
    records: counts.records,
    messages: counts.messagesIn + counts.messagesOut,
    bytes: counts.bytesIn + counts.bytesOut,
    problems: counts.problems,
  };
  writer.json(blockTypes.end, totals);
  return counts.records;
}

/** Describes the sockets that the chosen records name for the first time. */
function describeSockets(
  index: BlockIndex,
  writer: SessionWriter,
  described: Set<number>,
  sockets: Uint32Array,
  chosen: { readonly records: Uint32Array | undefined; readonly count: number },
): void {
  const infos = [];
  let last = -1;
  for (let which = 0; which < chosen.count; which += 1) {
    const socket = sockets[chosen.records === undefined ? which : (chosen.records[which] as number)] as number;
    if (socket === last || described.has(socket)) continue;
    last = socket;
    described.add(socket);
    const info = index.sockets.get(socket);
    if (info) infos.push(info);
  }
  if (infos.length > 0) writer.json(blockTypes.sockets, infos);
}

function* copyReads(index: BlockIndex, writer: SessionWriter, sockets: ReadonlySet<number>): Generator<Progress, void> {
  const filling = new FillingReads();
  const flush = () => {
    const filled = filling.take();
    if (filled) writer.outgoing(readsBlock(filled, writer.next));
  };
  for (let block = 0; block < index.readsCount; block += 1) {
    const found = index.readsBlock(block);
    if (found === undefined) break;
    const { header, body } = found;
    const count = header.payloadLength / readEntrySize;
    const columns = viewReads(body.buffer, count, body.byteOffset);
    for (let at = 0; at < count; at += 1) {
      const socket = columns.sockets[at] as number;
      if (!sockets.has(socket)) continue;
      const time = header.baseTime + (columns.times[at] as number) / 1_000;
      const offset = columns.offsets[at] as number;
      const length = columns.lengths[at] as number;
      if (filling.add(socket, time, offset, length)) continue;
      flush();
      filling.add(socket, time, offset, length);
    }
    yield { done: index.end, total: index.end };
  }
  flush();
}
