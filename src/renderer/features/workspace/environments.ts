import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DocumentValue, DocumentView } from '#shared/contract/documents.ts';
import { fileNameOf, namePattern } from '#shared/document/document-path.ts';
import type { Failure } from '#shared/failure.ts';
import { freeDocumentPath } from '../../state/document-commands.ts';
import type { Services } from '../../state/services.ts';
import { perWorkspace } from '../../state/workspace.ts';
import { strings } from './strings.ts';

const { environment: words } = strings;

type EnvironmentValue = Extract<DocumentValue, { kind: 'environment' }>;

/** A variable as it is typed. */
interface VariableRow {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

/** An environment that is edited. It is kept while the window is open, also when the dialog is closed. */
export interface EnvironmentDraft {
  readonly path: string;
  /** The version that was loaded or saved last; `new` if the file was deleted. */
  readonly version: string;
  readonly name: string;
  readonly rows: readonly VariableRow[];
  readonly secrets: readonly string[];
  readonly note: string | undefined;
  readonly changed: boolean;
  /** The names of the secrets that have a value on this machine, and how these are protected. */
  readonly set: readonly string[];
  readonly protection: keyof typeof words.protection | '';
  /** The file has another version than the one that the changes are based on: its version, or `gone`. */
  readonly theirs: string | undefined;
}

interface EnvironmentsState {
  readonly drafts: Readonly<Record<string, EnvironmentDraft>>;
}

/** Creates the environments that are edited, by path. */
export function createEnvironments({ workspace }: Services): StoreApi<EnvironmentsState> {
  return perWorkspace(
    workspace,
    createStore<EnvironmentsState>(() => ({ drafts: {} })),
  );
}

/** Returns the environments of the workspace in the order of their names. */
export function environmentsOf(documents: ReadonlyMap<string, DocumentView>): DocumentView[] {
  return [...documents.values()]
    .filter(({ kind, path, problem }) => kind === 'environment' || (problem && path.startsWith('environments/')))
    .sort((one, other) => environmentName(one).localeCompare(environmentName(other)));
}

/** Returns the display name of an environment or, without one, the name of its file. */
export function environmentName({ path, name }: Pick<DocumentView, 'path' | 'name'>): string {
  return name || path.replace(/^environments\//, '').replace(/\.yaml$/, '');
}

function setDraft(services: Services, path: string, draft: EnvironmentDraft): void {
  services.own(createEnvironments).setState(({ drafts }) => ({ drafts: { ...drafts, [path]: draft } }));
}

function draftAt(services: Services, path: string): EnvironmentDraft | undefined {
  return services.own(createEnvironments).getState().drafts[path];
}

/** Changes an environment that is edited. */
export function editEnvironment(services: Services, path: string, change: Partial<EnvironmentDraft>): void {
  const draft = draftAt(services, path);
  if (draft) setDraft(services, path, { ...draft, ...change, changed: true });
}

/** Loads an environment, unless it has unsaved changes or `isForced`. Returns why that failed. */
export async function loadEnvironment(
  services: Services,
  path: string,
  isForced = false,
): Promise<Failure | undefined> {
  const { client } = services;
  const [loaded, secrets] = await Promise.all([
    client.call('documents.value', { path }),
    client.call('secrets.names', { environment: path }),
  ]);
  if (!loaded.ok) return loaded.error;
  const { value, version } = loaded.value;
  if (value.kind !== 'environment') return undefined;
  const kept = secrets.ok
    ? { set: secrets.value.names, protection: protectionOf(secrets.value.protection) }
    : { set: [], protection: '' as const };
  const before = draftAt(services, path);
  if (before?.changed && !isForced) {
    setDraft(services, path, { ...before, ...kept, theirs: before.version === version ? undefined : version });
    return undefined;
  }
  const rows = value.variables.map((variable, id) => ({ id, ...variable }));
  setDraft(services, path, {
    path,
    version,
    name: value.name ?? '',
    rows,
    secrets: value.secrets,
    note: value.note,
    changed: false,
    ...kept,
    theirs: undefined,
  });
  return undefined;
}

function protectionOf(name: string): EnvironmentDraft['protection'] {
  return name === 'key-store' || name === 'file' ? name : '';
}

/** Marks the draft of an environment whose file was deleted. */
export function markGone(services: Services, path: string): void {
  const draft = draftAt(services, path);
  if (draft) setDraft(services, path, { ...draft, theirs: 'gone' });
}

/** Forgets the changes to an environment. */
export function dropEnvironment(services: Services, path: string): void {
  services.own(createEnvironments).setState(({ drafts }) => {
    const { [path]: _gone, ...rest } = drafts;
    return { drafts: rest };
  });
}

/** Returns what is wrong with the name of a variable or a secret; `undefined` for an empty row, which is not saved. */
export function nameProblem({ rows, secrets }: EnvironmentDraft, name: string, isEmpty = false): string | undefined {
  if (name === '' && isEmpty) return undefined;
  if (!namePattern.test(name)) return words.nameError;
  const uses = rows.filter((row) => row.name === name).length + secrets.filter((one) => one === name).length;
  return uses > 1 ? words.sameName : undefined;
}

/** Returns true if the environment can be saved as it is. */
export function isValid(draft: EnvironmentDraft): boolean {
  return draft.rows.every(({ name, value }) => nameProblem(draft, name, value === '') === undefined);
}

function contentOf({ name, note, rows, secrets }: EnvironmentDraft): EnvironmentValue {
  const variables = rows.filter((row) => row.name !== '').map((row) => ({ name: row.name, value: row.value }));
  return {
    kind: 'environment',
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(note !== undefined && { note }),
    variables,
    secrets: [...secrets],
  };
}

/** Saves an environment. A conflict is shown in the dialog. Returns why that failed. */
export async function saveEnvironment(
  services: Services,
  path: string,
  basedOn?: string,
): Promise<Failure | undefined> {
  const draft = draftAt(services, path);
  if (!draft || !isValid(draft)) return undefined;
  const value = contentOf(draft);
  const saved = await services.client.call('documents.put', { path, value, basedOn: basedOn ?? draft.version });
  const now = draftAt(services, path);
  if (!saved.ok || !now) return saved.ok ? undefined : saved.error;
  if (saved.value.kind === 'conflict') {
    setDraft(services, path, { ...now, theirs: saved.value.theirs?.version ?? 'gone' });
    return undefined;
  }
  // Changes made during the call stay unsaved.
  const changed = JSON.stringify(contentOf(now)) !== JSON.stringify(value);
  setDraft(services, path, { ...now, version: saved.value.version, changed, theirs: undefined });
  return undefined;
}

/** Saves an environment over the file that is on the disk now. Returns why that failed. */
export async function keepMine(services: Services, path: string): Promise<Failure | undefined> {
  const draft = draftAt(services, path);
  if (draft?.theirs === undefined) return undefined;
  return saveEnvironment(services, path, draft.theirs === 'gone' ? 'new' : draft.theirs);
}

/** Creates an empty environment with a free name. Returns its path, or why that failed. */
export async function createEnvironment(services: Services): Promise<string | Failure> {
  const ending = '.yaml';
  const path = freeDocumentPath(services, `environments/${fileNameOf(words.newName)}${ending}`, ending);
  const value: EnvironmentValue = { kind: 'environment', variables: [], secrets: [] };
  const saved = await services.client.call('documents.put', { path, value, basedOn: 'new' });
  return saved.ok ? path : saved.error;
}

/** Sets the value of a secret on this machine. A secret that the document does not name is added and saved. Returns why that failed. */
export async function setSecret(
  services: Services,
  path: string,
  name: string,
  value: string,
): Promise<Failure | undefined> {
  const draft = draftAt(services, path);
  if (!draft) return undefined;
  if (!draft.secrets.includes(name)) {
    editEnvironment(services, path, { secrets: [...draft.secrets, name] });
    const failure = await saveEnvironment(services, path);
    if (failure) return failure;
  }
  const answer = await services.client.call('secrets.set', { environment: path, name, value });
  if (!answer.ok) return answer.error;
  const now = draftAt(services, path);
  if (now) setDraft(services, path, { ...now, set: [...new Set([...now.set, name])] });
  return undefined;
}

/** Removes a secret: its value on this machine and, when the environment is saved, its name. Returns why that failed. */
export async function removeSecret(services: Services, path: string, name: string): Promise<Failure | undefined> {
  const draft = draftAt(services, path);
  if (!draft) return undefined;
  if (draft.set.includes(name)) {
    const removed = await services.client.call('secrets.remove', { environment: path, name });
    if (!removed.ok) return removed.error;
  }
  editEnvironment(services, path, {
    secrets: draft.secrets.filter((one) => one !== name),
    set: draft.set.filter((one) => one !== name),
  });
  return undefined;
}
