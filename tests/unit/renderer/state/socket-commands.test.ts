import { describe, expect, test } from 'vitest';
import { createConfig, defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { applySnapshot } from '../../../../src/renderer/bridge/live-store.ts';
import { backlogText, socketNotes, stateDetail } from '../../../../src/renderer/features/endpoints/endpoint-state.tsx';
import { contextOf, listed } from '../../../../src/renderer/state/action.ts';
import { applyPending, changeForm, openTabEndpoint } from '../../../../src/renderer/state/endpoint-commands.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { offerReframing, reframeSession } from '../../../../src/renderer/state/reframe.ts';
import { eventOf } from '../../../../src/renderer/state/sessions.ts';
import {
  addPeer,
  connectNow,
  frameSocket,
  setAccepting,
  socketActions,
  trustAndOpen,
} from '../../../../src/renderer/state/socket-commands.ts';
import { activeTab, endpointTab } from '../../../../src/renderer/state/tabs.ts';
import { type Answers, clientView, endpointView, fakeHost, sessionView, socketView } from '../fake-services.ts';

function openServer(answers: Answers) {
  const host = fakeHost(answers);
  const { services } = host;
  const view = endpointView('a', { state: 'listening', address: '127.0.0.1:4000' });
  services.live.setState((state) =>
    applySnapshot(state, { endpoints: [view], sockets: [], sessions: [], jobs: [], programs: [] }),
  );
  const tab = endpointTab(formOf(defaultServer), 'a');
  services.tabs.setState({ tabs: [tab], active: tab.id });
  const now = () => {
    const active = activeTab(services.tabs.getState());
    if (active?.kind !== 'endpoint') throw new Error('no endpoint is shown');
    return active;
  };
  return { ...host, view, tab, now };
}

describe('the framing of a socket', () => {
  const setUp = () => {
    const host = fakeHost({ 'sockets.frame': () => ok({}) });
    const { services } = host;
    const view = clientView('c', { state: 'connected', socket: 7 });
    const sockets = [socketView(7, 'c', { bytesIn: 9 }), socketView(8, 's')];
    const sessions = [sessionView('s1')];
    services.live.setState((state) =>
      applySnapshot(state, { endpoints: [view, endpointView('s')], sockets, sessions, jobs: [], programs: [] }),
    );
    const tab = endpointTab(formOf(view.config), 'c');
    services.tabs.setState({ tabs: [tab], active: tab.id });
    return { ...host, framingOf: (id: string) => services.live.getState().endpoints.get(id)?.config.framing };
  };

  test('of a client is the client’s: its view, its form and the offer follow', async () => {
    const { services, framingOf } = setUp();
    await frameSocket(services, 7, { kind: 'delimiter', delimiter: '0d0a' }, 'stop');
    expect(framingOf('c')).toEqual({ kind: 'delimiter', delimiter: '0d0a' });
    expect(activeTab(services.tabs.getState())).toMatchObject({ form: { framing: 'crlf', badFrame: 'stop' } });
    expect(services.notices.getState().notices).toMatchObject([{ text: 'Framing changed to “CRLF-terminated lines”' }]);
  });

  test('of a server’s peer is the peer’s alone', async () => {
    const { services, framingOf } = setUp();
    const before = framingOf('s');
    await frameSocket(services, 8, { kind: 'json' }, 'stop');
    expect(framingOf('s')).toEqual(before);
    expect(services.notices.getState().notices).toEqual([]);
  });
});

describe('an endpoint that is open', () => {
  test('takes what was changed when it is applied, and keeps what is typed until then', async () => {
    const { services, calls, tab, now } = openServer({
      'endpoints.update': ({ id, config }) => ok(endpointView(id, { config, state: 'listening' })),
    });
    changeForm(services, tab.id, { name: 'echoes' });
    expect(now()).toMatchObject({ pending: { name: 'echoes' }, form: { name: '' } });
    await applyPending(services, tab.id, { framing: 'lf' });
    expect(calls).toEqual([
      {
        name: 'endpoints.update',
        input: {
          id: 'a',
          config: { ...defaultServer, name: 'echoes', framing: { kind: 'delimiter', delimiter: '0a' } },
        },
      },
    ]);
    expect(now()).toMatchObject({ pending: {}, form: { name: 'echoes', framing: 'lf' } });
    expect(services.live.getState().endpoints.get('a')?.config.name).toBe('echoes');
  });

  test('says what is wrong at the field, and asks for nothing', async () => {
    const { services, calls, tab, now } = openServer({});
    await applyPending(services, tab.id, { framing: 'delimiter', 'framing.delimiter': 'xy' });
    expect(calls).toEqual([]);
    expect(now().errors).toEqual({ 'framing.delimiter': 'a delimiter is 1 to 32 bytes in hex' });
  });

  test('stays as it is where the change is refused', async () => {
    const { services, tab, now } = openServer({ 'endpoints.update': () => fail('wrong-state', 'Could not change it') });
    await applyPending(services, tab.id, { name: 'other' });
    expect(now()).toMatchObject({ pending: {}, form: { name: '' } });
    expect(services.notices.getState().notices).toMatchObject([{ kind: 'failure' }]);
  });

  test('accepts or not as it is told', async () => {
    const { services, view } = openServer({
      'endpoints.accepting': ({ id, accepting }) => ok(endpointView(id, { state: 'listening', accepting })),
    });
    await setAccepting(services, view, false);
    expect(services.live.getState().endpoints.get('a')?.accepting).toBe(false);
  });

  test('of UDP gets a peer that has not sent anything, which the composer is aimed at', async () => {
    const { services, view, tab } = openServer({ 'endpoints.addPeer': () => ok({ socket: 9 }) });
    expect(await addPeer(services, view, '127.0.0.1', 9)).toEqual({ ok: true, value: { socket: 9 } });
    expect(services.drafts.getState().byTab[tab.id]?.target).toEqual({ kind: 'some', sockets: [9] });
  });
});

describe('a client', () => {
  const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

  test('whose server is not believed trusts its certificate, for this endpoint alone, and connects again', async () => {
    const { services, calls } = fakeHost({
      'endpoints.close': ({ id }) => ok(clientView(id)),
      'endpoints.update': ({ id, config }) => ok(clientView(id, { config })),
      'endpoints.open': ({ id }) => ok(clientView(id, { state: 'connected' })),
    });
    const tab = endpointTab(formOf(createConfig('client', 'tls')), 'c');
    services.tabs.setState({ tabs: [tab], active: tab.id });
    await trustAndOpen(services, tab.id, fingerprint);
    expect(calls.map(({ name }) => name)).toEqual(['endpoints.close', 'endpoints.update', 'endpoints.open']);
    expect(calls[1]?.input).toMatchObject({ config: { tls: { trusted: [fingerprint], verify: true } } });
  });

  test('that waits connects now by being closed and opened', async () => {
    const { services, calls } = fakeHost({
      'endpoints.close': ({ id }) => ok(clientView(id)),
      'endpoints.update': ({ id, config }) => ok(clientView(id, { config })),
      'endpoints.open': ({ id }) => ok(clientView(id, { state: 'connected' })),
    });
    const tab = endpointTab(formOf(defaultClient), 'c');
    services.tabs.setState({ tabs: [tab], active: tab.id });
    await connectNow(services, tab.id);
    expect(calls.map(({ name }) => name)).toEqual(['endpoints.close', 'endpoints.update', 'endpoints.open']);
  });

  test('says in how many seconds it tries again, and for the how manieth time', () => {
    const view = clientView('c', { state: 'waiting', retry: { at: 10_000, attempt: 3 } });
    expect(stateDetail(view, 'client', undefined, 7_200)).toBe('to reconnect to 127.0.0.1:12345 in 3 s, attempt 3');
    expect(stateDetail(view, 'client', undefined, 11_000)).toContain('in 0 s');
  });
});

describe('a socket', () => {
  const idsOf = (change: Parameters<typeof socketView>[2]) =>
    listed(socketActions, { ...contextOf(fakeHost({}).services), socket: socketView(1, 'a', change) }).map(
      ({ id, disabled }) => (disabled ? `(${id})` : id),
    );

  test('is offered only what its transport can do', () => {
    expect(idsOf({})).toEqual(['stop-reading', 'shutdown', 'close', 'reset']);
    expect(idsOf({ transport: 'udp' })).toEqual(['stop-reading', 'close']);
    expect(idsOf({ transport: 'local' })).toEqual(['stop-reading', 'shutdown', 'close']);
    expect(idsOf({ transport: 'ws' })).toEqual(['stop-reading', 'ping', 'close', 'reset']);
    expect(idsOf({ readingStopped: true, writeEnded: true })).toEqual(['read', '(shutdown)', 'close', 'reset']);
  });

  test('says what waits on it', () => {
    expect(socketNotes(socketView(1, 'a'))).toEqual([]);
    expect(socketNotes(socketView(1, 'a', { readingStopped: true, queued: 12 }))).toEqual([
      'recv() stopped: data queues in the kernel, then at the peer',
      '12 B unsent',
    ]);
    expect(socketNotes(socketView(1, 'a', { framingStopped: true }))).toEqual([
      'framing stopped: bytes are recorded as received',
    ]);
    expect(backlogText(5, undefined)).toMatch(/^Not accepting\. About 6 connections can wait.* will time out\.$/);
    expect(backlogText(5, 1)).toBe(
      'Not accepting. 1 of about 6 backlog slots is in use; when all are in use, further connect() calls will time out.',
    );
    expect(backlogText(5, 6)).toBe(
      'Not accepting. 6 of about 6 backlog slots are in use; further connect() calls will time out.',
    );
  });
});

describe('the framing of an endpoint that has records', () => {
  const records = {
    sockets: [socketView(1, 'a', { bytesIn: 9 })],
    sessions: [sessionView('s')],
    jobs: [],
    programs: [],
  };
  const answers: Answers = {
    'endpoints.update': ({ id, config }) => ok(endpointView(id, { config, state: 'listening' })),
    'endpoints.open': ({ id }) => ok(endpointView(id, { state: 'listening' })),
  };
  const offers = ({ services }: ReturnType<typeof openServer>) =>
    services.notices.getState().notices.map((notice) => (notice.kind === 'offer' ? notice.label : notice.kind));

  test('is offered for them when it is changed while the endpoint is open', async () => {
    const host = openServer(answers);
    host.services.live.setState((state) => applySnapshot(state, { endpoints: [host.view], ...records }));
    await applyPending(host.services, host.tab.id, { name: 'other' });
    expect(offers(host)).toEqual([]);
    await applyPending(host.services, host.tab.id, { framing: 'lf' });
    expect(offers(host)).toEqual(['Re-frame recorded data…']);
  });

  test('is offered for them when the endpoint is opened again with another one', async () => {
    const host = openServer(answers);
    const closed = endpointView('a', { state: 'closed' });
    host.services.live.setState((state) => applySnapshot(state, { endpoints: [closed], ...records }));
    changeForm(host.services, host.tab.id, { framing: 'lf' });
    await openTabEndpoint(host.services, host.tab.id);
    expect(offers(host)).toEqual(['Re-frame recorded data…']);
  });
});

describe('a recorded session', () => {
  test('is framed anew into one of its own, which is shown', async () => {
    const made = sessionView('r', { state: 'read-only' });
    const { services, calls } = fakeHost({ 'sessions.reframe': () => ok(made) });
    await reframeSession(services, sessionView('s'), { kind: 'json' }, { kind: 'socket', socket: 4 });
    expect(calls[0]?.input).toMatchObject({ session: 's', framing: { kind: 'json' }, sockets: [4] });
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'session', session: 'r' });
    expect(services.notices.getState().jobs).toEqual([]);
  });

  test('is offered to be re-framed where the framing of its endpoint has changed, once and for that endpoint', () => {
    const { services } = fakeHost({});
    const { live, notices, dialogs } = services;
    const view = (framing: FramingSpec) => endpointView('a', { config: { ...defaultServer, framing } });
    const known = (bytesIn: number) =>
      live.setState((state) =>
        applySnapshot(state, {
          endpoints: [view({ kind: 'json' })],
          sockets: [socketView(1, 'a', { bytesIn })],
          sessions: [sessionView('s')],
          jobs: [],
          programs: [],
        }),
      );
    known(0);
    offerReframing(services, view({ kind: 'raw' }), view({ kind: 'json' }));
    expect(notices.getState().notices).toEqual([]);
    known(9);
    offerReframing(services, view({ kind: 'json' }), view({ kind: 'json' }));
    expect(notices.getState().notices).toEqual([]);
    offerReframing(services, view({ kind: 'raw' }), view({ kind: 'slip' }));
    offerReframing(services, view({ kind: 'slip' }), view({ kind: 'json' }));
    const [offer, ...more] = notices.getState().notices;
    expect([offer, more]).toMatchObject([{ kind: 'offer', label: 'Re-frame recorded data…' }, []]);
    if (offer?.kind === 'offer') offer.run();
    const wanted = { kind: 'reframe', session: 's', endpoint: 'a', framing: { kind: 'json' } };
    expect(dialogs.getState()).toEqual(wanted);
  });

  test('has the event of a socket looked up, where it has one', async () => {
    const event = { kind: 'shutdown' } as const;
    const row = {
      seq: 7,
      at: 0,
      kind: 'shutdown',
      socket: 3,
      offset: 0,
      length: 0,
      head: 0,
      tail: 0,
      flags: 0,
    } as const;
    const { services } = fakeHost({
      'sessions.find': ({ find }) =>
        ok({ found: find === 'socket == 3 && kind == shutdown' ? { seq: 7, index: 7 } : null }),
      'sessions.window': ({ first }) =>
        ok({
          total: 9,
          matched: 9,
          scanned: 9,
          sockets: [],
          rows: first === 7 ? [{ ...row, preview: '', event }] : [],
        }),
    });
    expect(await eventOf(services, 's', 3, 'shutdown')).toEqual(event);
    expect(await eventOf(services, 's', 4, 'shutdown')).toBeUndefined();
  });
});
