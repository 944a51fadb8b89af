import { defaultClient, defaultServer, type EndpointConfig } from '#shared/contract/endpoint-config.ts';
import type { Failure, Result } from '#shared/contract/failure.ts';
import { fail, ok } from '#shared/contract/failure.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { changeDraft, dropDraft, replaceDraft } from './drafts-store.ts';
import { type EndpointForm, formOf, readForm } from './endpoint-form.ts';
import { changeFilter, dropFilter } from './filters-store.ts';
import { applyEvent, recordingOf } from './live-store.ts';
import { showFailure } from './notices-store.ts';
import { wantRecord } from './selection-store.ts';
import { sendDraft } from './send-command.ts';
import type { Services } from './services.ts';
import { inspectorViews, setLayout } from './settings-store.ts';
import {
  activeTab,
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
      view.state === 'connecting' ||
      view.state === 'connected' ||
      view.state === 'half-closed' ||
      view.state === 'opening')
  );
}

/** What a call answered is news like an event: shown at once, not when the event comes. */
function take(services: Services, view: EndpointView): void {
  services.live.setState((state) => applyEvent(state, { kind: 'endpoints', changed: [view], removed: [] }));
}

export function openStartTab({ tabs }: Services): void {
  const existing = tabs.getState().tabs.find((tab) => tab.kind === 'start');
  if (existing) tabs.setState({ active: existing.id });
  else tabs.setState((state) => withTab(state, startTab(), { replaceStart: false }));
}

/** A tab with the form of a server or client, filled with the course's values. */
export function openFormTab({ tabs }: Services, role: 'server' | 'client'): void {
  const form = formOf(role === 'server' ? defaultServer : defaultClient);
  tabs.setState((state) => withTab(state, endpointTab(form), { replaceStart: true }));
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

export function changeForm({ tabs }: Services, tab: string, change: Partial<EndpointForm>): void {
  tabs.setState((state) => {
    const current = endpointTabOf(state, tab);
    if (!current) return state;
    const errors = Object.fromEntries(Object.entries(current.errors).filter(([field]) => !(field in change)));
    return withEndpointTab(state, tab, { form: { ...current.form, ...change }, errors });
  });
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
  change({ busy: true, errors: {}, failure: undefined });
  const kept =
    tab.endpoint === undefined
      ? await client.call('endpoints.create', read.config)
      : await client.call('endpoints.update', { id: tab.endpoint, config: read.config });
  if (!kept.ok) {
    change({ busy: false, failure: kept.error });
    return;
  }
  take(services, kept.value);
  change({ endpoint: kept.value.id });
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

export async function closeEndpoint(services: Services, id: string): Promise<void> {
  const closed = await services.client.call('endpoints.close', { id });
  if (closed.ok) take(services, closed.value);
  else showFailure(services.notices, closed.error);
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
  return live.getState().endpoints.get(tab.endpoint)?.state === 'listening';
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

/** Creates and opens an endpoint in one go; nothing is left of it where that fails. */
async function createOpen(services: Services, config: EndpointConfig): Promise<Result<EndpointView>> {
  const created = await services.client.call('endpoints.create', config);
  if (!created.ok) return created;
  const opened = await services.client.call('endpoints.open', { id: created.value.id });
  if (!opened.ok) await services.client.call('endpoints.remove', { id: created.value.id });
  else take(services, opened.value);
  return opened;
}

/** The first offer of the start page: a server on loopback that answers `Message received!`. */
export async function launchLocalServer(services: Services, port: string): Promise<Failure | string | undefined> {
  const read = readForm({ ...formOf(defaultServer), port });
  if (!read.ok) return Object.values(read.errors)[0] ?? 'the port does not fit';
  const opened = await createOpen(services, read.config);
  if (!opened.ok) return opened.error;
  showEndpoint(services, opened.value.id);
  return undefined;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

const demoGuide =
  'The server and the client are both on this page, so each step is seen from both sides. Walk the records with ↑ and ↓: Calls, on the right, tells what a Python program would call. Then change the document and send it.';

/**
 * The echo demo: a server on a free port that echoes, a client that sends it `data.json`. Its first record is chosen,
 * with the calls behind it, and a guide says how to go on.
 */
export async function runEchoDemo(services: Services): Promise<Result<undefined>> {
  const { client, tabs, drafts, live, selection, settings } = services;
  const first = recordingOf(live.getState())?.total ?? 0;
  const samples = await client.call('samples.list', {});
  if (!samples.ok) return samples;
  const sample = samples.value.find(({ name }) => name === 'data.json');
  if (!sample) return fail('not-found', 'The sample data.json is not there', { hint: 'Install Wirebench again.' });
  const server = await createOpen(services, {
    ...defaultServer,
    name: 'echo',
    port: 0,
    framing: { kind: 'json' },
    behaviour: { kind: 'echo' },
  });
  if (!server.ok) return server;
  showEndpoint(services, server.value.id);
  const peer = await createOpen(services, {
    ...defaultClient,
    name: 'echo client',
    port: portOf(server.value.address),
    framing: { kind: 'json' },
  });
  if (!peer.ok) return peer;
  showEndpoint(services, peer.value.id);
  const tab = activeTab(tabs.getState());
  if (!tab) return ok(undefined);
  // Without the file's last line end: it is no part of the value, and a byte that seems to get lost puzzles newcomers.
  const text = sample.text.trimEnd();
  replaceDraft(drafts, tab.id, { name: sample.name, format: 'json', text, changed: false });
  changeDraft(drafts, tab.id, { frame: false });
  // Both sides of the conversation are the point of it.
  changeFilter(services.filters, tab.id, { all: true });
  tabs.setState((state) => withEndpointTab(state, tab.id, { guide: demoGuide }));
  setLayout(settings, 'inspector.view', inspectorViews.indexOf('calls'));
  await sendDraft(services, tab.id, { anyway: false });
  wantRecord(selection, tab.id, first);
  return ok(undefined);
}
