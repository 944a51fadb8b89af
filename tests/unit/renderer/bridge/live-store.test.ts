import { describe, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import {
  applyEvent,
  applySnapshot,
  emptyLive,
  peersOf,
  recordingOf,
  syncLive,
} from '../../../../src/renderer/bridge/live-store.ts';
import { endpointView, fakeHost, sessionView, socketView } from '../fake-services.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const info = { version: '1', host: 'browser', platform: 'linux', runtime: 'Node', home: '/' } as const;

describe('what the page knows of the engine', () => {
  test('is replaced by a snapshot', () => {
    const old = applyEvent(emptyLive, { kind: 'endpoints', changed: [endpointView('old')], removed: [] });
    const next = applySnapshot(old, {
      endpoints: [endpointView('new')],
      sockets: [],
      sessions: [],
      jobs: [],
      programs: [],
    });
    expect([...next.endpoints.keys()]).toEqual(['new']);
    expect(next.ready).toBe(true);
  });

  test('is the same when an event comes twice', () => {
    const event = { kind: 'sockets', changed: [socketView(1, 'a')], removed: [2] } as const;
    const events = { ...event, changed: [...event.changed], removed: [...event.removed] };
    const once = applyEvent(emptyLive, events);
    expect(applyEvent(once, events)).toEqual(once);
  });

  test('finds the peers of a server and the session that is recorded', () => {
    const live = applySnapshot(emptyLive, {
      endpoints: [],
      sockets: [socketView(1, 'a', { role: 'listener' }), socketView(2, 'a'), socketView(3, 'b')],
      sessions: [sessionView('old', { state: 'read-only' }), sessionView('now')],
      jobs: [],
      programs: [],
    });
    expect(peersOf(live, 'a').map(({ id }) => id)).toEqual([2]);
    expect(recordingOf(live)?.id).toBe('now');
  });

  test('queues what is pushed before the snapshot has arrived, and loses none of it', async () => {
    let give: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      give = resolve;
    });
    const { services, transport, push } = fakeHost({
      'app.snapshot': async () => {
        await asked;
        return ok({ endpoints: [endpointView('a')], sockets: [], sessions: [], jobs: [], programs: [] });
      },
      'app.info': () => ok(info),
    });
    syncLive(services.client, transport, services.live, () => {});
    push({ kind: 'endpoints', changed: [endpointView('a', { state: 'listening' })], removed: [] });
    expect(services.live.getState().endpoints.size).toBe(0);
    give();
    await settled();
    expect(services.live.getState().endpoints.get('a')?.state).toBe('listening');
    push({ kind: 'endpoints', changed: [], removed: ['a'] });
    expect(services.live.getState().endpoints.size).toBe(0);
  });

  test('is asked for anew when the connection has come back', async () => {
    let asked = 0;
    const { services, transport, connect } = fakeHost({
      'app.snapshot': () => {
        asked += 1;
        return ok({ endpoints: [endpointView(`run-${asked}`)], sockets: [], sessions: [], jobs: [], programs: [] });
      },
      'app.info': () => ok(info),
    });
    syncLive(services.client, transport, services.live, () => {});
    await settled();
    connect('lost');
    expect(services.live.getState().connection).toBe('lost');
    connect('open');
    await settled();
    expect([...services.live.getState().endpoints.keys()]).toEqual(['run-2']);
  });
});
