import type { EndpointView } from '#shared/contract/models.ts';
import { defaultClient, type EndpointConfig, localServer } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { recordingOf } from '../../bridge/live-store.ts';
import { changeDraft, replaceDraft } from '../../state/drafts.ts';
import { applyEndpointView, showEndpoint } from '../../state/endpoint-commands.ts';
import { formOf, readForm } from '../../state/endpoint-form.ts';
import { changeFilter } from '../../state/filters.ts';
import type { Services } from '../../state/services.ts';
import { inspectorViews, setLayout } from '../../state/settings.ts';
import { activeTab, withEndpointTab } from '../../state/tabs.ts';

/** Creates and opens an endpoint. Removes it again if opening fails. */
async function createOpen(services: Services, config: EndpointConfig): Promise<Result<EndpointView>> {
  const created = await services.client.call('endpoints.create', config);
  if (!created.ok) return created;
  const opened = await services.client.call('endpoints.open', { id: created.value.id });
  if (!opened.ok) await services.client.call('endpoints.remove', { id: created.value.id });
  else applyEndpointView(services, opened.value);
  return opened;
}

/** Launches a server on loopback that answers `Message received!`. Returns a failure or an error of the port field. */
export async function launchLocalServer(services: Services, port: string): Promise<Failure | string | undefined> {
  const read = readForm({ ...formOf(localServer), port });
  if (!read.ok) return Object.values(read.errors)[0] ?? 'Port must be 0–65535';
  const opened = await createOpen(services, read.config);
  if (!opened.ok) return opened.error;
  showEndpoint(services, opened.value.id);
  return undefined;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

const demoGuide =
  'The records of server and client are listed together, so you see each step from both sides. Move through them with ↑ and ↓; Calls, on the right, shows the equivalent Python calls. Then edit the payload and send it.';

/**
 * Runs the echo demo: an echo server on a free port and a client that sends `data.json` to it with `sendPayload`. Selects its first record, shows
 * the socket calls, and shows a guide to the next steps.
 */
export async function runEchoDemo(
  services: Services,
  sendPayload: (tab: string) => Promise<void>,
): Promise<Result<undefined>> {
  const { client, tabs, drafts, live, settings, traffic } = services;
  const first = recordingOf(live.getState())?.total ?? 0;
  const samples = await client.call('samples.list', {});
  if (!samples.ok) return samples;
  const sample = samples.value.find(({ name }) => name === 'data.json');
  if (!sample)
    return fail('not-found', 'Could not start the echo demo: the sample data.json is missing', {
      hint: 'Reinstall Wirebench.',
    });
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
  // Without the file's last line end, which is not part of the value: its absence in the reply would puzzle newcomers.
  const text = sample.text.trimEnd();
  replaceDraft(drafts, tab.id, { name: sample.name, format: 'json', text, changed: false });
  changeDraft(drafts, tab.id, { frame: false });
  changeFilter(services.filters, tab.id, { all: true });
  tabs.setState((state) => withEndpointTab(state, tab.id, { guide: demoGuide }));
  setLayout(settings, 'inspector.view', inspectorViews.indexOf('calls'));
  await sendPayload(tab.id);
  traffic.request(tab.id, { kind: 'record', seq: first });
  return ok(undefined);
}
