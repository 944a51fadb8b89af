import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { createConfig, defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { TabBar } from '../../../../../src/renderer/app/tab-bar.tsx';
import type { Snapshot } from '../../../../../src/renderer/bridge/live-store.ts';
import { Sidebar } from '../../../../../src/renderer/features/sidebar/sidebar.tsx';
import { showEndpoint } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView, endpointView, socketView } from '../../fake-services.ts';

function shown(snapshot: Partial<Snapshot>, answers: Answers = {}) {
  const host = endpointHost(answers);
  show(host.services, snapshot);
  const user = renderPart(
    host.services,
    <>
      <TabBar />
      <Sidebar />
    </>,
  );
  return { ...host, user };
}

const listening = (change: Partial<EndpointView> = {}) =>
  endpointView('e1', { state: 'listening', address: '127.0.0.1:4000', ...change });
const closed = (id: number) => socketView(id, 'e1', { state: 'closed', ended: { cause: 'peer' } });

const nav = () => screen.getByRole('navigation', { name: 'Endpoints' });
const bar = () => within(nav());
/** The peers that are listed, from the top, by the number of their socket. */
const peers = () =>
  bar()
    .queryAllByRole('button', { name: /^Actions for 127\.0\.0\.1:50/ })
    .map((button) => Number(button.getAttribute('aria-label')?.slice(-2)));

describe('the side bar', () => {
  test('without endpoints offers a first server and a first client', async () => {
    const { user, services } = shown({});
    expect(bar().getByText('No servers yet.')).toBeTruthy();
    const [, client] = bar().getAllByRole('button', { name: /^Add (server|client)$/ });
    if (!client) throw new Error('no client is offered');
    await user.click(client);
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'endpoint', form: { role: 'client' } });
  });

  test.each([
    ['New server', 'server'],
    ['New client', 'client'],
  ])('opens a form with “%s”', async (name, role) => {
    const { user, services } = shown({ endpoints: [listening(), clientView('c')] });
    await user.click(bar().getByRole('button', { name }));
    expect(activeTab(services.tabs.getState())).toMatchObject({
      kind: 'endpoint',
      endpoint: undefined,
      form: { role },
    });
  });

  test('shows the tab of what is clicked, of a peer that of its server', async () => {
    const { user, services } = shown({ endpoints: [listening(), clientView('c')], sockets: [socketView(11, 'e1')] });
    for (const [name, endpoint] of [
      ['client 127.0.0.1:12345: idle', 'c'],
      ['127.0.0.1:50011: connected', 'e1'],
    ] as const) {
      await user.click(bar().getByTitle(name));
      expect(activeTab(services.tabs.getState())).toMatchObject({ endpoint });
    }
  });

  test('calls what has no name by its address, as its tab does, and what has one by its name', () => {
    const named = clientView('named', { config: { ...defaultClient, name: 'boiler', port: 4_000 } });
    const host = clientView('host', { config: { ...defaultClient, host: 'localhost', port: 4_000 } });
    const tls = endpointView('tls', { config: createConfig('server', 'tls', { port: 4_001 }) });
    const { services } = shown({ endpoints: [listening(), named, host, tls] });
    for (const text of [':4000', 'boiler', 'localhost:4000', 'tls :4001']) {
      expect(bar().getAllByText(text).length).toBeGreaterThan(0);
    }
    act(() => {
      for (const id of ['e1', 'named', 'host']) showEndpoint(services, id);
    });
    const titles = screen.getAllByRole('tab').map(({ textContent }) => textContent?.replace(/^idle|^listening/, ''));
    expect(titles).toEqual([':4000', 'boiler :4000', 'localhost:4000']);
  });

  test.each<[string, Partial<EndpointView>, Partial<SocketView>, string]>([
    ['how many peers a server has', { peers: 2 }, {}, '2 peers'],
    ['that a server does not accept', { accepting: false, peers: 2 }, {}, 'not accepting'],
    ['what a peer has not been sent yet', {}, { queued: 2_500 }, '2.5 KB unsent'],
    ['that a peer is not read from', {}, { readingStopped: true }, 'not reading'],
    ['that a peer is half-closed', {}, { state: 'half-closed' }, 'half-closed'],
    ['that a peer has a framing of its own', {}, { framing: 'line:crlf' }, 'line:crlf'],
  ])('says %s', (_what, server, peer, text) => {
    shown({ endpoints: [listening(server)], sockets: [socketView(11, 'e1', peer)] });
    expect(bar().getByText(text, { selector: 'span' })).toBeTruthy();
  });
});

