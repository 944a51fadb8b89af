import type { WrittenPayload } from '#shared/contract/documents.ts';
import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { type Failure, fail, type Result } from '#shared/failure.ts';
import { problemText } from '#shared/payload/problem.ts';
import { showDialog } from './dialogs.ts';
import { type Conflict, changeDraft, type Draft, draftOf, replaceDraft } from './drafts.ts';
import { createKeptDrafts, type KeptDraft, keptOf, putAway, takeKept } from './kept-drafts.ts';
import { showFailure } from './notices.ts';
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

type Loaded = Pick<Draft, 'format' | 'text' | 'saved' | 'version' | 'notice' | 'encoding' | 'template' | 'checksum'> & {
  readonly bytes: Uint8Array;
};

/** Reads a payload and what its meta file says. */
async function load({ client, workspace }: Services, path: string): Promise<Result<Loaded>> {
  const read = await client.call('documents.read', { path });
  if (!read.ok) return read;
  const metaPath = metaPathOf(path);
  const meta = workspace.getState().documents.has(metaPath)
    ? await client.call('documents.value', { path: metaPath })
    : undefined;
  const value = meta?.ok && meta.value.value.kind === 'payload-meta' ? meta.value.value : undefined;
  const encoding: WrittenPayload['encoding'] = value?.encoding ?? 'utf-8';
  const { bytes, version } = read.value;
  const shown = shownFile(path, bytes, encoding);
  if (!shown.ok) return shown;
  const { template = false, checksum } = value ?? {};
  return { ok: true, value: { ...shown.value, saved: shown.value.text, bytes, version, encoding, template, checksum } };
}

/** Opens the payload `path` in the composer of a tab. Unsaved changes of it are shown again; those of the payload before are put away. */
export async function openPayload(services: Services, tabId: string, path: string): Promise<void> {
  const { drafts, notices } = services;
  if (draftOf(drafts.getState(), tabId).document === path) return;
  const shared = Object.values(drafts.getState().byTab).find(({ document }) => document === path);
  if (shared) {
    const { saved, notice, conflict } = shared;
    showKept(services, tabId, keptOf(shared), { saved, notice, conflict });
    return;
  }
  const kept = services.own(createKeptDrafts).getState().byKey.get(path);
  const loaded = await load(services, path);
  if (!loaded.ok && !kept) {
    showFailure(notices, loaded.error);
    return;
  }
  if (kept) {
    takeKept(services.own(createKeptDrafts), path);
    const isGone = !services.workspace.getState().documents.has(path);
    showKept(services, tabId, kept, compared(kept, loaded.ok ? loaded.value : undefined, isGone));
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
    { saved: content.saved, notice: content.notice, conflict: undefined },
  );
}

/** Shows a payload that was put away in the composer of a tab. */
export async function reopenKept(services: Services, tabId: string, key: string): Promise<void> {
  const kept = services.own(createKeptDrafts).getState().byKey.get(key);
  if (kept?.document !== undefined) return await openPayload(services, tabId, kept.document);
  if (!kept) return;
  takeKept(services.own(createKeptDrafts), key);
  showKept(services, tabId, kept, { saved: undefined, notice: undefined, conflict: undefined });
}

type Standing = Pick<Draft, 'saved' | 'notice' | 'conflict'>;

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
  if (!loaded) return { saved: undefined, notice: undefined, conflict: isGone ? { theirs: undefined } : undefined };
  const { text, format, bytes, notice } = loaded;
  if (loaded.version === version) return { saved: text, notice, conflict: undefined };
  return { saved: undefined, notice, conflict: { theirs: { version: loaded.version, bytes, format, text } } };
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
  const bytes = fileBytes(path, draft.format, draft.text);
  if (!bytes.ok) {
    const system = `the payload is not valid hex: ${problemText(bytes.problem)}`;
    return fail('bad-input', tried, { system, hint: 'Correct the hex. It is kept as a draft until then.' }).error;
  }
  const written = await client.call('documents.write', { path, bytes: bytes.value, basedOn });
  if (!written.ok) return written.error;
  if (written.value.kind === 'conflict') {
    if (path !== draft.document) {
      return fail('file', tried, { system: 'a document with this name exists', hint: 'Use another name.' }).error;
    }
    const { theirs } = written.value;
    changeDraft(drafts, tabId, { conflict: conflictOf(path, theirs, draft) });
    return undefined;
  }
  const { version } = written.value;
  const isSame = draftOf(drafts.getState(), tabId).document === draft.document;
  if (!isSame) {
    noteWritten(services, path, version, bytes.value.length);
    return undefined;
  }
  const own = { key: path, name: baseName(path), document: path, version, saved: draft.text, conflict: undefined };
  if (draft.document === undefined && draft.key !== '') void client.call('drafts.drop', { key: draft.key });
  // Before the list of documents has it: a document of another version would look like a change by someone else.
  changeDraft(drafts, tabId, { ...own, formatChosen: true });
  noteWritten(services, path, version, bytes.value.length);
  return undefined;
}

