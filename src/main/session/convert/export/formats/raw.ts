import { setImmediate } from 'node:timers/promises';
import type { Header, Pack } from 'tar-stream';
import { isOneStream } from '#shared/export/formats/export-format.ts';
import { type DecodedBlock, isMessage, readBlock } from '../../../format/decoded-block.ts';
import { inSlices, type Progress, type ReaderJob } from '../../../threads.ts';
import { type ExportWriter, eachRecord, pieceBytes, piecesOf, run, type SaveSource, type Saving } from '../saving.ts';
import { findStreams, type Stream, streamKey, streamName } from '../streams.ts';
import type { TargetFile } from '../target-file.ts';

/** The header of a file in the archive, and the padding after it. */
const entryBytes = 1_024;

export const raw: ExportWriter = {
  write: (source, target, job) =>
    isOneStream(job.scope) ? run(saveStream(source, target), job) : saveTar(source, target, job),
  size({ bytesIn, bytesOut }, scope) {
    const bytes = bytesIn + bytesOut;
    return isOneStream(scope) ? bytes : bytes + entryBytes * 2 * Math.max(1, scope.sockets?.length ?? 1);
  },
  messagesOnly: true,
};

/** Writes the bytes of the chosen messages, framing included, as they followed each other in one stream. */
function* saveStream(source: SaveSource, target: TargetFile): Saving {
  let messages = 0;
  const addPieces = function* (block: DecodedBlock, at: number, progress: Progress) {
    for (const piece of piecesOf(block, at, 0, block.columns.lengths[at] as number, 'bytes')) {
      if (target.add(piece)) yield progress;
    }
  };
  yield* eachRecord(source, (block, at, progress) => {
    if (!isMessage(block, at)) return false;
    messages += 1;
    const length = block.columns.lengths[at] as number;
    return length > pieceBytes ? addPieces(block, at, progress) : target.add(block.bytes(at, 0, length));
  });
  return messages;
}

type EntryHeader = Pick<Header, 'name' | 'size' | 'mtime' | 'mode'>;

/** Streams are gathered up to this number of bytes; a longer one is written as it is read. */
const batchBytes = 32 * 1_048_576;
const gatherBytes = 1_048_576;

/**
 * Writes a tar archive with a file for the bytes of each socket and direction. Returns the number of messages, or
 * `undefined` where it was cancelled.
 */
async function saveTar(source: SaveSource, target: TargetFile, job: ReaderJob): Promise<number | undefined> {
  const streams = await inSlices(findStreams(source), job);
  if (streams === undefined) return undefined;
  const { pack } = await import('tar-stream');
  const archive = pack();
  const writing: Writing = { failure: undefined };
  const written = writeAll(archive, target, writing);
  // What fails while nobody waits for it is met by the next step.
  written.catch(() => undefined);
  const mtime = new Date();
  const headerOf = (stream: Stream): EntryHeader => {
    const name = streamName(stream, source.index.sockets.get(stream.socket));
    return { name, size: stream.size, mtime, mode: 0o644 };
  };
  try {
    for (const batch of batchesOf(streams)) {
      const [first] = batch;
      const whole =
        batch.length === 1 && first && first.size > batchBytes
          ? await Promise.race([written, copyStream(source, archive, headerOf(first), first, job)])
          : await addBatch(source, archive, headerOf, batch, job, written);
      if (whole === undefined) return undefined;
    }
    archive.finalize();
    await written;
  } catch (error) {
    // The archive reports only that it was aborted, not why.
    throw writing.failure ?? error;
  } finally {
    archive.destroy();
  }
  return streams.reduce((sum, { records }) => sum + records, 0);
}

interface Writing {
  failure: unknown;
}

async function writeAll(archive: Pack, target: TargetFile, writing: Writing): Promise<number> {
  for await (const chunk of archive) {
    try {
      target.add(chunk as Uint8Array);
    } catch (error) {
      writing.failure = error;
      throw error;
    }
  }
  return target.bytes;
}

function* batchesOf(streams: readonly Stream[]): Generator<Stream[]> {
  let batch: Stream[] = [];
  let size = 0;
  for (const stream of streams) {
    if (batch.length > 0 && size + stream.size > batchBytes) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(stream);
    size += stream.size;
  }
  if (batch.length > 0) yield batch;
}

