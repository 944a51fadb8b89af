import { freePath } from '#shared/document/document-path.ts';
import type { Failure } from '#shared/failure.ts';
import { showFailure, showOffer } from './notices.ts';
import type { Services } from './services.ts';

/*
 * What a user does with the documents of the workspace as files. The `workspace` event that follows updates the lists.
 */

type Needs = Pick<Services, 'client' | 'notices' | 'workspace'>;

/** The UI strings of the notices. */
const strings = {
  removed: (name: string) => `Deleted ${name}`,
  removedSome: (count: number) => `Deleted ${count} documents`,
  removedDetail: 'It can be restored until the workspace is closed.',
  undo: 'Undo',
} as const;

/** Returns the last part of a path, without the ending of a YAML document. */
export function documentName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.yaml$/, '');
}

/** Returns a path like `path` that no document of the workspace has. */
export function freeDocumentPath({ workspace }: Pick<Services, 'workspace'>, path: string, ending: string): string {
  return freePath(path, workspace.getState().documents.keys(), ending);
}

/** Moves or renames a document or a folder. Returns why that failed. */
export async function moveDocument({ client }: Needs, from: string, to: string): Promise<Failure | undefined> {
  if (from === to) return undefined;
  const moved = await client.call('documents.move', { moves: [{ from, to }] });
  return moved.ok ? undefined : moved.error;
}

/** Copies a document under a free name. Returns the path of the copy; a failure is shown. */
export async function duplicateDocument({ client, notices }: Needs, path: string): Promise<string | undefined> {
  const copied = await client.call('documents.duplicate', { path });
  if (copied.ok) return copied.value.path;
  showFailure(notices, copied.error);
  return undefined;
}

/** Returns true in a host that can show a document in the system's file manager: the desktop app. */
export function hasFileManager({ upload }: Pick<Services, 'upload'>): boolean {
  return upload === undefined;
}

/** Shows a document in the system's file manager. A failure is shown. */
export async function showInFileManager({ client, notices }: Needs, path: string): Promise<void> {
  const shown = await client.call('documents.show', { path });
  if (!shown.ok) showFailure(notices, shown.error);
}

/** Deletes documents or folders, and offers to restore them. A failure is shown. */
export async function removeDocuments({ client, notices }: Needs, paths: readonly string[]): Promise<void> {
  const removed = await client.call('documents.remove', { paths: [...paths] });
  if (!removed.ok) {
    showFailure(notices, removed.error);
    return;
  }
  const { undo } = removed.value;
  const [first = ''] = paths;
  showOffer(notices, {
    text: paths.length === 1 ? strings.removed(documentName(first)) : strings.removedSome(paths.length),
    detail: strings.removedDetail,
    label: strings.undo,
    key: `restore ${undo}`,
    run: () => {
      void client.call('documents.restore', { undo }).then((restored) => {
        if (!restored.ok) showFailure(notices, restored.error);
      });
    },
  });
}
