import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { applyEvent } from '../bridge/live-store.ts';
import { changeDraft, dropDraft } from './drafts.ts';
import { formOf, readForm } from './endpoint-form.ts';
import { dropFilter } from './filters.ts';
import { type EndpointForm, secretsOf } from './form-fields.ts';
import { showFailure } from './notices.ts';
import { offerReframing } from './reframe.ts';
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
} from './tabs.ts';

/** Returns true for an endpoint that has a socket or is about to open one. */
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

/** Shows the view that a call returned without waiting for the event that reports the same change. */
export function applyEndpointView(services: Services, view: EndpointView): void {
  services.live.setState((state) => applyEvent(state, { kind: 'endpoints', changed: [view], removed: [] }));
}

export function openStartTab({ tabs }: Services): void {
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'start');
  if (existing) tabs.setState({ active: existing.id });
  else tabs.setState((state) => withTab(state, startTab(), { replaceStart: false }));
}

/** Opens a tab with the form of a server or client, filled with the defaults, and focuses its address. */
export function openFormTab({ tabs }: Services, role: 'server' | 'client'): void {
  const form = formOf(role === 'server' ? defaultServer : defaultClient);
  tabs.setState((state) => withTab(state, { ...endpointTab(form), wantsFocus: true }, { replaceStart: true }));
}

/** Shows the tab of an endpoint. Opens one if needed. */
export function showEndpoint({ tabs, live }: Services, endpoint: string): void {
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'endpoint' && tab.endpoint === endpoint);
  const view = live.getState().endpoints.get(endpoint);
  if (existing) tabs.setState({ active: existing.id });
  else if (view) {
    tabs.setState((state) => withTab(state, endpointTab(formOf(view.config), endpoint), { replaceStart: true }));
  }
}

/** Shows the server of a peer and sets its composer to send to this peer only. */
export function targetPeer(services: Services, { id, endpoint }: Pick<SocketView, 'id' | 'endpoint'>): void {
  showEndpoint(services, endpoint);
  const tab = activeTab(services.tabs.getState());
  if (tab) changeDraft(services.drafts, tab.id, { target: { kind: 'some', sockets: [id] }, outcome: undefined });
}

function viewOf({ live }: Services, { endpoint }: EndpointTab): EndpointView | undefined {
  return endpoint === undefined ? undefined : live.getState().endpoints.get(endpoint);
}

/** Changes the form of a tab. If its endpoint is open, the change is pending until it is applied. */
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

/** Returns the form of an open endpoint: the engine's configuration with the pending changes. */
export function openForm(view: EndpointView, { pending }: Pick<EndpointTab, 'pending'>): EndpointForm {
  return { ...formOf(view.config), ...pending };
}

/** Applies `change` and the pending changes to the open endpoint. Errors are shown in the tab. */
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
  // Closing a panel also blurs the field in it: both request the same change.
  if (tab.applying === pending) return;
  const set = (next: Parameters<typeof withEndpointTab>[2]) =>
    tabs.setState((state) => withEndpointTab(state, tabId, next));
  const read = readForm(openForm(view, tab));
  if (!read.ok) return set({ errors: read.errors });
  set({ applying: pending });
  const updated = await client.call('endpoints.update', { id: view.id, config: read.config });
  const now = endpointTabOf(tabs.getState(), tabId);
  if (!now) return;
  // Changes made during the call stay pending.
  const applying = now.applying === pending ? undefined : now.applying;
  const left = { pending: withoutSame(now.pending, pending), applying };
  if (!updated.ok) {
    set(left);
    showFailure(services.notices, updated.error);
    return;
  }
  applyEndpointView(services, updated.value);
  offerReframing(services, view, updated.value);
  set({ ...left, form: formOf(updated.value.config, now.form), errors: {} });
}

/** Returns the values of `form` that differ from those in `applied`. */
function withoutSame(form: Partial<EndpointForm>, applied: Partial<EndpointForm>): Partial<EndpointForm> {
  const known = new Map<string, unknown>(Object.entries(applied));
  return Object.fromEntries(Object.entries(form).filter(([field, value]) => known.get(field) !== value));
}