describe('the peers of a server in the side bar', () => {
  const stays = socketView(10, 'e1');
  const many = { endpoints: [listening()], sockets: [...[11, 12, 13, 14, 15, 16].map(closed), stays] };
  const more = () => bar().getByRole('button', { name: '3 disconnected peers of server :4000' });

  test('begin with who is connected, then the last three that ended; the rest is folded', () => {
    shown(many);
    expect(peers()).toEqual([10, 16, 15, 14]);
    expect(more().getAttribute('aria-expanded')).toBe('false');
  });

  test('say in their tooltip how they have ended', () => {
    shown(many);
    expect(bar().getByTitle('127.0.0.1:50016: closed by the peer (FIN)')).toBeTruthy();
  });

  test('unfold with a key, and fold again', async () => {
    const { user } = shown(many);
    more().focus();
    await user.keyboard('{Enter}');
    expect(peers()).toEqual([10, 16, 15, 14, 13, 12, 11]);
    expect(more().getAttribute('aria-expanded')).toBe('true');
    await user.keyboard('{Enter}');
    expect(peers()).toEqual([10, 16, 15, 14]);
  });

  test('that ended are cleared with the keys after it, and the focus stays in the side bar', async () => {
    const { user, services, ...host } = shown(many, {
      'endpoints.clear': () => {
        services.live.setState({ sockets: new Map([[10, stays]]) });
        return ok({});
      },
    });
    more().focus();
    await user.tab();
    await user.keyboard('{Enter}');
    expect(inputsOf(host, 'endpoints.clear')).toEqual([{ id: 'e1' }]);
    expect(peers()).toEqual([10]);
    expect(document.activeElement).toBe(nav());
  });

  test('are folded again where they come back after they were cleared', async () => {
    const { user } = shown(many);
    await user.click(more());
    await user.click(bar().getByRole('button', { name: 'Remove disconnected peers of server :4000' }));
    expect(more().getAttribute('aria-expanded')).toBe('false');
  });

  test('are hidden and shown by their server', async () => {
    const { user } = shown(many);
    const twist = bar().getByRole('button', { name: 'Peers of server :4000' });
    await user.click(twist);
    expect(peers()).toEqual([]);
    expect(twist.getAttribute('aria-expanded')).toBe('false');
    await user.click(twist);
    expect(peers()).toEqual([10, 16, 15, 14]);
  });

  test('by the thousand are no more rows than are in sight', () => {
    const sockets = Array.from({ length: 5_000 }, (_, index) => socketView(index + 1, 'e1'));
    shown({ endpoints: [listening()], sockets });
    expect(bar().getAllByRole('button', { name: /^Actions for/ }).length).toBeLessThan(60);
  });
});

