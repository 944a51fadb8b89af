// The worker that reads a session file: rows, payloads, counts, copies. It never writes to the session.
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Result } from '#shared/contract/failure.ts';
import { fileFailure } from './file-failure.ts';
import type { FromReader, ReaderCall, ReaderCalls, ReaderStart, ReaderTask, ToReader } from './protocol.ts';
import { Reader } from './reader.ts';
import { save } from './saves.ts';
import { statisticsOf } from './statistics.ts';

/** How long opening waits for the whole file to be checked; of a larger one the rest is checked in the background. */
const openCheckMs = 250;
const sliceMs = 8;

const port = parentPort;
if (port === null) throw new Error('log-reader runs as a worker');
const send = (message: FromReader, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const { path, live } = workerData as ReaderStart;
const cancelledTasks = new Set<number>();
let reader: Reader | undefined;
let scanning: Promise<void> | undefined;

/** The reader, made at the first question: opening the file may fail. */
function theReader(): Reader {
  reader ??= new Reader(path, live);
  return reader;
}

/** Scans to the end of what is there, between other questions. Several askers share one scan. */
function scanAll(): Promise<void> {
  scanning ??= scanSlices().finally(() => {
    scanning = undefined;
  });
  return scanning;
}

async function scanSlices(): Promise<void> {
  const { scan } = theReader();
  while (!scan.finished) {
    scan.run(sliceMs);
    await setImmediate();
  }
}

async function open(upTo: number): Promise<Result<ReaderCalls['open']['output']>> {
  const opened = theReader().open(upTo);
  if (!opened.ok) return opened;
  const { scan } = theReader();
  scan.run(openCheckMs);
  if (!scan.finished) {
    // What it finds, and what it counts where the file itself does not say, is news when it is done. Where reading
    // fails, the next question meets that too and answers so.
    scanAll().then(
      () => send({ kind: 'changed', view: theReader().view() }),
      () => undefined,
    );
  }
  return { ok: true, value: theReader().view() };
}

async function answer(
  message: Exclude<ToReader, { kind: 'cancel' }>,
): Promise<Result<ReaderCalls[ReaderCall]['output']>> {
  const { kind, id, input } = message;
  const task: ReaderTask = {
    isCancelled: () => cancelledTasks.has(id),
    onProgress: ({ done, total }) => send({ kind: 'progress', id, done, total }),
  };
  switch (kind) {
    case 'open':
      return open(input.upTo);
    case 'window':
      return { ok: true, value: theReader().window(input.upTo, input.first, input.count) };
    case 'payload':
      return theReader().payload(input.upTo, input.seq, input.from, input.length);
    case 'mark':
      theReader().index.walk(input.upTo);
      return theReader().mark(input.seq);
    case 'stats':
      theReader().index.walk(input.upTo);
      await scanAll();
      return { ok: true, value: theReader().stats() };
    case 'save':
      theReader().index.walk(input.upTo);
      return save(theReader(), { ...input, ...task });
    case 'statistics':
      theReader().index.walk(input.upTo);
      return statisticsOf(theReader().index, { ...input, ...task });
    case 'unfilter':
    case 'locate':
    case 'find':
    case 'search':
    case 'reads':
    case 'estimate':
      return { ok: false, error: { code: 'unsupported', message: `${kind} is not there yet`, system: '', hint: '' } };
  }
}

/** A cut that a question came upon is news to everyone. */
function noticeCut(before: string): void {
  const view = reader?.view();
  if (view && view.notice !== before) send({ kind: 'changed', view });
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'cancel') {
    cancelledTasks.add(message.id);
    return;
  }
  const { id } = message;
  const before = reader?.view().notice;
  answer(message)
    .catch((error: unknown) => ({ ok: false as const, error: fileFailure(`Could not read “${path}”`, error) }))
    .then((result) => {
      cancelledTasks.delete(id);
      const bytes = result.ok && 'bytes' in result.value && result.value.bytes;
      send({ kind: 'answer', id, result }, bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : []);
      if (before !== undefined) noticeCut(before);
    });
});
