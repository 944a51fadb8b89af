import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { changeDraft, dropDraft } from './drafts-store.ts';
import { formOf, readForm } from './endpoint-form.ts';
import { dropFilter } from './filters-store.ts';
import type { EndpointForm } from './form-fields.ts';
import { secretsOf } from './form-secrets.ts';
import { applyEvent } from './live-store.ts';
import { showFailure } from './notices-store.ts';
import { offerReframing } from './reframe-command.ts';
import type { Services } from './services.ts';
import {
  activeTab,
  type EndpointTab,
  endpointTab,
  endpointTabOf,
  startTab,
  type Tab,
  withEndpointTab,
  withoutTab,
  withTab,
} from './tabs-store.ts';

/** True for an endpoint that holds a socket, or is about to. */
export function isOpenState(view: EndpointView | undefined): boolean {
  return (
    view !== undefined &&
    (view.state === 'listening' ||
      view.state === 'bound' ||
      view.state === 'connecting' ||
      view.state === 'connected' ||
      view.state === 'half-closed' ||
      view.state === 'opening' ||
      view.state === 'waiting')
  );
}

/** What a call answered is news like an event: shown at once, not when the event comes. */
export function take(services: Services, view: EndpointView): void {
  services.live.setState((state) => applyEvent(state, { kind: 'endpoints', changed: [view], removed: [] }));
}

export function openStartTab({ tabs }: Services): void {
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'start');
  if (existing) tabs.setState({ active: existing.id });
  else tabs.setState((state) => withTab(state, startTab(), { replaceStart: false }));
}

/** A tab with the form of a server or client, filled with the course's values; its address takes the focus. */
export function openFormTab({ tabs }: Services, role: 'server' | 'client'): void {
  const form = formOf(role === 'server' ? defaultServer : defaultClient);
  tabs.setState((state) => withTab(state, { ...endpointTab(form), wantsFocus: true }, { replaceStart: true }));
}

/** Shows the tab of an endpoint, a new one if it has none. */
export function showEndpoint({ tabs, live }: Services, endpoint: string): void {
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'endpoint' && tab.endpoint === endpoint);
  const view = live.getState().endpoints.get(endpoint);
  if (existing) tabs.setState({ active: existing.id });
  else if (view) {
    tabs.setState((state) => withTab(state, endpointTab(formOf(view.config), endpoint), { replaceStart: true }));
  }
}

/** Shows the server of a peer, its composer set to send to this peer alone. */
export function aimAt(services: Services, { id, endpoint }: Pick<SocketView, 'id' | 'endpoint'>): void {
  showEndpoint(services, endpoint);
  const tab = activeTab(services.tabs.getState());
  if (tab) changeDraft(services.drafts, tab.id, { target: { kind: 'some', sockets: [id] }, outcome: undefined });
}

function viewOf({ live }: Services, { endpoint }: EndpointTab): EndpointView | undefined {
  return endpoint === undefined ? undefined : live.getState().endpoints.get(endpoint);
}

/** Changes what is typed in the form of a tab; of an open endpoint, what is to be applied to it. */
export function changeForm(services: Services, tab: string, change: Partial<EndpointForm>): void {
  services.tabs.setState((state) => {
    const current = endpointTabOf(state, tab);
    if (!current) return state;
    const errors = Object.fromEntries(Object.entries(current.errors).filter(([field]) => !(field in change)));
    return isOpenState(viewOf(services, current))
      ? withEndpointTab(state, tab, { pending: { ...current.pending, ...change }, errors })
      : withEndpointTab(state, tab, { form: { ...current.form, ...change }, errors });
  });
}

/** The form of an open endpoint: what the engine has, with what was changed since. */
export function openForm(view: EndpointView, { pending }: Pick<EndpointTab, 'pending'>): EndpointForm {
  return { ...formOf(view.config), ...pending };
}

/** Applies what was changed while it is open, and `change` with it. What is wrong stays in the tab. */
export async function applyPending(
  services: Services,
  tabId: string,
  change: Partial<EndpointForm> = {},
): Promise<void> {
  const { client, tabs } = services;
  if (Object.keys(change).length > 0) changeForm(services, tabId, change);
  const tab = endpointTabOf(tabs.getState(), tabId);
  const view = tab && viewOf(services, tab);
  if (!tab || !view || !isOpenState(view)) return;
  const { pending } = tab;
  // A panel that closes takes the focus from the field in it: both ask for the same.
  if (tab.applying === pending) return;
  const set = (next: Parameters<typeof withEndpointTab>[2]) =>
    tabs.setState((state) => withEndpointTab(state, tabId, next));
  const read = readForm(openForm(view, tab));
  if (!read.ok) return set({ errors: read.errors });
  set({ applying: pending });
  const updated = await client.call('endpoints.update', { id: view.id, config: read.config });
  const now = endpointTabOf(tabs.getState(), tabId);
  if (!now) return;
  // Only the last call under way is waited for, and what was typed meanwhile is still to be applied.
  const applying = now.applying === pending ? undefined : now.applying;
  const left = { pending: withoutSame(now.pending, pending), applying };
  if (!updated.ok) {
    set(left);
    showFailure(services.notices, updated.error);
    return;
  }
  take(services, updated.value);
  offerReframing(services, view, updated.value);
  set({ ...left, form: formOf(updated.value.config), errors: {} });
}

