import type { CallOutput } from '#shared/contract/contract.ts';
import type { DocumentView } from '#shared/contract/documents.ts';
import { isReference, referenceName } from '#shared/contract/file-reference.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { showDialog } from './dialogs.ts';
import { applyPending, changeForm, isOpenState, openForm } from './endpoint-commands.ts';
import { formOf, readForm } from './endpoint-form.ts';
import type { EndpointForm } from './form-fields.ts';
import { showFailure } from './notices.ts';
import type { Services } from './services.ts';
import { formSchema } from './stored-form.ts';
import { type EndpointTab, endpointTab, endpointTabOf, type TabDocument, withEndpointTab, withTab } from './tabs.ts';

/*
 * Endpoints that are documents of the workspace, and the tabs that they are open in.
 */

/** Maximum number of tabs that opening a folder opens. */
const maxOpened = 24;

/** Returns true for a document of the side bar's section of saved endpoints: an endpoint, or a file in its place that is not one. */
export function isSavedEndpoint({ kind, path, problem }: DocumentView): boolean {
  return kind === 'endpoint' || (kind === 'other' && path.startsWith('endpoints/') && problem !== undefined);
}

/** Returns the form that a tab shows: that of the open endpoint with the pending changes, or its own. */
function shownForm(tab: EndpointTab, view: EndpointView | undefined): EndpointForm {
  return isOpenState(view) && view ? openForm(view, tab) : tab.form;
}

/** Returns a value of a form for a comparison: each grant of a file has another handle. */
function comparable(value: unknown): unknown {
  return typeof value === 'string' && isReference('read', value) ? referenceName(value) : value;
}

/** Returns what a form would be saved as, for comparisons: its configuration or, if it is not valid, what was typed. */
function contentOf(form: EndpointForm): string {
  const read = readForm(form);
  return JSON.stringify(read.ok ? read.config : form, (_key, value: unknown) => comparable(value));
}

/** Returns true if a tab differs from its document. */
export function isChanged(tab: EndpointTab, view: EndpointView | undefined): boolean {
  const { document } = tab;
  if (!document) return false;
  const form = shownForm(tab, view);
  return document.version === 'new' || (form !== document.saved && contentOf(form) !== contentOf(document.saved));
}

/** Returns what the engine reports of a tab's endpoint. */
export function viewOf({ live }: Services, { endpoint }: EndpointTab): EndpointView | undefined {
  return endpoint === undefined ? undefined : live.getState().endpoints.get(endpoint);
}

/** Changes what a tab knows of its document. */
export function setDocument(services: Services, tab: string, document: TabDocument | undefined): void {
  services.tabs.setState((state) => withEndpointTab(state, tab, { document }));
}

/** A document as it was loaded. */
export type Loaded = CallOutput<'documents.value'>;

/** Returns a loaded document as a tab has it; `undefined` if it is not an endpoint. */
export function tabDocument(
  path: string,
  { value, version, missing }: Loaded,
  before?: EndpointForm,
): TabDocument | undefined {
  if (value.kind !== 'endpoint') return undefined;
  const { kind: _kind, config, ...rest } = value;
  return { path, version, saved: formOf(config, before), rest, missing, theirs: undefined };
}

/** Returns `form` with the references of `saved` to files of the same names: those of `form` may be of an earlier run. */
function withFilesOf(saved: EndpointForm, form: EndpointForm): EndpointForm {
  const known: Readonly<Record<string, unknown>> = { ...saved };
  const entries = Object.entries(form).map(([field, value]) => {
    const other = known[field];
    const isFile = typeof value === 'string' && isReference('read', value);
    return [field, isFile && comparable(other) === comparable(value) ? other : value];
  });
  return formSchema.parse(Object.fromEntries(entries));
}

/** Opens a saved endpoint in a tab, or shows the tab that has it. One that cannot be read is shown with its error. */
export async function openSaved(services: Services, path: string): Promise<void> {
  const { client, dialogs, tabs, workspace, notices } = services;
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'endpoint' && tab.document?.path === path);
  if (existing) {
    tabs.setState({ active: existing.id });
    return;
  }
  if (workspace.getState().documents.get(path)?.problem) {
    showDialog(dialogs, { kind: 'document-problem', path });
    return;
  }
  const loaded = await client.call('documents.value', { path });
  if (!loaded.ok) {
    showFailure(notices, loaded.error);
    return;
  }
  const document = tabDocument(path, loaded.value);
  if (!document) return;
  tabs.setState((state) => withTab(state, { ...endpointTab(document.saved), document }, { replaceStart: true }));
}

/** Opens the saved endpoints of a folder and its folders, each in a tab. */
export async function openFolder(services: Services, folder: string): Promise<void> {
  const paths = [...services.workspace.getState().documents.values()]
    .filter(({ kind, path, problem }) => kind === 'endpoint' && !problem && path.startsWith(`${folder}/`))
    .map(({ path }) => path)
    .sort();
  for (const path of paths.slice(0, maxOpened)) await openSaved(services, path);
}

