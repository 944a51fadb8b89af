import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Scope } from '#shared/contract/models.ts';
import { blockTypes, makeBlock, recordColumnsSize } from '#shared/record/block.ts';
import type { Mark } from '#shared/record/record.ts';
import { type SessionHeader, type SessionTotals, sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import type { BlockIndex } from '../../../format/block-index.ts';
import type { Scan } from '../../../format/block-source.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import { ReadsWalk } from '../../../query/reads.ts';
import type { Progress } from '../../../threads.ts';
import {
  type ChosenRecords,
  type ExportWriter,
  eachRecord,
  run,
  type SaveSource,
  type Saving,
  sizeWith,
} from '../saving.ts';
import { SessionWriter } from '../session-writer.ts';
import type { TargetFile } from '../target-file.ts';

const headerBytes = 512;
const recordsSize = sizeWith(recordColumnsSize);

export const wirebench: ExportWriter = {
  write(source, target, job) {
    const { index, scan, selection } = source;
    return run(
      selection.all ? saveWholeSession(index, scan, target) : saveChosenSession(source, job.scope, target),
      job,
    );
  },
  size: (counts) => headerBytes + recordsSize(counts),
};

const copyBytes = 1_048_576;

/** Copies the session as it is now, ended in order. Reads all of it twice: to check and count, and to copy. */
function* saveWholeSession(index: BlockIndex, scan: Scan, target: TargetFile): Saving {
  while (!scan.finished) {
    scan.run(0);
    yield { done: scan.position / 2, total: index.end };
  }
  // Taken at one moment: a live session may grow from here on.
  const { end, afterEnd, total: records } = index;
  const { messagesIn, messagesOut, bytesIn, bytesOut, problems } = scan;
  const messages = messagesIn + messagesOut;
  const totals: SessionTotals = { records, messages, bytes: bytesIn + bytesOut, problems };
  for (let at = 0; at < end; at += copyBytes) {
    target.write(index.file.read(at, Math.min(copyBytes, end - at)));
    yield { done: (end + at) / 2, total: end };
  }
  // What was added after the end comes before the new one.
  for (let at = afterEnd.from; at < afterEnd.to; at += copyBytes) {
    target.write(index.file.read(at, Math.min(copyBytes, afterEnd.to - at)));
    yield { done: end, total: end };
  }
  target.write(makeBlock(blockTypes.end, encodeUtf8(JSON.stringify(totals)), records, crc32));
  return records;
}

/**
 * Writes the chosen records as a separate session: numbered from 0, with their sockets and marks. The reads are kept where
 * whole sockets are chosen; of parts of a stream they would mean nothing.
 */
function* saveChosenSession(source: SaveSource, scope: Scope, target: TargetFile): Saving {
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
