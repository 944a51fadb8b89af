// The worker that appends to the session file. It owns the file while it is live; nobody else writes to it.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Failure } from '#shared/contract/failure.ts';
import { blockTypes } from '#shared/record/block.ts';
import { columnsBufferSize } from '#shared/record/columns.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import { fileFailure } from './file-failure.ts';
import { jsonBlock, LogFile, type OutgoingBlock, recordsBlock } from './log-file.ts';
import type { FromWriter, ToWriter, WriterStart } from './protocol.ts';

/** How often what was written is brought to the disk, where power is what fails. */
const syncEveryMs = 1_000;
/** A batch is what waits when the worker looks, up to this, so that reports and returned buffers do not wait long. */
const maxBatchBytes = 4 * 1_048_576;

const port = parentPort;
if (port === null) throw new Error('log-writer runs as a worker');
const send = (message: FromWriter, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const { path, length } = workerData as WriterStart;
let file: LogFile | undefined;
let dirty = false;
let syncing = false;
let afterSync: (() => void) | undefined;

function failed(error: Failure): void {
  send({ kind: 'failed', error, length: file?.length ?? length, next: file?.next ?? 0 });
  clearInterval(syncTimer);
  const old = file;
  file = undefined;
  whenSynced(() => old?.close());
}

function whenSynced(then: () => void): void {
  if (syncing) afterSync = then;
  else then();
}

/** Writes what waits, from `message` on, as one batch; gives the message that ended the batch and is not data. */
function writeBatch(message: ToWriter): ToWriter | undefined {
  const blocks: OutgoingBlock[] = [];
  const buffers: ArrayBuffer[] = [];
  let bytes = 0;
  let next = file?.next ?? 0;
  let other: ToWriter | undefined;
  for (let now: ToWriter | undefined = message; now !== undefined; ) {
    if (now.kind === 'records') {
      blocks.push(recordsBlock(now.block));
      buffers.push(now.block.buffer);
      bytes += columnsBufferSize(now.block.count, now.block.payloadLength);
      next = now.block.first + now.block.count;
    } else if (now.kind === 'sockets') {
      blocks.push(jsonBlock(blockTypes.sockets, now.infos, next));
    } else {
      other = now;
      break;
    }
    if (bytes >= maxBatchBytes) break;
    now = receiveMessageOnPort(port as NonNullable<typeof port>)?.message as ToWriter | undefined;
  }
  if (blocks.length > 0 && file) {
    const failure = file.append(blocks);
    dirty = true;
    send({ kind: 'written', length: file.length, next: file.next, bytes, buffers }, buffers);
    if (failure) failed(failure);
  }
  return other;
}

function close(totals: SessionTotals): void {
  clearInterval(syncTimer);
  whenSynced(() => {
    const last = file;
    const failure = last?.append([jsonBlock(blockTypes.end, totals, last.next)]);
    if (failure) failed(failure);
    else if (last) {
      file = undefined;
      const unsynced = last.close();
      if (unsynced) send({ kind: 'failed', error: unsynced, length: last.length, next: last.next });
    }
    send({ kind: 'closed' });
    port?.close();
  });
}

port.on('message', (message: ToWriter) => {
  const other = writeBatch(message);
  if (other?.kind === 'flush') send({ kind: 'flushed', id: other.id });
  else if (other?.kind === 'close') close(other.totals);
});

const syncTimer = setInterval(() => {
  if (!dirty || syncing || file === undefined) return;
  dirty = false;
  syncing = true;
  file.sync((failure) => {
    syncing = false;
    if (failure && file) failed(failure);
    afterSync?.();
  });
}, syncEveryMs);

try {
  file = new LogFile(path, length);
} catch (error) {
  failed(fileFailure(`Could not record to “${path}”`, error));
}
