import type { EndpointView } from '#shared/contract/models.ts';
import { defaultClient, type EndpointConfig, localServer } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { changeDraft, replaceDraft } from './drafts-store.ts';
import { showEndpoint, take } from './endpoint-commands.ts';
import { formOf, readForm } from './endpoint-form.ts';
import { changeFilter } from './filters-store.ts';
import { recordingOf } from './live-store.ts';
import { wantRecord } from './selection-store.ts';
import { sendDraft } from './send-command.ts';
import type { Services } from './services.ts';
import { inspectorViews, setLayout } from './settings-store.ts';
import { activeTab, withEndpointTab } from './tabs-store.ts';

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
  const read = readForm({ ...formOf(localServer), port });
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
    ...localServer,
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
