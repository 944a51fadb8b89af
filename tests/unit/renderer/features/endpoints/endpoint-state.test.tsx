import { act, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import type { Row } from '#shared/record/record.ts';
import { renderTabPart, show } from '#support/render.tsx';
import { AddressBar } from '../../../../../src/renderer/features/endpoints/address-bar.tsx';
import { showEndpoint } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView, endpointView, sessionView, socketView } from '../../fake-services.ts';

/** The address bar of `view`, whose own socket is `socket`. */
function shown(view: EndpointView, { socket, answers }: { socket?: SocketView; answers?: Answers } = {}) {
  const host = endpointHost(answers, view);
  show(host.services, { endpoints: [view], sockets: socket ? [socket] : [], sessions: [sessionView('s')] });
  showEndpoint(host.services, view.id);
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  return { ...host, user };
}

/** A client that is connected by the socket 7. */
function connected(change: Partial<SocketView> = {}, answers: Answers = {}) {
  const socket = socketView(7, 'e1', { role: 'outgoing', ...change });
  const config = createConfig('client', socket.transport);
  return shown(clientView('e1', { state: socket.state, socket: 7, address: '10.0.0.7:80', config }), {
    socket,
    answers,
  });
}

const state = () => screen.getAllByRole('status')[0];
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the state of a client', () => {
  test('says how its connection has ended', () => {
    shown(clientView('e1', { state: 'closed', ended: { cause: 'peer' } }));
    expect(state()?.textContent).toMatch(/^closed\s*by the peer \(FIN\)$/);
  });

  test('says why connecting has failed', () => {
    shown(clientView('e1', { state: 'failed', ended: { cause: 'failed', errno: 'ECONNREFUSED', call: 'connect' } }));
    expect(state()?.textContent).toMatch(/^failed\s*in connect\(\): ECONNREFUSED$/);
  });

  test('is the last known one while the engine cannot be reached', () => {
    const { services } = connected();
    act(() => services.live.setState({ connection: 'lost' }));
    expect(state()?.textContent).toBe('connectedto 10.0.0.7:80 from 127.0.0.1:12345(last known)');
  });

  test('says for how many bytes of a message it waits, with the way to another framing', async () => {
    const incomplete = { bytes: 4_195, missing: 61_342, says: 65_535, header: 2, overdue: true };
    const { user, services } = connected({ framing: 'len-u16be', incomplete });
    screen.getByText('4 195 of 65 537 B received (2 of header, length field 65 535); 61 342 missing');
    await user.click(button('Show received bytes'));
    expect(services.dialogs.getState()).toEqual({ kind: 'waiting-bytes', socket: 7 });
    await user.click(button('Change framing…'));
    expect(services.dialogs.getState()).toEqual({ kind: 'frame-socket', socket: 7 });
  });

  test('says nothing of a message that is incomplete for less than a second', () => {
    connected({ incomplete: { bytes: 17, missing: 0, overdue: false } });
    expect(screen.queryByText(/incomplete message/)).toBeNull();
  });

  test('says to whom it is connected, and from where', () => {
    connected();
    expect(state()?.textContent).toBe('connectedto 10.0.0.7:80 from 127.0.0.1:12345');
  });

  test('that waits to connect again counts down without being read out', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    shown(clientView('e1', { state: 'waiting', retry: { at: 1_004_200, attempt: 3 } }));
    expect(state()?.textContent).toBe('waitingto reconnect to 127.0.0.1:12345 in 5 s, attempt 3');
    expect(state()?.getAttribute('aria-live')).toBe('off');
  });

  test('that waits to connect again stops trying', async () => {
    const { user, ...host } = shown(clientView('e1', { state: 'waiting', retry: { at: 0, attempt: 1 } }));
    await user.click(button('Stop reconnecting'));
    await screen.findByRole('button', { name: 'Connect' });
    expect(state()?.textContent).toBe('closedlocally');
    expect(inputsOf(host, 'endpoints.close')).toMatchObject([{ id: 'e1' }]);
    expect(inputsOf(host, 'endpoints.open')).toEqual([]);
  });

  test('that waits to connect again does so at once', async () => {
    const { user, ...host } = shown(clientView('e1', { state: 'waiting', retry: { at: 0, attempt: 1 } }));
    await user.click(button('Connect now'));
    await screen.findByRole('button', { name: 'Disconnect' });
    expect(host.calls.map(({ name }) => name).filter((name) => /close|open/.test(name))).toEqual([
      'endpoints.close',
      'endpoints.open',
    ]);
  });
});

