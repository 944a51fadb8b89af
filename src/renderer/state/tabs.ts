import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DocumentValue } from '#shared/contract/documents.ts';
import type { Failure } from '#shared/failure.ts';
import type { EndpointForm, FormErrors } from './form-fields.ts';

interface StartTab {
  readonly kind: 'start';
  readonly id: string;
}
/** The document that an endpoint's tab is saved in. */
export interface TabDocument {
  /** Its path in the workspace. */
  readonly path: string;
  /** The version that was loaded or saved last; `new` if the file was deleted. */
  readonly version: string;
  /** The form as it is in that version. */
  readonly saved: EndpointForm;
  /** What else the document has. */
  readonly rest: Omit<Extract<DocumentValue, { kind: 'endpoint' }>, 'kind' | 'config'>;
  /** The names of the secrets and files that this machine does not have. */
  readonly missing: readonly string[];
  /** The file has changed since: its version, or `gone`. The tab has unsaved changes, so the user decides. */
  readonly theirs: string | undefined;
}
/** A server or a client: its form and, once it has been opened, its endpoint. */
export interface EndpointTab {
  readonly kind: 'endpoint';
  readonly id: string;
  readonly endpoint: string | undefined;
  readonly form: EndpointForm;
  /** Undefined until it is saved. */
  readonly document: TabDocument | undefined;
  /** Changes made while it is open that are not applied yet. */
  readonly pending: Partial<EndpointForm>;
  /** The pending changes that a call in progress applies. */
  readonly applying: Partial<EndpointForm> | undefined;
  readonly errors: FormErrors;
  /** Why the last attempt to open it failed. */
  readonly failure: Failure | undefined;
  /** A call to open it is in progress. */
  readonly busy: boolean;
  /** Guidance for newcomers, shown until it is dismissed. */
  readonly guide: string | undefined;
  /** Its address field takes the focus when it is shown. */
  readonly wantsFocus: boolean;
}
/** A saved session, opened read-only. */
export interface SessionTab {
  readonly kind: 'session';
  readonly id: string;
  readonly session: string;
}
/** The editor of a send list of the workspace. */
interface ListTab {
  readonly kind: 'send-list';
  readonly id: string;
  readonly path: string;
}
/** The lessons. */
interface LessonsTab {
  readonly kind: 'lessons';
  readonly id: string;
}
/** The records of a traced program in the session that is being recorded. */
export interface ProgramTab {
  readonly kind: 'program';
  readonly id: string;
  /** The id of the program, under which its sockets are found. */
  readonly program: string;
  /** What the tab shows once the program is no longer listed. */
  readonly name: string;
}
export type Tab = StartTab | EndpointTab | SessionTab | ListTab | LessonsTab | ProgramTab;

export interface TabsState {
  readonly tabs: readonly Tab[];
  readonly active: string;
}
export type TabsStore = StoreApi<TabsState>;

/** Returns an id that no other tab of this page has. */
export function nextTabId(): string {
  return crypto.randomUUID();
}

export function startTab(): StartTab {
  return { kind: 'start', id: nextTabId() };
}

export function endpointTab(form: EndpointForm, endpoint?: string): EndpointTab {
  return {
    kind: 'endpoint',
    id: nextTabId(),
    endpoint,
    form,
    document: undefined,
    pending: {},
    applying: undefined,
    errors: {},
    failure: undefined,
    busy: false,
    guide: undefined,
    wantsFocus: false,
  };
}

export function createTabsStore(): TabsStore {
  const first = startTab();
  return createStore<TabsState>(() => ({ tabs: [first], active: first.id }));
}

export function activeTab(state: TabsState): Tab | undefined {
  return state.tabs.find((tab) => tab.id === state.active);
}

/** Returns `state` with `tab` added and active. With `replaceStart` it replaces an active start page. */
export function withTab(state: TabsState, tab: Tab, options: { replaceStart: boolean }): TabsState {
  const current = activeTab(state);
  if (options.replaceStart && current?.kind === 'start') {
    return { tabs: state.tabs.map((other) => (other === current ? tab : other)), active: tab.id };
  }
  return { tabs: [...state.tabs, tab], active: tab.id };
}

/** Returns `state` without the tab `id`. Its right neighbour becomes active, or its left one, or a start page. */
export function withoutTab(state: TabsState, id: string): TabsState {
  const at = state.tabs.findIndex((tab) => tab.id === id);
  if (at < 0) return state;
  const tabs = state.tabs.filter((tab) => tab.id !== id);
  if (tabs.length === 0) {
    const start = startTab();
    return { tabs: [start], active: start.id };
  }
  const active = state.active === id ? (tabs[Math.min(at, tabs.length - 1)] as Tab).id : state.active;
  return { tabs, active };
}

/** Returns `state` with the endpoint tab `id` changed. */
export function withEndpointTab(
  state: TabsState,
  id: string,
  change: Partial<Omit<EndpointTab, 'kind' | 'id'>>,
): TabsState {
  const tabs = state.tabs.map((tab) => (tab.id === id && tab.kind === 'endpoint' ? { ...tab, ...change } : tab));
  return { ...state, tabs };
}

export function endpointTabOf(state: TabsState, id: string): EndpointTab | undefined {
  const tab = state.tabs.find((other) => other.id === id);
  return tab?.kind === 'endpoint' ? tab : undefined;
}
