import { maxDocumentBytes } from '#shared/contract/documents.ts';
import { freePath } from '#shared/document/document-path.ts';
import type { Failure } from '#shared/failure.ts';
import { guessPayload } from '#shared/payload/payload.ts';
import { changeDraft } from './drafts.ts';
import { createKeptDrafts, putKept, takeKept } from './kept-drafts.ts';
import { showDone, showFailure, showOffer } from './notices.ts';
import { baseName } from './payload-text.ts';
import { recordedMessage } from './recorded-message.ts';
import type { Selection } from './selection.ts';
import type { Services } from './services.ts';
import { loadWorkspace } from './workspace.ts';

/*
 * Changes to the files and folders of payloads. The list of documents is loaded again after each, because what belongs to a payload
 * changes with it.
 */

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Moves or renames payloads and folders, all or none; open payloads stay with their documents. Returns why it could not. */
export async function movePayloads(services: Services, moves: readonly Move[]): Promise<Failure | undefined> {
  const moved = await services.client.call('documents.move', { moves: [...moves] });
  if (!moved.ok) return moved.error;
  followMoves(services, moves);
  await reload(services);
  return undefined;
}

/** Lets the payloads that tabs show, and those that were put away, follow their documents. */
function followMoves(services: Services, moves: readonly Move[]): void {
  const { drafts } = services;
  const movedPath = (path: string | undefined) => {
    const move = moves.find(({ from }) => path === from || path?.startsWith(`${from}/`));
    return move && path !== undefined ? move.to + path.slice(move.from.length) : undefined;
  };
  for (const [tab, { document }] of Object.entries(drafts.getState().byTab)) {
    const path = movedPath(document);
    if (path !== undefined) changeDraft(drafts, tab, { document: path, key: path, name: baseName(path) });
  }
  const kept = services.own(createKeptDrafts);
  for (const [key, draft] of kept.getState().byKey) {
    const path = movedPath(draft.document);
    if (path === undefined) continue;
    takeKept(kept, key);
    putKept(kept, { ...draft, document: path, key: path, name: baseName(path) });
  }
}

/** Creates a folder. Returns whether it was created; a failure is shown. */
export async function createFolder(services: Services, path: string): Promise<boolean> {
  return await done(services, await services.client.call('documents.createFolder', { path }));
}

/** Copies a payload with its meta file under a free name; a failure is shown. */
export async function duplicatePayload(services: Services, path: string): Promise<string | undefined> {
  const copied = await services.client.call('documents.duplicate', { path });
  await done(services, copied);
  return copied.ok ? copied.value.path : undefined;
}

interface RemovalWords {
  readonly removed: (count: number, name: string) => string;
  readonly undo: string;
}

/** Deletes payloads and folders, and offers to undo it. */
export async function removePayloads(services: Services, paths: readonly string[], words: RemovalWords): Promise<void> {
  const removed = await services.client.call('documents.remove', { paths: [...paths] });
  if (!(await done(services, removed)) || !removed.ok) return;
  const { undo } = removed.value;
  const restore = async () => {
    await done(services, await services.client.call('documents.restore', { undo }));
  };
  showOffer(services.notices, {
    text: words.removed(paths.length, baseName(paths[0] ?? '')),
    detail: '',
    label: words.undo,
    run: () => void restore(),
  });
}

async function done(
  services: Services,
  result: { readonly ok: true } | { readonly ok: false; readonly error: Failure },
): Promise<boolean> {
  if (result.ok) await reload(services);
  else showFailure(services.notices, result.error);
  return result.ok;
}

async function reload({ client, workspace }: Services): Promise<void> {
  await loadWorkspace(client, workspace);
}

/** Saves the bytes of a recorded message, without its framing, as a new payload; a failure is shown. `saved` is the notice. */
export async function saveRecord(
  services: Services,
  record: Selection,
  words: { readonly name: (seq: number) => string; readonly saved: (path: string) => string },
): Promise<void> {
  const { client, notices, workspace } = services;
  const { seq } = record.row;
  const tried = `Could not save record ${seq} as a payload`;
  const purpose = { maxBytes: maxDocumentBytes, tried, hint: 'Export the record.' };
  const message = await recordedMessage(client, record, purpose);
  if (!message.ok) return showFailure(notices, message.error);
  const { body } = message.value;
  const { format } = guessPayload(body);
  const ending = format === 'hex' ? '.bin' : format === 'text' ? '.txt' : `.${format}`;
  const wanted = `payloads/${words.name(seq)}${ending}`;
  const path = freePath(wanted, workspace.getState().documents.keys(), ending);
  const written = await client.call('documents.write', { path, bytes: body, basedOn: 'new' });
  if (await done(services, written)) showDone(notices, words.saved(path));
}
