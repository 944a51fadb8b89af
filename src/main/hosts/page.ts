import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handlers } from '#shared/contract/serve.ts';

/** Allows the page to load its own files only: no inline script, no other origin, no enclosing frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor and the table position their rows by inline styles.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every response of a host. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** One file of the built page, with the headers it is served with. */
interface PageFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Finds the file of the page in `root` that `pathname` (of a URL, still percent-encoded) names; `/` is `index.html`.
 * Returns `undefined` if no such file exists or the path leads out of `root`.
 */
export async function findPageFile(root: string, pathname: string): Promise<PageFile | undefined> {
  const name = decodePath(pathname);
  if (name === undefined) return undefined;
  const folder = resolve(root);
  const path = join(folder, name === '/' ? '/index.html' : name);
  if (!path.startsWith(folder + sep)) return undefined;
  const type = types[extname(path)];
  if (type === undefined) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  // File names in assets/ contain a hash of the content, so cached copies never go stale.
  const hashed = path.startsWith(join(folder, 'assets') + sep);
  return {
    path,
    size: found.size,
    headers: {
      ...securityHeaders,
      'content-type': type,
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}

/** Decodes the percent-encoding. Returns `undefined` if the path contains something that no file of the page has. */
function decodePath(pathname: string): string | undefined {
  try {
    const name = decodeURIComponent(pathname);
    const hostile = /[\0\\:]/.test(name) || name.split('/').some((part) => part === '..' || part === '.');
    return hostile ? undefined : name;
  } catch {
    return undefined;
  }
}

/** Paths of the parts of the built app. All chunks of the main process are directly in `out/main`. */
interface BuildPaths {
  readonly renderer: string;
  readonly preload: string;
  readonly resources: string;
}

/** Returns the paths of the build that contains `mainFile`: the `import.meta.url` of a file in `out/main`. */
export function buildPaths(mainFile: string): BuildPaths {
  const at = (path: string) => fileURLToPath(new URL(path, mainFile));
  return { renderer: at('../renderer'), preload: at('../preload/index.cjs'), resources: at('../../resources') };
}

/** A page has one id; a hostile one has no more than this. */
const maxDraftIds = 100;

type PageCall =
  | 'sessions.query'
  | 'sessions.endQuery'
  | 'sessions.close'
  | 'drafts.list'
  | 'drafts.keep'
  | 'drafts.end';

/** The calls of one page, and what it leaves open: queries and drafts. A page that crashes or is reloaded cannot end them itself. */
export class PageCalls {
  /** The calls of the page. */
  readonly handlers: Handlers;
  readonly #calls: Pick<Handlers, PageCall>;
  /** The queries of each session. */
  readonly #open = new Map<string, Set<string>>();
  /** The ids under which the page keeps drafts. */
  readonly #draftsOf = new Set<string>();
  #hasEnded = false;

  constructor(handlers: Handlers) {
    this.#calls = handlers;
    this.handlers = {
      ...handlers,
      'sessions.query': async (input) => {
        const made = await handlers['sessions.query'](input);
        if (made.ok) this.#add(input.session, made.value.id);
        return made;
      },
      'sessions.endQuery': (input) => {
        this.#open.get(input.session)?.delete(input.query);
        return handlers['sessions.endQuery'](input);
      },
      'sessions.close': (input) => {
        this.#open.delete(input.session);
        return handlers['sessions.close'](input);
      },
      'drafts.list': (input) => {
        this.#noteDrafts(input.page);
        return handlers['drafts.list'](input);
      },
      'drafts.keep': async (input) => {
        this.#noteDrafts(input.page);
        const kept = await handlers['drafts.keep'](input);
        if (this.#hasEnded) this.#endDrafts();
        return kept;
      },
    };
  }

  /** Ends all queries of the page, which has gone, and those that are still being created. Others may take over its drafts. */
  end(): void {
    this.#hasEnded = true;
    for (const [session, queries] of this.#open) for (const query of queries) this.#release(session, query);
    this.#open.clear();
    this.#endDrafts();
  }

  #endDrafts(): void {
    for (const page of this.#draftsOf) void this.#calls['drafts.end']({ page });
    this.#draftsOf.clear();
  }

  #noteDrafts(page: string | undefined): void {
    if (page !== undefined && this.#draftsOf.size < maxDraftIds) this.#draftsOf.add(page);
  }

  #add(session: string, query: string): void {
    if (this.#hasEnded) {
      this.#release(session, query);
      return;
    }
    const queries = this.#open.get(session) ?? new Set();
    this.#open.set(session, queries.add(query));
  }

  /** Fails only if the session is closed, which has ended its queries. */
  #release(session: string, query: string): void {
    void this.#calls['sessions.endQuery']({ session, query });
  }
}
