import type { Engine } from '#engine/engine.ts';
import type { JobContext, Sockets } from '#jobs/job.ts';
import type { Replies, ReplyWatch } from '#jobs/reply-watch.ts';
import type { SessionLog } from '#session/session.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FileGrants } from './file-grants.ts';

/** Returns the engine, the session that is being recorded, and the user's files as the jobs see them. */
export function jobContext(engine: Engine, live: () => SessionLog, files: FileGrants): Omit<JobContext, 'changed'> {
  const sockets: Sockets = {
    endpointOf: (socket) => engine.socket(socket)?.endpoint,
    canSend: (socket) => {
      const { state = 'closed', writeEnded = true } = engine.socket(socket) ?? {};
      return (state === 'connected' || state === 'half-closed') && !writeEnded;
    },
    received: (socket) => engine.socket(socket)?.messagesIn ?? 0,
  };
  const replies: Replies = { watch: (endpoint, filter) => watchReplies(engine, live(), endpoint, filter) };
  return { sender: engine, sockets, replies, fileOf: (handle) => files.find(handle) };
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
  const hasMatch = async () => {
    // Received messages are in the file shortly after they were recorded.
    await session.flush();
    const found = await session.ask('find', { query, find: 'in', from, backward: false });
    return found.ok && found.value.found !== null;
  };
  return ok({
    begin: async () => {
      await session.flush();
      from = session.total - 1;
    },
    received: (signal) => untilReceived(engine, hasMatch, signal),
    end: () => void session.endQuery(query),
  });
}

/** Calls `hasMatch` now and each time that sockets have changed; resolves when it returns true, or at `signal`. */
function untilReceived(engine: Engine, hasMatch: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let isAsking = false;
    let isChanged = false;
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const look = async () => {
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
      if (event.kind === 'sockets') void look();
    });
    signal.addEventListener('abort', end);
    void look();
  });
}