describe('a connection', () => {
  test.each([
    ['Stop reading', 'sockets.reading', { socket: 7, reading: false }],
    ['Shut down writing (FIN)', 'sockets.shutdown', { socket: 7 }],
    ['Reset (RST)', 'sockets.reset', { socket: 7 }],
  ] as const)('does “%s” at a click', async (name, call, input) => {
    const { user, ...host } = connected({}, { [call]: () => ok({}) });
    await user.click(button(name));
    expect(inputsOf(host, call)).toEqual([input]);
  });

  test('whose reading is stopped says so and offers to go on', async () => {
    const { user, ...host } = connected({ readingStopped: true }, { 'sockets.reading': () => ok({}) });
    expect(screen.getByText(/recv\(\) stopped/)).toBeTruthy();
    await user.click(button('Resume reading'));
    expect(inputsOf(host, 'sockets.reading')).toEqual([{ socket: 7, reading: true }]);
  });

  test('says what stands still or waits', () => {
    connected({ framingStopped: true, queued: 1_200 });
    const notes = screen.getAllByRole('status').map(({ textContent }) => textContent);
    expect(notes.slice(1)).toEqual([expect.stringContaining('framing stopped'), '1\u202f200 B unsent']);
  });

  test('cannot shut down writing twice', () => {
    connected({ state: 'half-closed', writeEnded: true });
    expect(button('Shut down writing (FIN)').disabled).toBe(true);
    expect(button('Reset (RST)').disabled).toBe(false);
  });

  test('offers nothing that its transport does not have', () => {
    connected({ transport: 'local' });
    expect(button('Shut down writing (FIN)')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Reset/ })).toBeNull();
  });

  test('that is closed offers nothing', () => {
    connected({ state: 'closed' });
    expect(screen.queryByRole('button', { name: /reading|Shut down|Reset/ })).toBeNull();
  });

  test('that cannot be reset says why in a notice', async () => {
    const { user, services } = connected({}, { 'sockets.reset': () => fail('not-found', 'There is no socket 7') });
    await user.click(button('Reset (RST)'));
    expect(services.notices.getState().notices).toMatchObject([{ failure: { message: 'There is no socket 7' } }]);
  });
});

describe('what a connection agreed on', () => {
  const secured = {
    kind: 'secured',
    protocol: 'TLSv1.3',
    cipher: 'AES',
    alpn: '',
    serverName: '',
    trust: 'trusted',
    chain: [],
    elapsedMs: 1,
  } as const;
  const row: Row = {
    seq: 4,
    at: 0,
    kind: 'secured',
    socket: 7,
    offset: 0,
    length: 0,
    head: 0,
    tail: 0,
    flags: 0,
    preview: '',
    event: secured,
  };
  const inSession: Answers = {
    'sessions.find': () => ok({ found: { seq: 4, index: 0 } }),
    'sessions.window': () => ok({ total: 5, matched: 5, scanned: 5, rows: [row], sockets: [] }),
  };

  test('is said in short over a WebSocket', () => {
    connected({ transport: 'ws', security: 'chat' });
    expect(screen.getByText('chat')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'chat' })).toBeNull();
  });

  test('over TLS is shown whole on demand, from the handshake’s record', async () => {
    const { user, ...host } = connected({ transport: 'tls', security: 'TLSv1.3' }, inSession);
    await user.click(button('TLSv1.3'));
    const agreement = screen.getByRole('dialog', { name: 'TLS parameters' });
    expect(await within(agreement).findByText('AES')).toBeTruthy();
    expect(inputsOf(host, 'sessions.find')).toMatchObject([{ session: 's', find: 'socket == 7 && kind == secured' }]);
  });

  test('over TLS is said to be gone where the session has no record of it', async () => {
    const none: Answers = { 'sessions.find': () => ok({ found: null }) };
    const { user } = connected({ transport: 'tls', security: 'TLSv1.3' }, none);
    await user.click(button('TLSv1.3'));
    expect(await screen.findByText(/no longer in the session/)).toBeTruthy();
  });
});

