import { maxDocumentBytes } from '#shared/contract/documents.ts';
import { freePath } from '#shared/document/document-path.ts';
import {
  documentsInCommands,
  documentsInFile,
  type Imported,
  type ImportedDocument,
  maxImported,
  newDocuments,
  tooMany,
} from '#shared/document/import.ts';
import { metaPathOf, payloadOfMeta } from '#shared/document/kinds/payload.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { showDialog } from '../../state/dialogs.ts';
import { showDone, showFailure, showOffer } from '../../state/notices.ts';
import { folderOf } from '../../state/payload-text.ts';
import type { Services } from '../../state/services.ts';
import { loadWorkspace } from '../../state/workspace.ts';
import { bytesText } from '../../ui/text.ts';
import { isInside, outermost } from './library-rows.ts';
import { strings } from './strings.ts';

const texts = strings.importing;

/** Maximum size of all files of one import, in bytes. */
const maxTotalBytes = 256 * 1_048_576;
/** Maximum number of paths that one call removes. */
const maxRemoved = 1_000;

/** A file that the user selected or dropped. */
export interface SelectedFile {
  /** Its name, or its path from the folder that was selected. */
  readonly path: string;
  readonly file: File;
}

/** A selected file with its content. */
interface ReadFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files of an import that could be read, and why others could not. */
export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly problems: readonly Failure[];
}

function refusal(name: string, code: Failure['code'], system: string, hint: string): Failure {
  return fail(code, texts.couldNot(name), { system, hint }).error;
}