/** Saves the endpoint of a tab in its document. One without a document opens the dialog that asks for its name. */
export async function saveEndpoint(services: Services, tabId: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (!tab) return;
  if (!tab.document) {
    showDialog(services.dialogs, { kind: 'save-endpoint', tab: tabId });
    return;
  }
  const failure = await writeEndpoint(services, tab, tab.document);
  if (failure) showFailure(services.notices, failure, 'save');
}

/** Saves the endpoint of a tab as a new document. Returns why that failed; `taken` if the path is. */
export async function saveEndpointAs(
  services: Services,
  tabId: string,
  path: string,
  rest: TabDocument['rest'],
): Promise<Failure | 'taken' | undefined> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (!tab) return undefined;
  const saved = shownForm(tab, viewOf(services, tab));
  const document = { path, version: 'new', saved, rest, missing: [], theirs: undefined };
  const failure = await writeEndpoint(services, tab, document, true);
  if (failure) return failure;
  return endpointTabOf(services.tabs.getState(), tabId)?.document?.path === path ? undefined : 'taken';
}

/** Writes the form of `tab` to `document`. A conflict is shown in the tab, unless the document must be new. */
async function writeEndpoint(
  services: Services,
  tab: EndpointTab,
  document: TabDocument,
  isNew = false,
): Promise<Failure | undefined> {
  const { client, tabs } = services;
  const form = shownForm(tab, viewOf(services, tab));
  const read = readForm(form);
  if (!read.ok) {
    tabs.setState((state) => withEndpointTab(state, tab.id, { errors: read.errors }));
    return undefined;
  }
  const value = { kind: 'endpoint' as const, config: read.config, ...document.rest };
  // Of secrets that the page does not know, the engine has those that were typed before it was opened.
  const { endpoint } = tab;
  const basedOn = document.version;
  const saved = await client.call('documents.put', { path: document.path, value, basedOn, endpoint });
  if (!saved.ok) return saved.error;
  if (saved.value.kind === 'saved') {
    setDocument(services, tab.id, { ...document, version: saved.value.version, saved: form, theirs: undefined });
  } else if (!isNew) {
    setDocument(services, tab.id, { ...document, theirs: saved.value.theirs?.version ?? 'gone' });
  }
  return undefined;
}

/** Saves the tab over the version of the document that is on the disk now. */
export async function keepMine(services: Services, tabId: string): Promise<void> {
  const { document } = endpointTabOf(services.tabs.getState(), tabId) ?? {};
  if (document?.theirs === undefined) return;
  const version = document.theirs === 'gone' ? 'new' : document.theirs;
  setDocument(services, tabId, { ...document, version, theirs: undefined });
  await saveEndpoint(services, tabId);
}

/** Replaces the tab's changes by the document that is on the disk now; the tab of a deleted document belongs to none. */
export async function takeTheirs(services: Services, tabId: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (tab?.document?.theirs === 'gone') setDocument(services, tabId, undefined);
  else if (tab?.document) await reload(services, tab.id, tab.document.path);
}

/** Loads the document of a tab again, and shows it in the tab. */
export async function reload(services: Services, tabId: string, path: string): Promise<void> {
  const { client, tabs } = services;
  const loaded = await client.call('documents.value', { path });
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab?.document) return;
  const document = loaded.ok ? tabDocument(path, loaded.value, tab.form) : undefined;
  // It cannot be read: it has a problem, which the side bar shows. The tab stays as it is.
  if (!document) return;
  setDocument(services, tabId, document);
  const form = shownForm(tab, viewOf(services, tab));
  const known: Readonly<Record<string, unknown>> = { ...form };
  const differing = Object.entries(document.saved).filter(([field, value]) => known[field] !== value);
  if (differing.length === 0) return;
  const change = Object.fromEntries(differing) as Partial<EndpointForm>;
  changeForm(services, tabId, change);
  if (isOpenState(viewOf(services, tab))) await applyPending(services, tabId);
}

/** Returns the document of a restored tab until it is loaded. Saving it meanwhile is a conflict. */
export function placeholderDocument(path: string, saved: EndpointForm): TabDocument {
  return { path, version: 'unknown', saved, rest: {}, missing: [], theirs: undefined };
}

/** Loads the document of a restored tab. The changes in the tab stay. */
export async function attachDocument(services: Services, tabId: string, path: string): Promise<void> {
  const loaded = await services.client.call('documents.value', { path });
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (!tab?.document) return;
  if (!loaded.ok && loaded.error.code === 'not-found') {
    setDocument(services, tabId, { ...tab.document, theirs: 'gone' });
    return;
  }
  const document = loaded.ok ? tabDocument(path, loaded.value) : undefined;
  if (!document) return;
  const form = withFilesOf(document.saved, tab.form);
  services.tabs.setState((state) => withEndpointTab(state, tabId, { form, document }));
}
