import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failure.ts';
import type { EndpointForm, FormErrors } from './form-fields.ts';

interface StartTab {
  readonly kind: 'start';
  readonly id: string;
}
/** A server or a client: its form, and the endpoint once it was opened for the first time. */
export interface EndpointTab {
  readonly kind: 'endpoint';
  readonly id: string;
  readonly endpoint: string | undefined;
  readonly form: EndpointForm;
  /** What was changed while it is open, and not applied yet. */
  readonly pending: Partial<EndpointForm>;
  /** Those of them that a call under way applies. */
  readonly applying: Partial<EndpointForm> | undefined;
  readonly errors: FormErrors;
  /** Why the last attempt to open it failed. */
  readonly failure: Failure | undefined;
  /** A call to open or close it is under way. */
  readonly busy: boolean;
  /** What a newcomer should look at here, until it is dismissed. */
  readonly guide: string | undefined;
  /** Its address is to take the focus as soon as it is shown: a new form is there to be typed into. */
  readonly wantsFocus: boolean;
}
/** A saved session, opened read-only. */
export interface SessionTab {
  readonly kind: 'session';
  readonly id: string;
  readonly session: string;
}
export type Tab = StartTab | EndpointTab | SessionTab;

export interface TabsState {
  readonly tabs: readonly Tab[];
  readonly active: string;
}
export type TabsStore = StoreApi<TabsState>;

let lastId = 0;

/** A name for a tab that no other tab of this page has. */
export function nextTabId(): string {
  lastId += 1;
  return `tab-${lastId}`;
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

/** `state` with `tab` added and active; it takes the place of the active tab where that is an empty start page. */
export function withTab(state: TabsState, tab: Tab, options: { replaceStart: boolean }): TabsState {
  const current = activeTab(state);
  if (options.replaceStart && current?.kind === 'start') {
    return { tabs: state.tabs.map((other) => (other === current ? tab : other)), active: tab.id };
  }
  return { tabs: [...state.tabs, tab], active: tab.id };
}

/** `state` without the tab `id`; its right neighbour becomes active, or its left one, or a start page. */
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

/** `state` with the endpoint tab `id` changed; any other tab stays as it is. */
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