/** What of `form` is not in `applied`. */
function withoutSame(form: Partial<EndpointForm>, applied: Partial<EndpointForm>): Partial<EndpointForm> {
  const known = new Map<string, unknown>(Object.entries(applied));
  return Object.fromEntries(Object.entries(form).filter(([field, value]) => known.get(field) !== value));
}

/** Creates what the form of a tab describes, or updates it, and opens it. What is wrong stays in the tab. */
export async function openTabEndpoint(services: Services, tabId: string): Promise<void> {
  const { client, tabs } = services;
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab || tab.busy) return;
  const read = readForm(tab.form);
  const change = (next: Parameters<typeof withEndpointTab>[2]) =>
    tabs.setState((state) => withEndpointTab(state, tabId, next));
  if (!read.ok) {
    change({ errors: read.errors });
    return;
  }
  change({ busy: true, errors: {}, pending: {}, failure: undefined });
  const before = viewOf(services, tab);
  const kept =
    tab.endpoint === undefined
      ? await client.call('endpoints.create', read.config)
      : await client.call('endpoints.update', { id: tab.endpoint, config: read.config });
  if (!kept.ok) {
    change({ busy: false, failure: kept.error });
    return;
  }
  take(services, kept.value);
  offerReframing(services, before, kept.value);
  const { form } = endpointTabOf(tabs.getState(), tabId) ?? tab;
  change({ endpoint: kept.value.id, form: { ...form, ...secretsOf(formOf(kept.value.config)) } });
  const opened = await client.call('endpoints.open', { id: kept.value.id });
  if (opened.ok) take(services, opened.value);
  // Disconnecting while it connects is no failure: the user asked for it.
  const failure = opened.ok || opened.error.code === 'cancelled' ? undefined : opened.error;
  change({ busy: false, failure });
}

/** Stops the server of a tab with its connections, or disconnects its client. */
export async function closeTabEndpoint(services: Services, tabId: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (tab?.endpoint !== undefined) await closeEndpoint(services, tab.endpoint);
}

/** Closes an endpoint; of a server, with `keepConnections`, only its listening socket. */
export async function closeEndpoint(services: Services, id: string, keepConnections = false): Promise<void> {
  const closed = await services.client.call('endpoints.close', { id, keepConnections });
  if (closed.ok) take(services, closed.value);
  else showFailure(services.notices, closed.error);
}

/** Lists the closed sockets of an endpoint no longer. The log keeps what happened on them. */
export async function clearEnded(services: Services, id: string): Promise<void> {
  const cleared = await services.client.call('endpoints.clear', { id });
  if (!cleared.ok) showFailure(services.notices, cleared.error);
}

/** Forgets an endpoint; its tab goes too. */
export async function removeEndpoint(services: Services, id: string): Promise<void> {
  const removed = await services.client.call('endpoints.remove', { id });
  if (!removed.ok) {
    showFailure(services.notices, removed.error);
    return;
  }
  const tab = services.tabs.getState().tabs.find((other) => other.kind === 'endpoint' && other.endpoint === id);
  if (tab) forgetTab(services, tab.id);
}

function forgetTab(services: Services, id: string): void {
  services.tabs.setState((state) => withoutTab(state, id));
  dropDraft(services.drafts, id);
  dropFilter(services.filters, id);
}

/** True where closing `tab` would leave a listening server behind: the one thing to ask about. */
export function needsQuestion({ live }: Services, tab: Tab): boolean {
  if (tab.kind !== 'endpoint' || tab.endpoint === undefined) return false;
  const state = live.getState().endpoints.get(tab.endpoint)?.state;
  return state === 'listening' || state === 'bound';
}

/**
 * Closes a tab. Whatever still works goes on and stays in the side bar; an endpoint that is closed is forgotten, and so
 * is an opened session.
 */
export async function closeTab(services: Services, tabId: string): Promise<void> {
  const tab = services.tabs.getState().tabs.find(({ id }) => id === tabId);
  if (!tab) return;
  forgetTab(services, tabId);
  if (tab.kind === 'session') await services.client.call('sessions.close', { session: tab.session });
  if (tab.kind !== 'endpoint' || tab.endpoint === undefined) return;
  if (!isOpenState(services.live.getState().endpoints.get(tab.endpoint))) {
    await services.client.call('endpoints.remove', { id: tab.endpoint });
  }
}