/** Creates the endpoint of a document, with its secrets. Returns its id; `undefined` if the document cannot be read or lacks secrets. */
async function createFrom({ client }: Services, path: string): Promise<string | undefined> {
  const created = await client.call('endpoints.createFrom', { path });
  return created.ok ? created.value.id : undefined;
}

/** Creates or updates the endpoint of a tab from its form; returns its id, and leaves the tab busy. Errors are shown in the tab. */
async function keepBusy(services: Services, tabId: string): Promise<string | undefined> {
  const { client, tabs } = services;
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab || tab.busy) return undefined;
  const read = readForm(tab.form);
  const change = (next: Parameters<typeof withEndpointTab>[2]) =>
    tabs.setState((state) => withEndpointTab(state, tabId, next));
  if (!read.ok) {
    change({ errors: read.errors });
    return undefined;
  }
  change({ busy: true, errors: {}, pending: {}, failure: undefined });
  const before = viewOf(services, tab);
  // The secrets of a document never come to the page: the endpoint gets them from the main process, and then the form's values.
  const id = tab.endpoint ?? (tab.document && (await createFrom(services, tab.document.path)));
  const kept =
    id === undefined
      ? await client.call('endpoints.create', read.config)
      : await client.call('endpoints.update', { id, config: read.config });
  if (!kept.ok) {
    change({ busy: false, failure: kept.error });
    return undefined;
  }
  applyEndpointView(services, kept.value);
  offerReframing(services, before, kept.value);
  const { form } = endpointTabOf(tabs.getState(), tabId) ?? tab;
  change({ endpoint: kept.value.id, form: { ...form, ...secretsOf(formOf(kept.value.config)) } });
  return kept.value.id;
}

/** Creates or updates the endpoint of a tab from its form; returns its id. Errors are shown in the tab. */
export async function keepTabEndpoint(services: Services, tabId: string): Promise<string | undefined> {
  const id = await keepBusy(services, tabId);
  if (id !== undefined) services.tabs.setState((state) => withEndpointTab(state, tabId, { busy: false }));
  return id;
}

/** Creates or updates the endpoint of a tab from its form, and opens it. Errors are shown in the tab. */
export async function openTabEndpoint(services: Services, tabId: string): Promise<void> {
  const { client, tabs } = services;
  const id = await keepBusy(services, tabId);
  if (id === undefined) return;
  const change = (next: Parameters<typeof withEndpointTab>[2]) =>
    tabs.setState((state) => withEndpointTab(state, tabId, next));
  const opened = await client.call('endpoints.open', { id });
  if (opened.ok) applyEndpointView(services, opened.value);
  // Cancelled by the user: not a failure.
  const failure = opened.ok || opened.error.code === 'cancelled' ? undefined : opened.error;
  change({ busy: false, failure });
}

/** Stops the server of a tab and closes its connections, or disconnects its client. */
export async function closeTabEndpoint(services: Services, tabId: string): Promise<void> {
  const tab = endpointTabOf(services.tabs.getState(), tabId);
  if (tab?.endpoint !== undefined) await closeEndpoint(services, tab.endpoint);
}

/** Closes an endpoint. With `keepConnections`, closes only the listening socket of a server. */
export async function closeEndpoint(services: Services, id: string, keepConnections = false): Promise<void> {
  const closed = await services.client.call('endpoints.close', { id, keepConnections });
  if (closed.ok) applyEndpointView(services, closed.value);
  else showFailure(services.notices, closed.error);
}

/** Removes the closed sockets of an endpoint from the side bar. Their records stay in the session. */
export async function clearEnded(services: Services, id: string): Promise<void> {
  const cleared = await services.client.call('endpoints.clear', { id });
  if (!cleared.ok) showFailure(services.notices, cleared.error);
}

/** Removes an endpoint and its tab. */
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

/** Returns true if closing `tab` would leave a listening server running without a tab. */
export function needsConfirmation({ live }: Services, tab: Tab): boolean {
  if (tab.kind !== 'endpoint' || tab.endpoint === undefined) return false;
  const state = live.getState().endpoints.get(tab.endpoint)?.state;
  return state === 'listening' || state === 'bound';
}

/**
 * Closes a tab. An open endpoint keeps running and stays in the side bar. A closed endpoint is removed, an opened session
 * is closed.
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
