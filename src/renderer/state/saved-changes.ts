import type { Failure } from '#shared/failure.ts';
import { moveDocument } from './document-commands.ts';
import { changeForm } from './endpoint-commands.ts';
import { isChanged, type Loaded, reload, setDocument, tabDocument, viewOf } from './saved-endpoints.ts';
import type { Services } from './services.ts';
import type { EndpointTab, TabDocument } from './tabs.ts';

/*
 * Changes of saved endpoints that do not come from their tab: by other programs and windows, and of their names and places.
 */

/** Compares the documents of the tabs with the files when these change. Returns a function that stops it. */
export function followSaved(services: Services): () => void {
  return services.workspace.subscribe(({ documents, view }, before) => {
    if (documents === before.documents || view?.id !== before.view?.id) return;
    for (const tab of services.tabs.getState().tabs) {
      if (tab.kind !== 'endpoint' || !tab.document) continue;
      const { path } = tab.document;
      const version = documents.get(path)?.version;
      if (version !== before.documents.get(path)?.version) followVersion(services, tab, tab.document, version);
    }
  });
}

/** Shows in a tab that the file of its document has another version now; `undefined` if it was deleted. */
function followVersion(services: Services, tab: EndpointTab, document: TabDocument, version: string | undefined): void {
  if (version === document.version) setDocument(services, tab.id, { ...document, theirs: undefined });
  else if (version === undefined) setDocument(services, tab.id, { ...document, theirs: 'gone' });
  else if (isChanged(tab, viewOf(services, tab))) setDocument(services, tab.id, { ...document, theirs: version });
  else void reload(services, tab.id, document.path);
}

/** What the dialog of a saved endpoint changes. */
export interface SavedDetails {
  readonly name: string;
  readonly path: string;
  readonly colour: TabDocument['rest']['colour'];
}

/** Changes the name, the place and the colour of a saved endpoint. Returns why that failed. */
export async function changeSaved(
  services: Services,
  path: string,
  details: SavedDetails,
): Promise<Failure | undefined> {
  const { client } = services;
  const loaded = await client.call('documents.value', { path });
  if (!loaded.ok) return loaded.error;
  const { value, version } = loaded.value;
  if (value.kind !== 'endpoint') return undefined;
  const { colour, name } = details;
  if (colour !== value.colour || name !== value.config.name) {
    const { colour: _before, ...rest } = value;
    const next = { ...rest, ...(colour && { colour }), config: { ...value.config, name } };
    const saved = await client.call('documents.put', { path, value: next, basedOn: version });
    if (!saved.ok) return saved.error;
    if (saved.value.kind === 'saved')
      followChange(services, path, version, { ...loaded.value, value: next, version: saved.value.version });
  }
  return await moveSaved(services, path, details.path);
}

/** Moves or renames a saved endpoint or a folder of them; its tabs follow. Returns why that failed. */
export async function moveSaved(services: Services, from: string, to: string): Promise<Failure | undefined> {
  const failure = await moveDocument(services, from, to);
  if (!failure) followMove(services, from, to);
  return failure;
}

/** Updates the tab of a document whose name or colour was changed here; its other changes stay. */
function followChange(services: Services, path: string, before: string, loaded: Loaded): void {
  for (const tab of services.tabs.getState().tabs) {
    if (tab.kind !== 'endpoint' || tab.document?.path !== path || tab.document.version !== before) continue;
    const document = tabDocument(path, loaded, tab.document.saved);
    if (!document) continue;
    const { name } = document.saved;
    if (tab.form.name === tab.document.saved.name) changeForm(services, tab.id, { name });
    setDocument(services, tab.id, document);
  }
}

/** Points the tabs of moved documents to their new paths. `from` and `to` are paths of documents or folders. */
function followMove(services: Services, from: string, to: string): void {
  services.tabs.setState((state) => ({
    ...state,
    tabs: state.tabs.map((tab) => {
      if (tab.kind !== 'endpoint' || !tab.document) return tab;
      const { path } = tab.document;
      if (path !== from && !path.startsWith(`${from}/`)) return tab;
      return { ...tab, document: { ...tab.document, path: to + path.slice(from.length), theirs: undefined } };
    }),
  }));
}
