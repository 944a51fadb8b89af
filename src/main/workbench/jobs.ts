import type { Engine } from '#engine/engine.ts';
import type { JobContext, Links, Replies, ReplyWatch, Sockets } from '#jobs/job.ts';
import type { SendLists } from '#jobs/send-list.ts';
import { engineSender } from '#jobs/sender.ts';
import type { SessionLog } from '#session/session.ts';
import type { JobOptions } from '#session/threads.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { maxPayloadBytes } from '#shared/contract/limits.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FileGrants } from './file-grants.ts';
import type { WrittenPayloads } from './written-payloads.ts';

/** The minimum time between two progress reports. */
const minGapMs = 33;

/** Running long work, by the name that the page gave it: reports its progress and can cancel it. */
export class Jobs {
  readonly #emit: (event: WorkbenchEvent) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(emit: (event: WorkbenchEvent) => void) {
    this.#emit = emit;
  }

  async run<T>(job: string | undefined, action: (work: JobOptions) => Promise<T>): Promise<T> {
    if (job === undefined) return action({});
    const abort = new AbortController();
    this.#running.set(job, abort);
    let reportedAt = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const report = (done: number, total: number) => {
      clearTimeout(timer);
      timer = undefined;
      reportedAt = performance.now();
      this.#emit({ kind: 'job.progress', job, done, total });
    };
    try {
      return await action({
        signal: abort.signal,
        onProgress: (done, total) => {
          const wait = reportedAt + minGapMs - performance.now();
          if (wait <= 0 || done >= total) {
            report(done, total);
            return;
          }
          // Also reports the last figure if no other follows soon.
          clearTimeout(timer);
          timer = setTimeout(() => report(done, total), wait);
        },
      });
    } finally {
      clearTimeout(timer);
      if (this.#running.get(job) === abort) this.#running.delete(job);
    }
  }

  /** Cancels long work. It is not an error if the work has ended meanwhile. */
  cancel(job: string): Result<Record<string, never>> {
    this.#running.get(job)?.abort();
    return ok({});
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }
}

/** The parts of the workbench that jobs work with. */
interface JobParts {
  readonly engine: Engine;
  /** Returns the session that is being recorded. */
  readonly live: () => SessionLog;
  readonly files: FileGrants;
  readonly written: WrittenPayloads;
  readonly lists: SendLists;
}

/** Returns the parts of the workbench as the jobs see them. */
export function jobContext({ engine, live, files, written, lists }: JobParts): Omit<JobContext, 'changed'> {
  const links: Links = {
    async open(endpoint) {
      const opened = await engine.open(endpoint);
      // A client that reconnects would try again. One that is connected already is not the job's.
      if (!opened.ok && opened.error.code !== 'wrong-state') await engine.close(endpoint);
      return opened;
    },
    close: (endpoint) => engine.close(endpoint),
  };
  const replies: Replies = { watch: (endpoint, filter) => watchReplies(engine, live(), endpoint, filter) };
  return {
    sender: engineSender(engine),
    senderOf: (payload) => written.sender(payload),
    sockets: engineSockets(engine),
    replies,
    links,
    lists,
    fileOf: (handle) => files.find(handle),
  };
}

/** Returns the sockets of `engine` as the jobs see them. */
export function engineSockets(engine: Engine): Sockets {
  return {
    endpointOf: (socket) => engine.socket(socket)?.endpoint,
    canSend: (socket) => {
      const { state = 'closed', writeEnded = true } = engine.socket(socket) ?? {};
      return (state === 'connected' || state === 'half-closed') && !writeEnded;
    },
    received: (socket) => engine.socket(socket)?.messagesIn ?? 0,
    receiveEnd: (socket) => {
      const { state = 'closed', readEnded = true } = engine.socket(socket) ?? {};
      if (state === 'reset' || state === 'failed') return 'reset';
      if (state === 'closed') return 'closed';
      return readEnded ? 'fin' : undefined;
    },
  };
}

/**
 * Returns the payload of the message that was received last on `socket`, without its framing; `undefined` without one, and for one that
 * is too long for a template.
 */
export async function lastReceived(session: SessionLog, socket: number): Promise<Uint8Array | undefined> {
  await session.flush();
  const find = `in && socket == ${socket}`;
  const found = await session.ask('find', { find, from: session.total, backward: true });
  if (!found.ok || !found.value.found) return undefined;
  const { seq } = found.value.found;
  const rows = await session.ask('window', { first: seq, count: 1 });
  const content = await session.ask('payload', { seq, from: 0, length: maxPayloadBytes });
  const row = rows.ok ? rows.value.rows[0] : undefined;
  if (!row || !content.ok || content.value.total > content.value.bytes.length) return undefined;
  return content.value.bytes.subarray(row.head, row.length - row.tail);
}

/** Watches for the replies of an endpoint in the session: asks it when messages have been received. */
async function watchReplies(
  engine: Engine,
  session: SessionLog,
  endpoint: string,
  filter: string,
): Promise<Result<ReplyWatch>> {
  const made = await session.query({ filter, endpoint });
  if (!made.ok) return made;
  const { id: query } = made.value;
  let from = session.total - 1;
  const find = async (from: number, backward: boolean) => {
    const found = await session.ask('find', { query, find: 'in', from, backward });
    return found.ok ? found.value.found?.seq : undefined;
  };
  const hasMatch = async () => {
    // Received messages are in the file shortly after they were recorded.
    await session.flush();
    return (await find(from, false)) !== undefined;
  };
  return ok({
    begin: async () => {
      await session.flush();
      from = session.total - 1;
    },
    received: (signal) => untilReceived(engine, hasMatch, signal),
    records: async () => {
      await session.flush();
      const first = await find(from, false);
      const last = first === undefined ? undefined : await find(session.total, true);
      return first === undefined ? undefined : { first, last: last ?? first };
    },
    end: () => void session.endQuery(query),
  });
}

/** Calls `hasMatch` now and each time that sockets have changed; resolves when it returns true, or at `signal`. */
function untilReceived(engine: Engine, hasMatch: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let isAsking = false;
    let isChanged = false;
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const look = () => {
      ask().catch((bug: unknown) => {
        reject(bug);
        end();
      });
    };
    const ask = async () => {
      isChanged = true;
      if (isAsking) return;
      isAsking = true;
      while (isChanged && !signal.aborted) {
        isChanged = false;
        if (await hasMatch()) end();
      }
      isAsking = false;
    };
    const stop = engine.subscribe((event: WorkbenchEvent) => {
      if (event.kind === 'sockets') look();
    });
    signal.addEventListener('abort', end);
    look();
  });
}