describe('the state of a server', () => {
  const listening = (change: Partial<EndpointView> = {}) =>
    endpointView('e1', { state: 'listening', address: '127.0.0.1:12345', peers: 2, ...change });

  test('says where it listens and how many peers it has', () => {
    shown(listening());
    expect(state()?.textContent).toBe('listeningon 127.0.0.1:12345, 2 peers');
  });

  test('warns where other machines can reach it', () => {
    shown(listening({ exposed: true }));
    expect(screen.getByText('Reachable from other machines')).toBeTruthy();
  });

  test('stops accepting, and then says how full the backlog is', async () => {
    const accepting: Answers = {
      'endpoints.accepting': ({ accepting: on }) => ok(listening({ accepting: on, backlogWaiting: 3 })),
    };
    const { user, ...host } = shown(listening(), { answers: accepting });
    await user.click(button('Stop accepting'));
    expect(await screen.findByText(/^Not accepting\. 3 of about 512 backlog slots are in use/)).toBeTruthy();
    await user.click(button('Resume accepting'));
    await screen.findByRole('button', { name: 'Stop accepting' });
    expect(inputsOf(host, 'endpoints.accepting')).toEqual([
      { id: 'e1', accepting: false },
      { id: 'e1', accepting: true },
    ]);
  });

  test('says which of its peers an incomplete message is from', () => {
    const { services } = shown(listening());
    const incomplete = { bytes: 17, missing: 0, overdue: true };
    show(services, {
      endpoints: [listening()],
      sockets: [1, 2, 3].map((id) => socketView(id, 'e1', id === 1 ? {} : { incomplete })),
    });
    screen.getByText(':50002: an incomplete message of 17 B, and 1 more peer');
  });

  test('says how many connection attempts were dropped as its accept queue was full', () => {
    shown(listening({ dropped: 195 }));
    screen.getByText(/^accept queue overflow: 195 connection attempts dropped/);
  });

  test('without a backlog offers no way to stop accepting', () => {
    shown(listening({ config: createConfig('server', 'local', { path: '/tmp/a' }) }));
    expect(screen.queryByRole('button', { name: 'Stop accepting' })).toBeNull();
  });
});

describe('a bound UDP server', () => {
  const bound = endpointView('e1', {
    state: 'bound',
    address: '127.0.0.1:5000',
    config: createConfig('server', 'udp'),
  });

  async function openForm(answers: Answers = {}) {
    const made = shown(bound, { answers });
    await made.user.click(button(/Add a peer/));
    return made;
  }

  const port = () => screen.getByRole('textbox', { name: 'Port of the peer' });

  test('adds a peer and aims the composer at it', async () => {
    const { user, services, ...host } = await openForm({ 'endpoints.addPeer': () => ok({ socket: 9 }) });
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Host of the peer' }));
    await user.type(port(), '6000{Enter}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(inputsOf(host, 'endpoints.addPeer')).toEqual([{ id: 'e1', host: '127.0.0.1', port: 6_000 }]);
    expect(Object.values(services.drafts.getState().byTab)).toMatchObject([{ target: { kind: 'some', sockets: [9] } }]);
  });

  test.each(['', '0', '65536', 'x'])('adds no peer with the port “%s”', async (text) => {
    const { user, ...host } = await openForm();
    if (text !== '') await user.type(port(), text);
    await user.click(button('Add peer'));
    expect(screen.getByRole('alert').textContent).toMatch(/1–65535/);
    expect(inputsOf(host, 'endpoints.addPeer')).toEqual([]);
  });

  test('says why a peer could not be added, and keeps what was typed', async () => {
    const { user } = await openForm({ 'endpoints.addPeer': () => fail('name-not-found', 'There is no host x') });
    await user.type(port(), '6000{Enter}');
    expect(await screen.findByText('There is no host x')).toBeTruthy();
    expect(screen.getByDisplayValue('6000')).toBeTruthy();
  });
});