/** Lets the user select files or, with `isFolder`, all files of a folder. Resolves to an empty list if the user cancels. */
export function selectFiles(isFolder: boolean): Promise<SelectedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    if (isFolder) input.webkitdirectory = true;
    else input.multiple = true;
    input.onchange = () =>
      resolve([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** Reads selected files, up to the limits of an import. Hidden files of a folder are refused. */
export async function readFiles(selected: readonly SelectedFile[]): Promise<ReadFiles> {
  const files: ReadFile[] = [];
  const problems: Failure[] = [];
  let total = 0;
  for (const { path, file } of [...selected].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    if (files.length >= maxImported) {
      problems.push(tooMany(path));
      break;
    }
    const isHidden = path.includes('/') && path.split('/').some((part) => part.startsWith('.'));
    if (isHidden) problems.push(refusal(path, 'bad-input', texts.hidden, texts.hiddenHint));
    else if (file.size > maxDocumentBytes)
      problems.push(refusal(path, 'too-large', texts.tooLarge(bytesText(maxDocumentBytes)), texts.tooLargeHint));
    else if (total + file.size > maxTotalBytes)
      problems.push(refusal(path, 'too-large', texts.tooMuch(bytesText(maxTotalBytes)), texts.tooMuchHint));
    else {
      const bytes = await contentOf(file);
      if (bytes.ok) files.push({ path, bytes: bytes.value });
      else problems.push(refusal(path, 'file', bytes.error.system, texts.unreadableHint));
      total += file.size;
    }
  }
  return { files, problems };
}

async function contentOf(file: File): Promise<Result<Uint8Array>> {
  try {
    return ok(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    return fail('file', '', { system: error instanceof Error ? error.message : String(error) });
  }
}

/** Returns what files and command lines become in `folder`. A meta file goes with the payload beside it. Each endpoint is created once. */
export function planImport({ files, problems }: ReadFiles, commands: string, folder: string): Imported {
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const parts = files
    .filter(({ path }) => !byPath.has(payloadOfMeta(path) ?? ''))
    .map(({ path, bytes }) => documentsInFile(path, bytes, folder, byPath.get(metaPathOf(path))));
  parts.push(documentsInCommands(commands, folder, false));
  return {
    documents: parts.flatMap(({ documents }) => documents).filter(newDocuments()),
    problems: [...problems, ...parts.flatMap((part) => part.problems)],
  };
}

/** A document that an import has created. */
interface Created {
  readonly path: string;
  readonly kind: ImportedDocument['kind'];
  readonly version: string;
}

/** What an import has done. */
export interface ImportResult {
  readonly created: readonly Created[];
  readonly problems: readonly Failure[];
  /** The folders that the workspace had before. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Creates the documents of an import. No document is replaced: a name that exists gets a number. `onProgress` receives the number of
 * documents that are done; the import stops when it returns false.
 */
export async function runImport(
  services: Services,
  documents: readonly ImportedDocument[],
  onProgress: (done: number) => boolean,
): Promise<ImportResult> {
  const { client, workspace } = services;
  const before = [...workspace.getState().documents.values()];
  const folders = new Set(before.flatMap(({ path }) => foldersOn(path)));
  for (const { kind, path } of before) if (kind === 'folder') folders.add(path);
  const taken = new Set(before.map(({ path }) => path));
  const created: Created[] = [];
  const problems: Failure[] = [];
  for (const [index, document] of documents.entries()) {
    if (!onProgress(index)) break;
    const path = freePath(document.path, taken, document.ending);
    taken.add(path);
    const written = await create(services, path, document);
    if (!written.ok) problems.push(written.error);
    else created.push({ path, kind: document.kind, version: written.value });
    if (written.ok && document.kind === 'payload' && document.meta) {
      const failure = await createMeta(services, metaPathOf(path), document.meta);
      if (failure) problems.push(failure);
    }
  }
  await loadWorkspace(client, workspace);
  return { created, problems, folders };
}

/** Creates the meta file of a payload that was imported. Returns why it could not. */
async function createMeta({ client }: Services, path: string, bytes: Uint8Array): Promise<Failure | undefined> {
  const written = await client.call('documents.write', { path, bytes, basedOn: 'new' });
  if (!written.ok) return written.error;
  return written.value.kind === 'saved' ? undefined : refusal(path, 'file', texts.taken, texts.takenHint);
}

/** Returns the folders that `path` is in, the innermost first. */
function foldersOn(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

async function create({ client }: Services, path: string, document: ImportedDocument): Promise<Result<string>> {
  const written =
    document.kind === 'payload'
      ? await client.call('documents.write', { path, bytes: document.bytes, basedOn: 'new' })
      : await client.call('documents.put', {
          path,
          value: { kind: 'endpoint', config: document.config },
          basedOn: 'new',
        });
  if (!written.ok) return written;
  if (written.value.kind === 'saved') return ok(written.value.version);
  return { ok: false, error: refusal(path, 'file', texts.taken, texts.takenHint) };
}

/** Returns the created documents in words: `2 payloads and 1 endpoint`. */
export function createdText(created: readonly Pick<Created, 'kind'>[]): string {
  const payloads = created.filter(({ kind }) => kind === 'payload').length;
  return texts.documents(payloads, created.length - payloads);
}

/** Says what was imported, and offers to undo it. */
export function offerUndo(services: Services, result: ImportResult): void {
  showOffer(services.notices, {
    text: texts.done(createdText(result.created)),
    detail: '',
    label: texts.undo,
    run: () => void undoImport(services, result),
  });
}

/** Removes what an import has created, with its folders. Documents that were changed since then stay, and so do their folders. */
async function undoImport(services: Services, { created, folders }: ImportResult): Promise<void> {
  const { client, notices, workspace } = services;
  const { documents } = workspace.getState();
  const unchanged = created.filter(({ path, version }) => documents.get(path)?.version === version);
  const gone = new Set(unchanged.map(({ path }) => path));
  const others = [...documents.values()].filter(({ path, kind }) => kind !== 'folder' && !gone.has(path));
  const emptied = new Set(
    unchanged
      .flatMap(({ path }) => foldersOn(path))
      .filter((folder) => !folders.has(folder) && !others.some(({ path }) => isInside(path, folder))),
  );
  const paths = outermost([...emptied, ...gone]);
  for (let from = 0; from < paths.length; from += maxRemoved) {
    const removed = await client.call('documents.remove', { paths: paths.slice(from, from + maxRemoved) });
    if (!removed.ok) {
      showFailure(notices, removed.error);
      break;
    }
  }
  await loadWorkspace(client, workspace);
  const kept = created.filter(({ path }) => documents.has(path)).length - unchanged.length;
  showDone(notices, texts.undone(createdText(unchanged)), kept === 0 ? '' : texts.keptChanged(kept));
}

/** Shows the import of files that were dropped, into `folder` or, without one, into the selected folder. */
export async function importDropped(services: Services, transfer: DataTransfer, folder?: string): Promise<void> {
  const files = await droppedFiles(transfer);
  if (files.length === 0 || services.workspace.getState().view === undefined) return;
  showDialog(services.dialogs, { kind: 'import', files, ...(folder !== undefined && { folder }) });
}

/** Returns the files that were dropped, those of folders with their paths. */
async function droppedFiles({ items, files }: DataTransfer): Promise<SelectedFile[]> {
  // The entries can be read only while the event is handled.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (entries.length === 0) return [...files].map((file) => ({ path: file.name, file }));
  const found: SelectedFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: SelectedFile[]): Promise<void> {
  if (found.length > maxImported) return;
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File | undefined>((resolve) => entry.file(resolve, () => resolve(undefined)));
    if (file) found.push({ path, file });
    return;
  }
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  for (;;) {
    const inside = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (inside.length === 0) return;
    for (const one of inside) await collect(one, found);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
