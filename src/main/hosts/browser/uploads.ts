import { createWriteStream } from 'node:fs';
import { link } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join, parse } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createPrivateFile, makePrivateFolder } from '#files/private-files.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/** The largest file that a page may hand over, in bytes. */
export const maxUploadBytes = 8 * 1_073_741_824;

/**
 * Files that the page handed over, kept while they are open as a session and no longer than this process; but one that a
 * person named or annotated stays, among the sessions of the app's folder.
 */
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
    follow: (handlers) => follow(folder, `${home}/sessions`, handlers),
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
    await pipeline(
      request.iterator({ destroyOnReturn: false }),
      limit,
      createWriteStream(path, { fd: createPrivateFile(path) }),
    );
    return ok({ path });
  } catch (error) {
    // What is left of a body that is refused is still read, so that the page hears the answer.
    request.resume();
    await folder.discard(path);
    if (cut) return tooLarge();
    const system = error instanceof Error ? error.message : String(error);
    return fail('file', `“${name}” could not be handed over`, { system, hint: 'Is there room on the disk?' });
  }
}

function follow(folder: TemporaryFolder, sessions: string, handlers: Workbench['handlers']): Workbench['handlers'] {
  const paths = new Map<string, string>();
  const kept = new Set<string>();
  /** What a person has put into a session is in its file from now on: that must not go when the tab is closed. */
  const keep = async <T>(session: string, done: Result<T>): Promise<Result<T>> => {
    const path = paths.get(session);
    if (!done.ok || path === undefined || kept.has(session)) return done;
    try {
      await linkInto(sessions, path);
      kept.add(session);
      return done;
    } catch (error) {
      const system = error instanceof Error ? error.message : String(error);
      const hint = 'Save the session before you close it.';
      return fail('file', `This is kept only while the session is open: it could not be put into “${sessions}”`, {
        system,
        hint,
      });
    }
  };
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
    async 'sessions.mark'(input) {
      return keep(input.session, await handlers['sessions.mark'](input));
    },
    async 'sessions.rename'(input) {
      return keep(input.session, await handlers['sessions.rename'](input));
    },
    async 'sessions.close'(input) {
      const closed = await handlers['sessions.close'](input);
      const path = paths.get(input.session);
      if (closed.ok && path !== undefined) {
        paths.delete(input.session);
        kept.delete(input.session);
        await folder.discard(path);
      }
      return closed;
    },
  };
}

/** Gives the file at `path` a second name in `folder`, a free one: what is added to it is there too. */
async function linkInto(folder: string, path: string): Promise<void> {
  makePrivateFolder(folder);
  const { name } = parse(path);
  for (let attempt = 1; ; attempt += 1) {
    const target = join(folder, `${name}${attempt === 1 ? '' : `-${attempt}`}.wirebench`);
    try {
      await link(path, target);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
