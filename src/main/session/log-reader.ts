// The worker that reads a session file: rows, payloads, counts, copies. It never writes to a session that is recorded.
import { parentPort, workerData } from 'node:worker_threads';
import type { Result } from '#shared/failure.ts';
import { cancelled, fileFailure } from './file-failure.ts';
import { Background } from './filtering/background.ts';
import { isEmpty } from './filtering/empty-filter.ts';
import type { Queries } from './filtering/queries.ts';
import type { FromReader, ReaderCall, ReaderCalls, ReaderStart, ReaderTask, ToReader } from './protocol.ts';
import { Reader } from './reading/reader.ts';
import { inSlices, type Progress } from './reading/slices.ts';
import { appendToSession } from './recording/additions.ts';
import type { SessionWindow } from './session.ts';

/** How long opening waits for the whole file to be checked; of a larger one the rest is checked in the background. */
const openCheckMs = 150;

const port = parentPort;
if (port === null) throw new Error('log-reader runs as a worker');
const send = (message: FromReader, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const { live, ...start } = workerData as ReaderStart;
let { path } = start;
const cancelledTasks = new Set<number>();
let reader: Reader | undefined;
let background: Background | undefined;
let queries: Queries | undefined;

/** The reader, made at the first question: opening the file may fail. */
function theReader(): Reader {
  reader ??= new Reader(path, live);
  return reader;
}

/** What goes on between questions. */
function theBackground(): Background {
  background ??= new Background(theReader().scan, { filters: (statuses) => send({ kind: 'filters', statuses }) });
  return background;
}

async function open(upTo: number): Promise<Result<ReaderCalls['open']['output']>> {
  const opened = theReader().open(upTo);
  if (!opened.ok) return opened;
  const { scan } = theReader();
  scan.run(openCheckMs);
  if (!scan.finished) {
    // What it finds, and what it counts where the file itself does not say, is news when it is done. Where reading
    // fails, the next question meets that too and answers so.
    theBackground()
      .scan()
      .then(
        () => send({ kind: 'changed', view: theReader().view() }),
        () => undefined,
      );
  }
  return { ok: true, value: theReader().view() };
}

/** The questions about filters. Loaded with the first of them: a session opens sooner without the filter language. */
async function theQueries(): Promise<Queries> {
  const module = await import('./filtering/queries.ts');
  queries ??= new module.Queries(theReader().filterReads);
  return queries;
}

async function window(input: ReaderCalls['window']['input']): Promise<Result<SessionWindow>> {
  const { upTo, first, count, filter } = input;
  if (isEmpty(filter)) return { ok: true, value: theReader().window(upTo, first, count) };
  const filtering = await theQueries();
  const answered = filtering.window(upTo, first, count, filter);
  theBackground().search(filtering.filters);
  return answered;
}

/** Runs `work` between other questions, to its end or until it is cancelled. */
async function sliced<T>(what: string, work: Generator<Progress, Result<T>>, task: ReaderTask): Promise<Result<T>> {
  return (await inSlices(work, task)) ?? { ok: false, error: cancelled(what) };
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
      return window(input);
    case 'payload':
      return theReader().payload(input.upTo, input.seq, input.from, input.length);
    case 'mark':
      theReader().index.walk(input.upTo);
      return theReader().mark(input.seq);
    case 'stats':
      theReader().index.walk(input.upTo);
      await theBackground().scan();
      return { ok: true, value: theReader().stats() };
    case 'save':
      theReader().index.walk(input.upTo);
      return (await import('./exports/saves.ts')).save(theReader(), { ...input, ...task });
    case 'reframe':
      theReader().index.walk(input.upTo);
      return (await import('./reframing/reframe.ts')).reframe(theReader(), { ...input, ...task });
    case 'statistics':
      theReader().index.walk(input.upTo);
      return (await import('./statistics/statistics.ts')).statisticsOf(theReader().index, { ...input, ...task });
    case 'reads':
      theReader().index.walk(input.upTo);
      return { ok: true, value: { reads: await theReader().reads.find(input.socket, input.from, input.to) } };
    case 'reopen':
      path = input.path;
      reader?.reopen(path);
      return { ok: true, value: {} };
    case 'append':
      // Damage is to be known before anything is written behind it.
      await theBackground().scan();
      return appendToSession(theReader(), input);
    case 'unfilter':
      queries?.filters.forget(input.filter);
      return { ok: true, value: {} };
    case 'locate':
      return sliced('Looking for a record', (await theQueries()).locate(input), task);
    case 'find':
      return sliced('Looking for a record', (await theQueries()).find(input), task);
    case 'search':
      return sliced('Searching a message', (await theQueries()).search(input), task);
    case 'guess': {
      theReader().index.walk(input.upTo);
      const { guessFlows } = await import('./guessing/guess-flows.ts');
      return sliced('Guessing the framing', guessFlows(theReader().index, input), task);
    }
    case 'estimate':
      theReader().index.walk(input.upTo);
      return (await import('./exports/estimate.ts')).estimate(theReader(), { ...input, ...task });
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
