import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { DocumentView } from '#shared/contract/documents.ts';
import type { WorkspaceView } from '#shared/contract/workspace.ts';

/** The open workspace as the main process reports it, and what this window has selected in it. */
export interface WorkspaceState {
  /** `undefined` until it is loaded, and in a program without a workspace. */
  readonly view: Omit<WorkspaceView, 'documents'> | undefined;
  /** By path. */
  readonly documents: ReadonlyMap<string, DocumentView>;
  /** The path of the environment whose variables templates get. */
  readonly environment: string | undefined;
}
export type WorkspaceStore = StoreApi<WorkspaceState>;

export function createWorkspaceStore(): WorkspaceStore {
  return createStore<WorkspaceState>(() => ({ view: undefined, documents: new Map(), environment: undefined }));
}

/** Returns `state` with another workspace, as it was loaded. The selected environment stays if the workspace has it. */
function withWorkspace(state: WorkspaceState, { documents, ...view }: WorkspaceView): WorkspaceState {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  const { environment } = state;
  return {
    view,
    documents: byPath,
    environment: environment !== undefined && byPath.has(environment) ? environment : undefined,
  };
}

/** Returns `state` after a `workspace` event that does not replace the workspace. */
export function withChanges(
  state: WorkspaceState,
  { changed, removed, problem }: Extract<WorkbenchEvent, { kind: 'workspace' }>,
): WorkspaceState {
  const documents = new Map(state.documents);
  for (const path of removed) documents.delete(path);
  for (const document of changed) documents.set(document.path, document);
  const environment =
    state.environment !== undefined && documents.has(state.environment) ? state.environment : undefined;
  return { view: state.view && { ...state.view, problem }, documents, environment };
}

/** Creates the place of the functions that store what belongs to the open workspace now: another one is about to be opened. */
export function createWorkspaceKeepers(): Set<() => Promise<unknown>> {
  return new Set();
}

/**
 * Gives each workspace its own state of `store`: another one begins with the state that `store` has now, and each state comes back with its
 * workspace.
 */
export function perWorkspace<State extends object>(workspace: WorkspaceStore, store: StoreApi<State>): StoreApi<State> {
  const first = store.getState();
  const states = new Map<string, State>();
  workspace.subscribe(({ view }, before) => {
    if (view === undefined || before.view === undefined || view.id === before.view.id) return;
    states.set(before.view.id, store.getState());
    store.setState(states.get(view.id) ?? first, true);
  });
  return store;
}

/** Loads the workspace. In a program without a workspace the state stays as it is. */
export async function loadWorkspace(client: Client, store: WorkspaceStore): Promise<void> {
  const result = await client.call('workspace.get', {});
  if (result.ok) store.setState((state) => withWorkspace(state, result.value));
}

/** Loads the workspace and follows its changes. Returns a function that ends it. */
export function followWorkspace(client: Client, store: WorkspaceStore): () => void {
  void loadWorkspace(client, store);
  return client.subscribe((event) => {
    if (event.kind !== 'workspace') return;
    if (event.replaced) void loadWorkspace(client, store);
    else store.setState((state) => withChanges(state, event));
  });
}

/**
 * Looks for changes by other programs when the window gets the focus: some systems do not notify of them. Returns a function that ends it.
 */
export function rescanOnFocus(client: Client): () => void {
  const rescan = () => void client.call('workspace.rescan', {});
  window.addEventListener('focus', rescan);
  return () => window.removeEventListener('focus', rescan);
}
