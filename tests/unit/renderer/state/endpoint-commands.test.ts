import { describe, expect, test } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { sendDraft } from '../../../../src/renderer/features/composer/send-command.ts';
import { launchLocalServer, runEchoDemo } from '../../../../src/renderer/features/start/start-commands.ts';
import { draftOf } from '../../../../src/renderer/state/drafts.ts';
import {
  changeForm,
  closeTab,
  needsConfirmation,
  openTabEndpoint,
  showEndpoint,
  targetPeer,
} from '../../../../src/renderer/state/endpoint-commands.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { activeTab, endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { clientView, endpointView, fakeHost } from '../fake-services.ts';

const inUse = fail('address-in-use', 'Could not listen on 127.0.0.1:12345', { freePort: 12_346 });

describe('endpoints from the page', () => {
  test('launch from the start page with one call each to create and open, and show their tab', async () => {
    const { services, calls } = fakeHost({
      'endpoints.create': (config) => ok(endpointView('a', { config })),
      'endpoints.open': () => ok(endpointView('a', { state: 'listening', address: '127.0.0.1:4000' })),
    });
    expect(await launchLocalServer(services, '4000')).toBeUndefined();
    expect(calls.map(({ name }) => name)).toEqual(['endpoints.create', 'endpoints.open']);
    expect(calls[0]?.input).toMatchObject({ port: 4_000, behaviour: { kind: 'reply', text: 'Message received!' } });
    // As the course's server has it; every other server asks for what Node does.
    expect(calls[0]?.input).toMatchObject({ backlog: 5 });
    expect(defaultServer.backlog).toBe(511);
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'endpoint', endpoint: 'a' });
  });

  test('leave nothing behind when the port is in use, and tell a free one', async () => {
    const { services, calls } = fakeHost({
      'endpoints.create': (config) => ok(endpointView('a', { config })),
      'endpoints.open': () => inUse,
      'endpoints.remove': () => ok({}),
    });
    expect(await launchLocalServer(services, '12345')).toMatchObject({ code: 'address-in-use', freePort: 12_346 });
    expect(calls.at(-1)).toEqual({ name: 'endpoints.remove', input: { id: 'a' } });
    expect(activeTab(services.tabs.getState())?.kind).toBe('start');
  });

  test('are not asked for with a port that does not exist', async () => {
    const { services, calls } = fakeHost({});
    expect(await launchLocalServer(services, '70000')).toBe('Port must be 0–65535');
    expect(calls).toEqual([]);
  });

  test('keep the error of a field until that field changes', async () => {
    const { services } = fakeHost({});
    const tab = endpointTab({ ...formOf(defaultClient), port: '70000', host: '' });
    services.tabs.setState({ tabs: [tab], active: tab.id });
    await openTabEndpoint(services, tab.id);
    const errors = () => {
      const now = activeTab(services.tabs.getState());
      return now?.kind === 'endpoint' ? now.errors : undefined;
    };
    expect(errors()).toEqual({ port: 'Port must be 1–65535', host: 'Enter a host' });
    changeForm(services, tab.id, { host: 'localhost' });
    expect(errors()).toEqual({ port: 'Port must be 1–65535' });
  });

  test('are created at their first launch and updated at the next, with the failure in their tab', async () => {
    let tries = 0;
    const { services, calls } = fakeHost({
      'endpoints.create': (config) => ok(endpointView('a', { config })),
      'endpoints.update': ({ config }) => ok(endpointView('a', { config })),
      'endpoints.open': () => {
        tries += 1;
        return tries === 1 ? inUse : ok(endpointView('a', { state: 'listening' }));
      },
    });
    const tab = endpointTab(formOf(defaultServer));
    services.tabs.setState({ tabs: [tab], active: tab.id });
    await openTabEndpoint(services, tab.id);
    expect(activeTab(services.tabs.getState())).toMatchObject({ endpoint: 'a', busy: false, failure: inUse.error });
    await openTabEndpoint(services, tab.id);
    expect(activeTab(services.tabs.getState())).toMatchObject({ failure: undefined });
    expect(calls.map(({ name }) => name)).toEqual([
      'endpoints.create',
      'endpoints.open',
      'endpoints.update',
      'endpoints.open',
    ]);
  });

  test('are asked about only when a listening server’s tab is closed', async () => {
    const { services, calls } = fakeHost({ 'endpoints.remove': () => ok({}) });
    const endpoints = new Map([
      ['a', endpointView('a', { state: 'listening' })],
      ['b', clientView('b', { state: 'connected' })],
      ['c', clientView('c', { state: 'closed' })],
    ]);
    services.live.setState({ endpoints });
    for (const id of endpoints.keys()) showEndpoint(services, id);
    const { tabs } = services.tabs.getState();
    expect(tabs.map((tab) => needsConfirmation(services, tab))).toEqual([true, false, false]);
    for (const tab of tabs) await closeTab(services, tab.id);
    // The connected client goes on in the side bar; only the closed one is forgotten.
    expect(calls).toEqual([{ name: 'endpoints.remove', input: { id: 'c' } }]);
    expect(activeTab(services.tabs.getState())?.kind).toBe('start');
  });

  test('make the echo demo: a server on a free port, a client of it, data.json sent', async () => {
    const { services, calls } = fakeHost({
      'samples.list': () => ok([{ name: 'data.json', format: 'json', text: '{"a":1}' }]),
      'endpoints.create': (config) => ok(endpointView(config.name, { config })),
      'endpoints.open': ({ id }) =>
        ok(
          id === 'echo'
            ? endpointView('echo', { state: 'listening', address: '127.0.0.1:40123' })
            : clientView(id, { state: 'connected', socket: 2, address: '127.0.0.1:40123' }),
        ),
      'sockets.send': () => ok({ sent: [{ socket: 2, bytes: 7 }] }),
    });
    expect(await runEchoDemo(services, (tab) => sendDraft(services, tab, { anyway: false }))).toEqual({
      ok: true,
      value: undefined,
    });
    const created = calls.filter(({ name }) => name === 'endpoints.create').map(({ input }) => input);
    expect(created).toMatchObject([
      { port: 0, behaviour: { kind: 'echo' } },
      { port: 40_123, role: 'client' },
    ]);
    expect(calls.at(-1)?.input).toMatchObject({ sockets: [2], bytes: new TextEncoder().encode('{"a":1}') });
    expect(services.tabs.getState().tabs).toHaveLength(2);
    const tab = activeTab(services.tabs.getState());
    expect(tab).toMatchObject({ kind: 'endpoint', guide: expect.stringContaining('Calls') });
    // Its first record is selected as soon as its traffic is on the page.
    const requests: unknown[] = [];
    services.traffic.serve(tab?.id ?? '', (request) => requests.push(request));
    expect(requests).toEqual([{ kind: 'record', seq: 0 }]);
  });

  test('are aimed at from the side bar: one peer is all that the composer sends to', () => {
    const { services } = fakeHost({});
    services.live.setState({ endpoints: new Map([['a', endpointView('a', { state: 'listening' })]]) });
    targetPeer(services, { id: 7, endpoint: 'a' });
    const tab = activeTab(services.tabs.getState());
    expect(tab).toMatchObject({ kind: 'endpoint', endpoint: 'a' });
    expect(draftOf(services.drafts.getState(), tab?.id ?? '').target).toEqual({ kind: 'some', sockets: [7] });
  });
});