function conflictOf(
  path: string,
  theirs: { readonly version: string; readonly bytes: Uint8Array } | undefined,
  { encoding }: Pick<Draft, 'encoding'>,
): Conflict {
  const shown = theirs && shownFile(path, theirs.bytes, encoding);
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

/**
 * Follows the documents of the payloads that tabs show: a changed file is loaded where there are no unsaved changes; where there are, the
 * user decides. Tabs with the same document share its text. Returns a function that ends it.
 */
export function followPayloads(services: Services): () => void {
  const stops = [
    services.workspace.subscribe((state, before) => {
      if (before.view !== undefined && state.view?.id !== before.view.id) detachAll(services);
      else if (state.documents !== before.documents) void compareAll(services);
    }),
    services.drafts.subscribe((state, before) => shareTexts(services, state.byTab, before.byTab)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** The documents belong to another workspace than before: the texts stay, without a document. */
function detachAll({ drafts }: Services): void {
  for (const [tab, { document }] of Object.entries(drafts.getState().byTab)) {
    if (document === undefined) continue;
    changeDraft(drafts, tab, { key: '', document: undefined, version: 'new', saved: undefined, conflict: undefined });
  }
}

async function compareAll(services: Services): Promise<void> {
  const { drafts, workspace } = services;
  const { documents } = workspace.getState();
  for (const [tab, draft] of Object.entries(drafts.getState().byTab)) {
    const { document, version, conflict } = draft;
    if (document === undefined) continue;
    const found = documents.get(document);
    if (!found) changeDraft(drafts, tab, { conflict: { theirs: undefined } });
    else if (found.version === version) {
      if (conflict) changeDraft(drafts, tab, { conflict: undefined });
    } else if (found.version !== '' && found.version !== conflict?.theirs?.version)
      await reload(services, tab, document);
  }
}

async function reload(services: Services, tab: string, path: string): Promise<void> {
  const { drafts } = services;
  const loaded = await load(services, path);
  const draft = draftOf(drafts.getState(), tab);
  if (draft.document !== path || !loaded.ok || loaded.value.version === draft.version) return;
  const { bytes, ...content } = loaded.value;
  const { text, format, version } = content;
  if (draft.changed && text !== draft.text) {
    changeDraft(drafts, tab, { conflict: { theirs: { version, bytes, format, text } } });
    return;
  }
  changeDraft(drafts, tab, { ...content, conflict: undefined, revision: draft.revision + 1 });
}

function shareTexts(
  { drafts }: Services,
  now: Readonly<Record<string, Draft>>,
  before: Readonly<Record<string, Draft>>,
) {
  for (const [tab, draft] of Object.entries(now)) {
    const { document, text, format, saved, version, conflict, notice } = draft;
    if (document === undefined || draft === before[tab] || before[tab]?.document !== document) continue;
    for (const [other, its] of Object.entries(now)) {
      if (other === tab || its.document !== document) continue;
      const isSame = its.text === text && its.version === version && its.saved === saved && its.conflict === conflict;
      if (isSame && its.format === format) continue;
      const revision = its.text === text ? its.revision : its.revision + 1;
      const shared = { text, format, saved, version, conflict, notice, changed: draft.changed, revision };
      changeDraft(drafts, other, shared);
    }
  }
}
