import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

/** Allows the page its own files and nothing else: no inline script, no other origin, no frame around it. */
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

/** Headers that every answer of a host carries, whatever it is. */
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
 * The file of the page in `root` that `pathname` (of a URL, still percent-encoded) names; `/` is `index.html`.
 * `undefined` where there is none or where the path leads out of `root`.
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
  // The names in assets/ carry a hash of their content, so what is cached there never goes stale.
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

/** The path behind the percent-encoding, or `undefined` where it holds what no file of ours has. */
function decodePath(pathname: string): string | undefined {
  try {
    const name = decodeURIComponent(pathname);
    const hostile = /[\0\\:]/.test(name) || name.split('/').some((part) => part === '..' || part === '.');
    return hostile ? undefined : name;
  } catch {
    return undefined;
  }
}
