import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openFile } from '#files/regular-file.ts';
import { hostPaths } from '#shared/contract/wire.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { securityHeaders } from '../page.ts';
import { temporaryFolder } from './temporary.ts';

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
