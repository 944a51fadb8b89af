import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail, ok, type Result } from '#shared/contract/failure.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/** The largest file that a page may hand over, in bytes. */
export const maxUploadBytes = 8 * 1_073_741_824;

/** Files that the page handed over, kept while they are open as a session and no longer than this process. */
export interface Uploads {
  /** Streams the body of `request` into a file called about `name`. Nothing is left of one that fails. */
  receive(request: IncomingMessage, name: string): Promise<Result<{ path: string }>>;
  /** The same handlers, which also delete an upload that is not what is open: it was no session, was imported, or is closed. */
  follow(handlers: Workbench['handlers']): Workbench['handlers'];
  close(): Promise<void>;
}

export function createUploads(home: string, maxBytes = maxUploadBytes): Uploads {
  const folder = temporaryFolder(`${home}/uploads`);
  return {
    receive: (request, name) => receive(folder, request, name, maxBytes),
    follow: (handlers) => follow(folder, handlers),
    close: () => folder.close(),
  };
}

async function receive(
  folder: TemporaryFolder,
  request: IncomingMessage,
  name: string,
  maxBytes: number,
): Promise<Result<{ path: string }>> {
  const tooLarge = () =>
    fail('too-large', `“${name}” could not be handed over`, {
      system: `it is larger than the ${maxBytes} bytes (maxUploadBytes) that the browser may hand over`,
      hint: 'Read it with `wirebench log`, or open it in the desktop app.',
    });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge();
  const path = await folder.place(name);
  let received = 0;
  let cut = false;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      cut = received > maxBytes;
      if (cut) done(new Error('too large'));
      else done(null, chunk);
    },
  });
  try {
    // What is left of a body that is refused is still read, so that the page hears the answer.
    await pipeline(
      request.iterator({ destroyOnReturn: false }),
      limit,
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    );
    return ok({ path });
  } catch (error) {
    await folder.discard(path);
    if (cut) return tooLarge();
    const system = error instanceof Error ? error.message : String(error);
    return fail('file', `“${name}” could not be handed over`, { system, hint: 'Is there room on the disk?' });
  }
}

function follow(folder: TemporaryFolder, handlers: Workbench['handlers']): Workbench['handlers'] {
  const paths = new Map<string, string>();
  return {
    ...handlers,
    async 'sessions.open'(input) {
      const opened = await handlers['sessions.open'](input);
      // What became a session of its own is no longer needed.
      const isRead = opened.ok && opened.value.path === input.path;
      if (isRead && folder.holds(input.path)) paths.set(opened.value.id, input.path);
      if (!isRead) await folder.discard(input.path);
      return opened;
    },
    async 'sessions.close'(input) {
      const closed = await handlers['sessions.close'](input);
      const path = paths.get(input.session);
      if (closed.ok && path !== undefined) {
        paths.delete(input.session);
        await folder.discard(path);
      }
      return closed;
    },
  };
}
