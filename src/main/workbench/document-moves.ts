import { kindOfPath } from '#shared/document/catalogue.ts';
import { freePath } from '#shared/document/document-path.ts';
import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { secretScope } from '#workspace/kept-values.ts';
import { isWithin } from '#workspace/listing.ts';
import type { Move } from '#workspace/removed-files.ts';
import type { OpenWorkspace } from './open-workspace.ts';

/* Moves, copies and removals of documents with what belongs to them: the meta file of a payload, the secrets of an environment. */

/** How often a free name is searched for, while other programs take the names found. */
const maxAttempts = 20;

/** Moves documents and folders, all or none. The secrets of an environment go with it. */
export async function moveDocuments(workspace: OpenWorkspace, moves: readonly Move[]): Promise<Result<object>> {
  const { files } = workspace;
  const paths = new Set(files.list().map(({ path }) => path));
  const named = new Set(moves.map(({ from }) => from));
  const metas = moves.flatMap(({ from, to }) => {
    const meta = metaPathOf(from);
    const isMoved = kindOfPath(from)?.kind === 'payload' && paths.has(meta) && !named.has(meta);
    return isMoved ? [{ from: meta, to: metaPathOf(to) }] : [];
  });
  const environments = [...paths].filter((path) => kindOfPath(path)?.kind === 'environment');
  const moved = await files.move([...moves, ...metas]);
  workspace.changed();
  if (!moved.ok) return moved;
  for (const { from, to } of moves) {
    for (const path of environments.filter((it) => isWithin(it, from))) {
      const secrets = await moveSecrets(workspace, path, to + path.slice(from.length));
      if (!secrets.ok) return secrets;
    }
  }
  return ok({});
}

async function moveSecrets({ secrets }: OpenWorkspace, from: string, to: string): Promise<Result<void>> {
  const names = await secrets.names(secretScope(from));
  if (!names.ok) return names;
  for (const name of names.value) {
    const value = await secrets.get(secretScope(from), name);
    if (!value.ok) continue;
    const set = await secrets.set(secretScope(to), name, value.value);
    if (!set.ok) return set;
    await secrets.remove(secretScope(from), name);
  }
  return ok(undefined);
}

/** Copies a document, with the meta file of a payload, under a free name; returns its path. */
export async function duplicateDocument(workspace: OpenWorkspace, path: string): Promise<Result<{ path: string }>> {
  const { files } = workspace;
  const tried = `Could not duplicate “${path}”`;
  const kind = kindOfPath(path);
  const endings = [...(kind?.endings ?? [])].sort((one, other) => other.length - one.length);
  const ending = endings.find((it) => path.endsWith(it)) ?? '';
  const taken = new Set(files.list().map((entry) => entry.path));
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const to = freePath(path, taken, ending);
    const copied = await files.duplicate(path, to);
    if (!copied.ok) return copied;
    if (copied.value.kind === 'conflict') {
      taken.add(to);
      continue;
    }
    const meta = metaPathOf(path);
    const isPayload = kind?.kind === 'payload' && taken.has(meta);
    const copiedMeta = isPayload ? await files.duplicate(meta, metaPathOf(to)) : ok(undefined);
    workspace.changed();
    return copiedMeta.ok ? ok({ path: to }) : copiedMeta;
  }
  return fail('file', tried, { system: 'another program creates files with the same names', hint: 'Try again.' });
}

/** Removes documents and folders, with the meta files of payloads; returns the handle that restores them. */
export async function removeDocuments(
  workspace: OpenWorkspace,
  paths: readonly string[],
): Promise<Result<{ undo: string }>> {
  const known = new Set(workspace.files.list().map(({ path }) => path));
  const named = [...new Set(paths)];
  // What is in a folder that is removed goes with it.
  const tops = named.filter((path) => !named.some((other) => other !== path && isWithin(path, other)));
  const metas = tops.map(metaPathOf).filter((meta) => known.has(meta) && !named.includes(meta));
  const removed = await workspace.files.remove([...tops, ...metas]);
  workspace.changed();
  return removed.ok ? ok({ undo: removed.value }) : removed;
}