describe('the menu', () => {
  type Menu = ReturnType<typeof shown>;

  async function openMenu(of: string | RegExp, { user }: Menu) {
    await user.click(bar().getByRole('button', { name: of }));
  }

  const item = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('menuitem', { name });
  const isDisabled = (name: string | RegExp) => item(name).disabled;

  const withPeer = (change: Partial<SocketView> = {}) => ({
    endpoints: [listening({ peers: 1 })],
    sockets: [socketView(11, 'e1', change)],
  });

  test.each([
    [/^Stop reading/, 'sockets.reading', { socket: 11, reading: false }],
    [/^Shut down writing/, 'sockets.shutdown', { socket: 11 }],
    [/^Close/, 'sockets.close', { socket: 11 }],
    [/^Reset/, 'sockets.reset', { socket: 11 }],
  ] as const)('of a peer does %s', async (name, call, input) => {
    const made = shown(withPeer(), { [call]: () => ok({}) });
    await openMenu('Actions for 127.0.0.1:50011', made);
    await made.user.click(item(name));
    expect(inputsOf(made, call)).toEqual([input]);
    expect(screen.queryByRole('menu')).toBeNull();
  });

  test('of a WebSocket sends a ping, and other peers have none', async () => {
    const made = shown(withPeer({ transport: 'ws' }), { 'sockets.ping': () => ok({}) });
    await openMenu('Actions for 127.0.0.1:50011', made);
    await made.user.click(item(/^Send ping/));
    expect(inputsOf(made, 'sockets.ping')).toEqual([{ socket: 11, payload: new Uint8Array(0) }]);
  });

  test('of a TCP peer has no ping', async () => {
    await openMenu('Actions for 127.0.0.1:50011', shown(withPeer()));
    expect(screen.queryByRole('menuitem', { name: /ping/ })).toBeNull();
  });

  test('of a peer aims the composer at it', async () => {
    const made = shown(withPeer());
    await openMenu('Actions for 127.0.0.1:50011', made);
    await made.user.click(item('Send to this peer only'));
    const { tabs, drafts } = made.services;
    expect(drafts.getState().byTab[tabs.getState().active]).toMatchObject({ target: { kind: 'some', sockets: [11] } });
  });

  test('of a peer opens the dialog of its framing', async () => {
    const made = shown(withPeer({ framing: 'json' }));
    await openMenu('Actions for 127.0.0.1:50011', made);
    await made.user.click(item('Change framing… json'));
    expect(made.services.dialogs.getState()).toEqual({ kind: 'frame-socket', socket: 11 });
  });

  test('of a peer that carries messages has no framing', async () => {
    const made = shown(withPeer({ transport: 'ws' }));
    await openMenu('Actions for 127.0.0.1:50011', made);
    expect(screen.queryByRole('menuitem', { name: /^Change framing/ })).toBeNull();
  });

  test('of a peer that has ended offers nothing that can be done', async () => {
    const made = shown(withPeer({ state: 'closed' }));
    await openMenu('Actions for 127.0.0.1:50011', made);
    expect(screen.getAllByRole<HTMLButtonElement>('menuitem').filter(({ disabled }) => !disabled)).toEqual([
      item(/^Change framing/),
    ]);
  });

  test('opens with the right button too', async () => {
    const made = shown(withPeer());
    await made.user.pointer({ keys: '[MouseRight]', target: bar().getByTitle('127.0.0.1:50011: connected') });
    expect(screen.getByRole('menu', { name: 'Actions for 127.0.0.1:50011' })).toBeTruthy();
  });

  test('of a server that listens stops it, with or without its peers', async () => {
    const made = shown(withPeer());
    await openMenu('Actions for server :4000', made);
    expect([isDisabled('Remove'), isDisabled('Remove disconnected'), isDisabled(/^Close \d/)]).toEqual([
      true,
      true,
      true,
    ]);
    await made.user.click(item('Stop listening, keep connections'));
    await openMenu(/^Actions for server/, made);
    expect(inputsOf(made, 'endpoints.close')).toEqual([{ id: 'e1', keepConnections: true }]);
  });

  test('of a server that is stopped closes the peers that it has left', async () => {
    const made = shown({ endpoints: [listening({ state: 'closed', peers: 2 })] });
    await openMenu(/^Actions for server/, made);
    await made.user.click(item('Close 2 connections'));
    expect(inputsOf(made, 'endpoints.close')).toMatchObject([{ id: 'e1' }]);
  });

  test('of a client that is closed removes it with its tab', async () => {
    const made = shown({ endpoints: [clientView('c', { state: 'closed' })] });
    act(() => showEndpoint(made.services, 'c'));
    await openMenu(/^Actions for client/, made);
    expect(isDisabled('Disconnect client')).toBe(true);
    await made.user.click(item('Remove'));
    expect(inputsOf(made, 'endpoints.remove')).toEqual([{ id: 'c' }]);
    expect(activeTab(made.services.tabs.getState())?.kind).toBe('start');
  });

  test('says why an endpoint could not be removed, and keeps its tab', async () => {
    const refused: Answers = { 'endpoints.remove': () => fail('wrong-state', 'It is open') };
    const made = shown({ endpoints: [clientView('c')] }, refused);
    act(() => showEndpoint(made.services, 'c'));
    await openMenu(/^Actions for client/, made);
    await made.user.click(item('Remove'));
    expect(made.services.notices.getState().notices).toMatchObject([{ failure: { message: 'It is open' } }]);
    expect(activeTab(made.services.tabs.getState())).toMatchObject({ endpoint: 'c' });
  });
});