/** Gathers the streams of `batch` in memory in one pass, and adds them. */
async function addBatch(
  source: SaveSource,
  archive: Pack,
  headerOf: (stream: Stream) => EntryHeader,
  batch: readonly Stream[],
  job: ReaderJob,
  written: Promise<number>,
): Promise<number | undefined> {
  // Cleared: no memory of this program gets into the archive, even if the file has changed.
  const parts = new Map(
    batch.map(({ socket, code, size }) => [streamKey(socket, code), { bytes: Buffer.alloc(size), used: 0 }]),
  );
  const from = Math.min(...batch.map(({ firstBlock }) => firstBlock));
  const to = Math.max(...batch.map(({ lastBlock }) => lastBlock));
  const gathered = await inSlices(gather(source, from, to, parts), job);
  if (gathered === undefined) return undefined;
  for (const stream of batch) {
    const part = parts.get(streamKey(stream.socket, stream.code));
    if (part === undefined) continue;
    const added = new Promise<number>((resolve, reject) => {
      archive.entry(headerOf(stream), part.bytes, (error) => (error ? reject(error) : resolve(0)));
    });
    await Promise.race([written, added]);
  }
  return 0;
}

type Parts = ReadonlyMap<number, { readonly bytes: Buffer; used: number }>;

function* gather(source: SaveSource, from: number, to: number, parts: Parts): Generator<Progress, number> {
  for (const { block, at, progress } of messagesOf(source, from, to)) {
    if (at < 0) {
      yield progress;
      continue;
    }
    const { sockets, kinds, lengths } = block.columns;
    const part = parts.get(streamKey(sockets[at] as number, kinds[at] as number));
    if (part) {
      for (const piece of piecesOf(block, at, 0, lengths[at] as number, 'bytes')) {
        part.bytes.set(piece, part.used);
        part.used += piece.length;
      }
    }
  }
  return 0;
}

/** Writes one stream as it is read. */
async function copyStream(
  source: SaveSource,
  archive: Pack,
  header: EntryHeader,
  stream: Stream,
  { isCancelled, onProgress }: ReaderJob,
): Promise<number | undefined> {
  let finished: (error?: Error | null) => void = () => undefined;
  const copied = new Promise<number>((resolve, reject) => {
    finished = (error) => (error ? reject(error) : resolve(0));
  });
  // Nobody waits for it where the copy ends early: a broken-off entry fails too.
  copied.catch(() => undefined);
  const entry = archive.entry(header, (error) => finished(error));
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (const { bytes, progress } of gathered(source, stream)) {
    if (bytes.length > 0 && !entry.write(bytes))
      await new Promise<void>((resolve) => entry.once('drain', () => resolve()));
    // Other questions can be answered here: the archive would otherwise take all data without a pause.
    await setImmediate();
    if (isCancelled()) return undefined;
    if (performance.now() - reportedAt < 100) continue;
    reportedAt = performance.now();
    onProgress(progress);
  }
  entry.end(null);
  return copied;
}

/** The bytes of `stream` in pieces of some size, each with a separate buffer; empty ones where a block has little. */
function* gathered(source: SaveSource, stream: Stream): Generator<{ bytes: Uint8Array; progress: Progress }> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = () => {
    const bytes = Buffer.concat(parts, size);
    parts = [];
    size = 0;
    return bytes;
  };
  let last: Progress = { done: 0, total: 0 };
  for (const { block, at, progress } of messagesOf(source, stream.firstBlock, stream.lastBlock)) {
    last = progress;
    if (at >= 0) {
      const { sockets, kinds, lengths } = block.columns;
      if (sockets[at] !== stream.socket || kinds[at] !== stream.code) continue;
      for (const piece of piecesOf(block, at, 0, lengths[at] as number, 'bytes')) {
        parts.push(piece);
        size += piece.length;
        if (size >= gatherBytes) yield { bytes: take(), progress };
      }
    } else {
      yield { bytes: take(), progress };
    }
  }
  yield { bytes: take(), progress: last };
}

/** The chosen messages of blocks `[from, to]`; −1 for `at` after the last one of each block. */
function* messagesOf({ index, selection }: SaveSource, from: number, to: number) {
  const total = index.end;
  for (let number = from; number <= to; number += 1) {
    const block = readBlock(index, number);
    if (block === undefined) return;
    const records = selection.of(block);
    const count = records?.length ?? block.count;
    const progress: Progress = { done: (total + (index.positions[number] as number)) / 2, total };
    for (let which = 0; which < count; which += 1) {
      const at = records === undefined ? which : (records[which] as number);
      if (isMessage(block, at)) yield { block, at, progress };
    }
    yield { block, at: -1, progress };
  }
}
