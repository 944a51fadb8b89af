import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join, parse } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createPrivateFile, makePrivateFolder } from '#files/private-files.ts';
import { openFile } from '#files/regular-file.ts';
import { hostPaths } from '#shared/contract/wire.ts';
import { filesOf } from '#shared/endpoint/configured-files.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { securityHeaders } from '../page.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/** Maximum number of addresses that are prepared and not yet fetched. Beyond it, the oldest is dropped. */
const maxPrepared = 64;

/** Files that the page can fetch, each once. */
export interface Downloads {
  /** Returns a handle for saving a file, and the address at which the page can then fetch the file once. */
  prepare(suggestedName: string): Promise<{ target: string; url: string }>;
  /** Sends the file of `url`. Returns false if there is no such file, or it was fetched already. */
  send(url: string, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export function createDownloads(home: string, files: FileGrants): Downloads {
  const folder = temporaryFolder(`${home}/downloads`);
  const prepared = new Map<string, { readonly path: string; readonly target: string }>();
  const forget = async (url: string) => {
    const known = prepared.get(url);
    if (!known) return;
    prepared.delete(url);
    files.revoke(known.target);
    await folder.discard(known.path);
  };
  return {
    async prepare(suggestedName) {
      const path = await folder.place(suggestedName);
      const url = hostPaths.download + randomBytes(32).toString('base64url');
      const target = files.grantSave({ path, existing: 'refuse', life: 'temporary' });
      prepared.set(url, { path, target });
      const [oldest] = prepared.keys();
      if (prepared.size > maxPrepared && oldest !== undefined) await forget(oldest);
      return { target, url };
    },
    async send(url, response) {
      const known = prepared.get(url);
      if (!known) return false;
      const { path, target } = known;
      prepared.delete(url);
      files.revoke(target);
      try {
        const file = await openFile(path).catch(() => undefined);
        if (!file) return false;
        const { size } = await file.stat();
        response.writeHead(200, {
          ...securityHeaders,
          'content-type': 'application/octet-stream',
          'content-length': size,
          'content-disposition': attachment(basename(path)),
          'cache-control': 'no-store',
        });
        // The page may close the connection early.
        await pipeline(file.createReadStream(), response).catch(() => response.destroy());
        return true;
      } finally {
        await folder.discard(path);
      }
    },
    close: () => folder.close(),
  };
}

/** Returns the Content-Disposition of RFC 6266: the name in ASCII for old clients, and in UTF-8. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Maximum size of an upload, in bytes. */
export const maxUploadBytes = 8 * 1_073_741_824;

/**
 * Files that the page uploaded. They last as long as this process, so that an endpoint finds its files. An upload that was
 * opened as a session is deleted when the session is closed, unless the user named or annotated it: it then stays in the
 * app's folder of sessions.
 */
export interface Uploads {
  /** Streams the body of `request` into a file named after `name` and returns its handle. A failed upload leaves no file. */
  receive(request: IncomingMessage, name: string): Promise<Result<{ file: string }>>;
  /**
   * Returns `handlers`, extended to delete an upload after it was opened and is no longer needed: it was not a session, was
   * imported, or its session is closed. An upload that an endpoint uses is not deleted.
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
    fail('too-large', `Could not upload “${name}”`, {
      system: `the file is larger than the ${maxBytes} bytes that the browser may upload (maxUploadBytes)`,
      hint: 'Read it with `wirebench log`, or open it in the desktop app.',
    });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge();
  const path = await folder.place(name);
  let received = 0;
  let isTooLarge = false;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      isTooLarge = received > maxBytes;
      if (isTooLarge) done(new Error('too large'));
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
    // Reads the rest of a refused body, so that the page receives the response.
    request.resume();
    await folder.discard(path);
    if (isTooLarge) return tooLarge();
    const system = error instanceof Error ? error.message : String(error);
    return fail('file', `Could not upload “${name}”`, { system, hint: 'Check the free space of the disk.' });
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
  /** A name or a note is in the file of its session, so that file must remain when the session is closed. */
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
      return fail('file', `Could not keep the uploaded session in “${sessions}”: closing it would delete the change`, {
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
      if (!found.ok || !folder.contains(found.value)) return answer;
      const upload = { file, path: found.value };
      // An import has created another file, so the upload is no longer needed.
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

/** Replaces the path of the file in a failure with its name: the user has never seen the path. */
function withName({ message, system, ...rest }: Failure, path: string): Failure {
  const { base } = parse(path);
  return { ...rest, message: message.replaceAll(path, base), system: system.replaceAll(path, base) };
}

/** Creates a hard link to the file at `path` under a free name in `folder`. */
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
