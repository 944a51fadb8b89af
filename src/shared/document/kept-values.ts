import type { DocumentContext, KeptReference, KeptValue } from './document-kind.ts';
import { pathProblem } from './document-path.ts';

/*
 * Values that a document only names: secrets, and paths of files outside of the workspace, which differ from machine to machine. The
 * file contains `{ secret: NAME }` or `{ local: NAME }`; the value is kept on each machine.
 */

/** What stands for the value of a file whose path this machine does not know. No file has such a name in a workspace. */
const unknownFile = 'local:';

/** Collects the references of a document while it is read. */
export class ReferenceReader {
  readonly references: KeptReference[] = [];
  readonly #context: DocumentContext;

  constructor(context: DocumentContext) {
    this.#context = context;
  }

  /** Returns the value of a secret; `undefined` if this machine does not have it. */
  secret(at: string, name: string): string | undefined {
    return this.#resolve({ kind: 'secret', name, at });
  }

  /** Returns the path of a file that a document names: by its path in the workspace, or by a reference. */
  file(at: string, named: string | { readonly local: string }): string {
    if (typeof named !== 'string')
      return this.#resolve({ kind: 'path', name: named.local, at }) ?? `${unknownFile}${named.local}`;
    const { root } = this.#context;
    if (named === '' || root === undefined || isSample(named)) return named;
    const separator = separatorOf(root);
    return `${withoutEnd(root)}${separator}${named.replaceAll('/', separator)}`;
  }

  #resolve(reference: KeptReference): string | undefined {
    this.references.push(reference);
    return this.#context.kept?.(reference);
  }
}

/** Replaces values by references while a document is written. A reference that the document had keeps its name. */
export class ReferenceWriter {
  readonly kept: KeptValue[] = [];
  readonly #known: readonly KeptReference[];
  readonly #root: string | undefined;
  readonly #prefix: string;

  constructor(known: readonly KeptReference[], root: string | undefined, prefix: string) {
    this.#known = known;
    this.#root = root;
    this.#prefix = wordOf(prefix) || 'endpoint';
  }

  /** Returns whether the document names a secret at `at`. */
  has(at: string): boolean {
    return this.#known.some((one) => one.kind === 'secret' && one.at === at);
  }

  /** Returns the name of the secret at `at`, of which `value` is empty if nothing is known but that it is set. */
  secret(at: string, value: string): string {
    return this.#keep('secret', at, value);
  }

  /** Returns what stands for the file `path`: its path in the workspace, or a reference. */
  file(at: string, path: string): string | { readonly local: string } {
    if (path === '' || isSample(path)) return path;
    if (path.startsWith(unknownFile)) return { local: path.slice(unknownFile.length) };
    return this.#inWorkspace(path) ?? { local: this.#keep('path', at, path) };
  }

  #inWorkspace(path: string): string | undefined {
    if (pathProblem(path) === undefined && this.#root === undefined) return path;
    if (this.#root === undefined) return undefined;
    const root = withoutEnd(this.#root);
    if (!path.startsWith(root) || !/[/\\]/.test(path[root.length] ?? '')) return undefined;
    const relative = path.slice(root.length + 1).replaceAll(separatorOf(root), '/');
    return pathProblem(relative) === undefined ? relative : undefined;
  }

  #keep(kind: KeptReference['kind'], at: string, value: string): string {
    const known = this.#known.find((one) => one.kind === kind && one.at === at)?.name;
    const name = known ?? `${this.#prefix}-${wordOf(at)}`;
    if (value !== '') this.kept.push({ kind, at, name, value });
    return name;
  }
}

/** Returns `text` as a part of a name: what a name cannot contain becomes `-`. */
function wordOf(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .replaceAll(/^[^A-Za-z_]+|-+$/g, '')
    .slice(0, 59);
}

function separatorOf(root: string): string {
  return /^(?:[a-z]:|\\\\)/i.test(root) ? '\\' : '/';
}

function withoutEnd(root: string): string {
  return root.replace(/[/\\]$/, '');
}

/** Returns whether `path` names a document that ships with Wirebench, which is the same on each machine. */
export function isSample(path: string): boolean {
  return path.startsWith('sample:') && !/[/\\]/.test(path);
}

/** Returns where each of the headers `names` is, for the names of their secrets: `ws.headers.cookie`, `ws.headers.cookie.2`. */
export function placesOfHeaders(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((written) => {
    const name = written.toLowerCase();
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `ws.headers.${name}${count === 1 ? '' : `.${count}`}`;
  });
}
