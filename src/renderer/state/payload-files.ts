import { encodeUtf8 } from '#shared/bytes/text.ts';
import { maxDocumentBytes } from '#shared/contract/documents.ts';
import { payloadFormatOf } from '#shared/document/kinds/payload.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { hexLines } from '#shared/payload/payload.ts';
import { showDialog } from './dialogs.ts';
import { changeDraft } from './drafts.ts';
import { createKeptDrafts, putKept, takeKept } from './kept-drafts.ts';
import { showFailure, showOffer } from './notices.ts';
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

/** Asks for the name of a recorded message, to save its bytes without its framing as a new payload; a failure is shown. */
export async function saveRecord(services: Services, record: Selection): Promise<void> {
  const { client, dialogs, notices } = services;
  const { seq } = record.row;
  const tried = `Could not save record ${seq} as a payload`;
  const purpose = { maxBytes: maxDocumentBytes, tried, hint: 'Export the record.' };
  const message = await recordedMessage(client, record, purpose);
  if (!message.ok) return showFailure(notices, message.error);
  showDialog(dialogs, { kind: 'save-record', seq, bytes: message.value.body });
}

/** Saves `bytes` as the new payload `path`; a `.hex` file contains them as hex. Returns why it could not. */
export async function saveNewPayload(
  services: Services,
  path: string,
  bytes: Uint8Array,
): Promise<Failure | undefined> {
  const content = payloadFormatOf(path) === 'hex' ? encodeUtf8(hexLines(bytes)) : bytes;
  const written = await services.client.call('documents.write', { path, bytes: content, basedOn: 'new' });
  if (!written.ok) return written.error;
  if (written.value.kind === 'conflict') {
    const parts = { system: 'a document with this name exists', hint: 'Use another name.' };
    return fail('file', `Could not save “${path}”`, parts).error;
  }
  await reload(services);
  return undefined;
}
