import { createWriteStream } from 'node:fs';
import { link } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join, parse } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createPrivateFile, makePrivateFolder } from '#files/private-files.ts';
import { filesOf } from '#shared/endpoint/configured-files.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/** The largest file that a page may hand over, in bytes. */
export const maxUploadBytes = 8 * 1_073_741_824;

/**
 * Files that the page handed over, kept as long as this process, so that an endpoint finds its files. What was opened as a
 * session is kept as long as that is open; but one that a person named or annotated stays, among the sessions of the app's
 * folder.
 */
export interface Uploads {
  /** Streams the body of `request` into a file called about `name`; answers its handle. Nothing is left of one that fails. */
  receive(request: IncomingMessage, name: string): Promise<Result<{ file: string }>>;
  /**
   * The same handlers, which also delete an upload that was opened and is not what is open: it was no session, was imported,
   * or is closed. One that an endpoint uses stays.
   */
  follow(handlers: Workbench['handlers']): Workbench['handlers'];
  close(): Promise<void>;
}

export function createUploads(home: string, files: FileGrants, maxBytes = maxUploadBytes): Uploads {
  const folder = temporaryFolder(`${home}/uploads`);
  return {
    async receive(request, name) {
      const received = await receive(folder, request, name, maxBytes);
      return received.ok ? ok({ file: files.grantRead(received.value.path) }) : received;
    },
    follow: (handlers) => follow(folder, files, `${home}/sessions`, handlers),
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

/** An upload that is open as a session. */
interface OpenUpload {
  readonly file: string;
  readonly path: string;
}

function follow(
  folder: TemporaryFolder,
  files: FileGrants,
  sessions: string,
  handlers: Workbench['handlers'],
): Workbench['handlers'] {
  const opened = new Map<string, OpenUpload>();
  const kept = new Set<string>();
  const discard = async ({ file, path }: OpenUpload) => {
    const snapshot = await handlers['app.snapshot']({});
    const endpoints = snapshot.ok ? snapshot.value.endpoints : [];
    if (endpoints.some(({ config }) => filesOf(config).some(({ reference }) => reference === file))) return;
    files.revoke(file);
    await folder.discard(path);
  };
  /** What a person has put into a session is in its file from now on: that must not go when the tab is closed. */
  const keep = async <T>(session: string, done: Result<T>): Promise<Result<T>> => {
    const upload = opened.get(session);
    if (!done.ok || !upload || kept.has(session)) return done;
    try {
      await linkInto(sessions, upload.path);
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
      const { file } = input;
      const found = files.find(file);
      const answer = await handlers['sessions.open'](input);
      if (!found.ok || !folder.holds(found.value)) return answer;
      const upload = { file, path: found.value };
      // What became a session of its own is no longer needed.
      if (answer.ok && answer.value.path === upload.path) opened.set(answer.value.id, upload);
      else await discard(upload);
      return answer.ok ? answer : { ok: false, error: withName(answer.error, upload.path) };
    },
    async 'sessions.mark'(input) {
      return keep(input.session, await handlers['sessions.mark'](input));
    },
    async 'sessions.rename'(input) {
      return keep(input.session, await handlers['sessions.rename'](input));
    },
    async 'sessions.close'(input) {
      const closed = await handlers['sessions.close'](input);
      const upload = opened.get(input.session);
      if (closed.ok && upload) {
        opened.delete(input.session);
        kept.delete(input.session);
        await discard(upload);
      }
      return closed;
    },
  };
}

/** The failure with the name of the file in place of its path, which the person has never seen. */
function withName({ message, system, ...rest }: Failure, path: string): Failure {
  const { base } = parse(path);
  return { ...rest, message: message.replaceAll(path, base), system: system.replaceAll(path, base) };
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
