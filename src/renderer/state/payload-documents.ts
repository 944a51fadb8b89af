import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { problemText } from '#shared/payload/problem.ts';
import { showDialog } from './dialogs.ts';
import {
  type Conflict,
  changeDraft,
  type Draft,
  draftOf,
  formFields,
  replaceDraft,
  type SavedForm,
  usualLineEnd,
} from './drafts.ts';
import { createKeptDrafts, createPageId, type KeptDraft, keptOf, putAway, takeKept } from './kept-drafts.ts';
import { showFailure } from './notices.ts';
import { readMeta, saveMeta, usualForm } from './payload-meta.ts';
import { baseName, fileBytes, shownFile } from './payload-text.ts';
import type { Services } from './services.ts';
import { withChanges } from './workspace.ts';

/*
 * The payload of a composer as a document of the workspace: opened, saved, and compared with the file when that changes.
 */

/** Shows a payload that is not a document, such as a sample or a record, in the composer of a tab. Unsaved changes are put away. */
export function showPayload(
  services: Services,
  tabId: string,
  payload: Required<Pick<Draft, 'name' | 'format' | 'text'>>,
): void {
  putAway(services, tabId);
  replaceDraft(services.drafts, tabId, { ...payload, changed: false });
}

type Loaded = Pick<Draft, 'format' | 'text' | 'saved' | 'version' | 'notice' | 'metaVersion'> &
  SavedForm & { readonly savedForm: SavedForm; readonly bytes: Uint8Array };

/** Reads a payload and what its meta file says. Fails as reading the document does, and for a `.hex` file that is not text. */
export async function load(services: Services, path: string): Promise<Result<Loaded>> {
  const read = await services.client.call('documents.read', { path });
  if (!read.ok) return read;
  const { form, version: metaVersion, problem } = await readMeta(services, path);
  const { bytes, version } = read.value;
  const shown = await shownFile(path, bytes, form.encoding);
  if (!shown.ok) return shown;
  const { format, text, notice = problem } = shown.value;
  const savedForm = { ...form, lineEnd: usualLineEnd(text, form.lineEnd) };
  return ok({ format, text, notice, ...savedForm, saved: text, savedForm, metaVersion, bytes, version });
}

/** Opens the payload `path` in the composer of a tab. Unsaved changes of it are shown again; those of the payload before are put away. */
export async function openPayload(services: Services, tabId: string, path: string): Promise<void> {
  const { drafts, notices } = services;
  if (draftOf(drafts.getState(), tabId).document === path) return;
  const shared = Object.values(drafts.getState().byTab).find(({ document }) => document === path);
  if (shared) {
    showKept(services, tabId, keptOf(shared), standingOf(shared));
    return;
  }
  const kept = services.own(createKeptDrafts).getState().byKey.get(path);
  const loaded = await load(services, path);
  if (!loaded.ok && !kept) {
    showFailure(notices, loaded.error);
    return;
  }
  if (kept) {
    const isGone = !services.workspace.getState().documents.has(path);
    showKept(services, tabId, kept, compared(kept, loaded.ok ? loaded.value : undefined, isGone));
    // After it is shown: at no moment is it neither shown nor put away, which would delete its draft.
    takeKept(services.own(createKeptDrafts), path);
    return;
  }
  if (!loaded.ok) return;
  const { bytes: _bytes, ...content } = loaded.value;
  showKept(
    services,
    tabId,
    {
      ...keptOf(draftOf(drafts.getState(), tabId)),
      ...content,
      key: path,
      name: baseName(path),
      formatChosen: true,
      document: path,
      changed: false,
    },
    { ...standingOf(content), conflict: undefined },
  );
}

/** Shows a payload that was put away in the composer of a tab. */
export async function reopenKept(services: Services, tabId: string, key: string): Promise<void> {
  const kept = services.own(createKeptDrafts).getState().byKey.get(key);
  if (kept?.document !== undefined) return await openPayload(services, tabId, kept.document);
  if (!kept) return;
  showKept(services, tabId, kept, withoutFile);
  takeKept(services.own(createKeptDrafts), key);
}

/** What a payload has of its file. */
type Standing = Pick<Draft, 'saved' | 'savedForm' | 'metaVersion' | 'notice' | 'conflict'>;
/** What a payload has without a file. */
const withoutFile: Standing = {
  ...{ saved: undefined, savedForm: undefined, metaVersion: 'new', notice: undefined, conflict: undefined },
};

function standingOf({
  saved,
  savedForm,
  metaVersion,
  notice,
  conflict,
}: Omit<Standing, 'conflict'> & Partial<Standing>): Standing {
  return { saved, savedForm, metaVersion, notice, conflict };
}

function showKept(services: Services, tabId: string, kept: KeptDraft, standing: Standing): void {
  putAway(services, tabId);
  const { revision } = draftOf(services.drafts.getState(), tabId);
  changeDraft(services.drafts, tabId, {
    ...kept,
    ...standing,
    file: undefined,
    outcome: undefined,
    revision: revision + 1,
  });
}

/** Compares unsaved changes with the file on the disk; `loaded` is undefined where that cannot be read. */
function compared({ version }: KeptDraft, loaded: Loaded | undefined, isGone: boolean): Standing {
  if (!loaded) return { ...withoutFile, conflict: isGone ? { theirs: undefined } : undefined };
  const { text, format, bytes } = loaded;
  if (loaded.version === version) return standingOf(loaded);
  const conflict = { theirs: { version: loaded.version, bytes, format, text } };
  return { ...standingOf(loaded), saved: undefined, conflict };
}

