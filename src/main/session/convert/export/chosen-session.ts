import type { Scope } from '#shared/contract/models.ts';
import { blockTypes } from '#shared/record/block.ts';
import type { Mark } from '#shared/record/marks.ts';
import { type SessionHeader, sessionFormat, sessionVersion } from '#shared/record/session-header.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { ReadsWalk } from '../../query/reads-walk.ts';
import type { Progress } from '../../slices.ts';
import { eachRecord } from './each-record.ts';
import type { ChosenRecords, SaveSource, Saving } from './saving.ts';
import { SessionWriter } from './session-writer.ts';
import type { TargetFile } from './target-file.ts';

/**
 * Writes the chosen records as a separate session: numbered from 0, with their sockets and marks. The reads are kept where
 * whole sockets are chosen; of parts of a stream they would mean nothing.
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
  const isWholeSockets = scope.filter === undefined && scope.direction === undefined;
  const wanted = isWholeSockets ? new Set(scope.sockets) : new Set<number>();
  const reads = wanted.size > 0 ? new ReadsWalk(index) : undefined;
  const keepRead = (socket: number, at: number, offset: number, length: number) => {
    if (wanted.has(socket)) writer.read(socket, at, offset, length);
  };
  const before = function* (chosen: ChosenRecords) {
    // Reads come before the messages that they completed.
    for (const _ of reads?.upTo(chosen.done, keepRead) ?? []) yield chosen;
    describeSockets(index, writer, described, chosen.block.columns.sockets, chosen);
  };
  const add = (block: DecodedBlock, at: number, progress: Progress) => {
    const mark = index.marks.size === 0 ? undefined : index.marks.get(block.first + at);
    if (mark) marks.push({ ...mark, seq: writer.next });
    return writer.add(block, at, progress);
  };
  yield* eachRecord(source, add, { before });
  for (const progress of reads?.upTo(index.end, keepRead) ?? []) yield progress;
  writer.flush();
  if (marks.length > 0) writer.json(blockTypes.marks, marks);
  writer.json(blockTypes.end, writer.totals);
  return writer.totals.records;
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
