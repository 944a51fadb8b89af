import { parentPort, workerData } from 'node:worker_threads';
import type { Result } from '#shared/failure.ts';
import { fileFailure } from '../format/failures.ts';
import { type QuestionKind, questions } from '../questions.ts';
import type { Question } from './asked-session.ts';
import { AskedSession } from './asked-session.ts';
import type { OpenedView } from './reader.ts';
import { Reader } from './reader.ts';
import type { FromReader, ReaderAnswers, ReaderRequest, ReaderStart, ToReader } from './reader-client.ts';

// The worker that reads a session file: rows, payloads, counts, copies. It never writes to a session that is being recorded.

/** How long opening waits for the check of the whole file; the rest of a larger one is checked in the background. */
const openCheckMs = 150;

const port = parentPort;
if (port === null) throw new Error('log-reader runs as a worker');
const send = (message: FromReader, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const { live, queries, ...start } = workerData as ReaderStart;
let { path } = start;
const cancelledJobs = new Set<number>();
let asked: AskedSession | undefined;

/** Returns the session and opens it for the first question, since opening the file may fail. */
function theSession(): AskedSession {
  asked ??= new AskedSession(new Reader(path, live), queries, (statuses) => send({ kind: 'queries', statuses }));
  return asked;
}

async function open(upTo: number): Promise<Result<OpenedView>> {
  const { reader, background } = theSession();
  const opened = reader.open(upTo);
  if (!opened.ok) return opened;
  const { scan } = reader;
  scan.run(openCheckMs);
  if (!scan.finished) {
    // When it ends, it reports damage, and the counts that the file does not contain. If reading
    // fails, the next question fails in the same way.
    background.scan().then(
      () => send({ kind: 'changed', view: reader.view() }),
      () => undefined,
    );
  }
  return { ok: true, value: reader.view() };
}

async function obey(request: ReaderRequest, upTo: number): Promise<Result<ReaderAnswers[ReaderRequest['kind']]>> {
  switch (request.kind) {
    case 'open':
      return open(upTo);
    case 'reopen':
      path = request.path;
      asked?.reader.reopen(path);
      return { ok: true, value: {} };
    case 'append':
      // Damage must be known before anything is appended.
      await theSession().background.scan();
      return theSession().reader.append(request);
    case 'query': {
      const { query: id, definition } = request;
      theSession().grow(upTo);
      const made = await theSession().define(id, definition);
      return made.ok ? { ok: true, value: { id, usesMarks: made.value.usesMarks } } : made;
    }
    case 'endQuery':
      theSession().end(request.query);
      return { ok: true, value: {} };
  }
}

async function answer(message: Exclude<ToReader, { kind: 'cancel' }>): Promise<Result<unknown>> {
  const { id, upTo } = message;
  if (message.kind === 'request') return obey(message.request, upTo);
  theSession().grow(upTo);
  // The catalogue gives both their types in the client.
  const question = questions[message.question as QuestionKind] as Question<unknown, unknown>;
  return question(message.input, theSession(), {
    isCancelled: () => cancelledJobs.has(id),
    onProgress: ({ done, total }) => send({ kind: 'progress', id, done, total }),
  });
}

/** Returns the buffers that an answer transfers instead of copying. */
function transferOf(result: Result<unknown>): ArrayBuffer[] {
  if (!result.ok || typeof result.value !== 'object' || result.value === null) return [];
  const { bytes } = result.value as { readonly bytes?: unknown };
  return bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [];
}

/** Reports damage that a question has found. */
function noticeDamage(before: string): void {
  const view = asked?.reader.view();
  if (view && view.notice !== before) send({ kind: 'changed', view });
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'cancel') {
    cancelledJobs.add(message.id);
    return;
  }
  const { id } = message;
  const before = asked?.reader.view().notice;
  answer(message)
    .catch((error: unknown) => ({ ok: false as const, error: fileFailure(`Could not read “${path}”`, error) }))
    .then((result) => {
      cancelledJobs.delete(id);
      send({ kind: 'answer', id, result }, transferOf(result));
      if (before !== undefined) noticeDamage(before);
    });
});