/** Saves the payload of a tab in its document; asks for a name and a folder if it has none. */
export async function savePayload(services: Services, tabId: string): Promise<void> {
  const { document, version } = draftOf(services.drafts.getState(), tabId);
  if (document === undefined) {
    showDialog(services.dialogs, { kind: 'save-payload', tab: tabId, how: 'save' });
    return;
  }
  const failure = await write(services, tabId, document, version);
  if (failure) showFailure(services.notices, failure);
}

/** Saves the payload of a tab in the new document `path`. Returns why it could not. */
export async function savePayloadAs(services: Services, tabId: string, path: string): Promise<Failure | undefined> {
  return await write(services, tabId, path, 'new');
}

async function write(services: Services, tabId: string, path: string, basedOn: string): Promise<Failure | undefined> {
  const { client, drafts } = services;
  const draft = draftOf(drafts.getState(), tabId);
  const tried = `Could not save “${path}”`;
  const bytes = await fileBytes(path, draft.format, draft.text, draft.encoding);
  if (!bytes.ok) {
    const system = `${draft.format === 'hex' ? 'the payload is not valid hex: ' : ''}${problemText(bytes.problem)}`;
    return fail('bad-input', tried, { system, hint: 'Correct it. It is kept as a draft until then.' }).error;
  }
  const written = await client.call('documents.write', { path, bytes: bytes.value, basedOn });
  if (!written.ok) return written.error;
  if (written.value.kind === 'conflict') {
    if (path !== draft.document) {
      return fail('file', tried, { system: 'a document with this name exists', hint: 'Use another name.' }).error;
    }
    const conflict = await conflictOf(path, written.value.theirs, draft);
    changeDraft(drafts, tabId, { conflict });
    return undefined;
  }
  const { version } = written.value;
  if (draftOf(drafts.getState(), tabId).document === draft.document) {
    const own = { key: path, name: baseName(path), document: path, version, saved: draft.text, conflict: undefined };
    const form = path === draft.document ? {} : { savedForm: usualForm(draft.text), metaVersion: 'new' };
    if (draft.document === undefined && draft.key !== '')
      void client.call('drafts.drop', { key: draft.key, page: services.own(createPageId) });
    // Before the list of documents has it: a document of another version would look like a change by someone else.
    changeDraft(drafts, tabId, { ...own, ...form, formatChosen: true });
  }
  noteWritten(services, path, version, bytes.value.length);
  return await writeMeta(services, tabId, path, draft);
}

/** Saves the settings of `draft`. After the bytes: a payload in another encoding and without its meta file is shown as hex, not as other characters. */
async function writeMeta(services: Services, tabId: string, path: string, draft: Draft): Promise<Failure | undefined> {
  const { drafts } = services;
  const meta = await saveMeta(services, path, draft);
  if (!meta.ok) return meta.error;
  const savedForm = Object.fromEntries(formFields.map((field) => [field, draft[field]])) as SavedForm;
  if (draftOf(drafts.getState(), tabId).document === path)
    changeDraft(drafts, tabId, { savedForm, metaVersion: meta.value.version });
  if (meta.value.isWritten) noteMeta(services, metaPathOf(path), meta.value.version);
  return undefined;
}

async function conflictOf(
  path: string,
  theirs: { readonly version: string; readonly bytes: Uint8Array } | undefined,
  { encoding }: Pick<Draft, 'encoding'>,
): Promise<Conflict> {
  const shown = theirs && (await shownFile(path, theirs.bytes, encoding));
  if (!theirs || !shown?.ok) return { theirs: undefined };
  return { theirs: { ...theirs, format: shown.value.format, text: shown.value.text } };
}

/** Enters a document that this page has written, before an event of the workspace reports it. */
function noteWritten({ workspace }: Services, path: string, version: string, size: number): void {
  const before = workspace.getState().documents.get(path);
  const changed = [{ ...before, path, kind: 'payload' as const, size, version, problem: undefined }];
  const { problem } = workspace.getState().view ?? {};
  workspace.setState((state) =>
    withChanges(state, { kind: 'workspace', replaced: false, changed, removed: [], problem }),
  );
}

/** As `noteWritten`, for the meta file of a payload. */
function noteMeta({ workspace }: Services, path: string, version: string): void {
  const { documents, view } = workspace.getState();
  const before = documents.get(path);
  const changed = [{ size: 0, ...before, path, kind: 'payload-meta' as const, version, problem: undefined }];
  workspace.setState((state) =>
    withChanges(state, { kind: 'workspace', replaced: false, changed, removed: [], problem: view?.problem }),
  );
}

/** Ends a conflict with the user's text: the next save replaces what is on the disk. */
export function keepMine({ drafts }: Services, tabId: string): void {
  const { conflict } = draftOf(drafts.getState(), tabId);
  if (!conflict) return;
  const { theirs } = conflict;
  changeDraft(drafts, tabId, {
    conflict: undefined,
    changed: true,
    saved: theirs?.text,
    version: theirs?.version ?? 'new',
  });
}

/** Ends a conflict with what is on the disk; undo returns the user's text. */
export function takeTheirs({ drafts }: Services, tabId: string): void {
  const { conflict, revision } = draftOf(drafts.getState(), tabId);
  if (!conflict?.theirs) return;
  const { text, format, version } = conflict.theirs;
  changeDraft(drafts, tabId, { text, format, saved: text, version, conflict: undefined, revision: revision + 1 });
}
