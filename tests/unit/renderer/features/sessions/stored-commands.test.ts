import { describe, expect, it } from 'vitest';
import type { StoredSession } from '#shared/contract/models.ts';
import { fail, ok } from '#shared/failure.ts';
import { readHandle, saveHandle } from '#support/file-handles.ts';
import {
  crashOffer,
  deleteStored,
  moveRecording,
  renameStored,
  retryRecording,
  selectRecordingPlace,
} from '../../../../../src/renderer/features/sessions/stored-commands.ts';
import { openSessionFile } from '../../../../../src/renderer/state/sessions.ts';
import { refreshStored, storedKey } from '../../../../../src/renderer/state/stored.ts';
import { fakeHost, sessionView } from '../../fake-services.ts';

const stored = (change: Partial<StoredSession> = {}): StoredSession => ({
  reference: 'stored:a.wirebench',
  path: '/home/sessions/a.wirebench',
  name: 'a',
  startedAt: 5,
  changedAt: 5,
  fileBytes: 1_000,
  records: 3,
  state: 'ended',
  ...change,
});
const listed = (...sessions: StoredSession[]) => ok({ sessions, folder: '/home/sessions' });
const failure = fail('file', 'Could not record to “x”', { system: 'write(): ENOSPC', hint: 'Free some space.' });

describe('the list of stored sessions', () => {
  it('is what the last question was answered', async () => {
    const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let asked = 0;
    const { services } = fakeHost({
      'sessions.stored': async () => {
        const number = asked;
        asked += 1;
        await answers[number]?.promise;
        return listed(stored({ name: `answer ${number}` }));
      },
    });
    const first = refreshStored(services);
    const second = refreshStored(services);
    answers[1]?.resolve();
    await second;
    answers[0]?.resolve();
    await first;
    expect(services.stored.getState().sessions[0]?.name).toBe('answer 1');
  });

  it('keeps what it had where it cannot be asked for, and says why', async () => {
    const answers = [listed(stored()), failure];
    const { services } = fakeHost({ 'sessions.stored': () => answers.shift() ?? failure });
    await refreshStored(services);
    await refreshStored(services);
    expect(services.stored.getState()).toMatchObject({
      loaded: true,
      sessions: [{ name: 'a' }],
      failure: failure.error,
    });
  });

  it('is worth asking for again when a session is opened, named or has its first record, not with each record', () => {
    const key = (...views: Parameters<typeof sessionView>[]) =>
      storedKey({ sessions: new Map(views.map(([id, change]) => [id, sessionView(id, change)])) });
    const before = key(['s', { total: 0 }]);
    expect(key(['s', { total: 1 }])).not.toBe(before);
    expect(key(['s', { total: 1 }])).toBe(key(['s', { total: 900, rate: 5, bytes: 7 }]));
    expect(key(['s', { total: 0, name: 'boiler' }])).not.toBe(before);
    expect(key(['s'], ['t'])).not.toBe(before);
  });
});

describe('crashed sessions', () => {
  const crashed = (name: string, changedAt: number) => stored({ name, changedAt, state: 'crashed', records: 1_204 });

  it('are offered where they crashed since the last offer, the newest by its name', () => {
    const offer = crashOffer([crashed('old', 10), crashed('new', 30), stored({ changedAt: 40 })], 20);
    expect(offer?.newest.name).toBe('new');
    expect(offer?.detail).toBe('The session “new” was recovered with 1,204 records.');
    expect(crashOffer([crashed('one', 30), crashed('two', 31)], 20)?.detail).toContain(
      'Another is listed on the start page',
    );
  });

  it('are not offered twice', () => {
    expect(crashOffer([crashed('old', 10)], 10)).toBeUndefined();
    expect(crashOffer([stored()], 0)).toBeUndefined();
  });
});

describe('opening a file', () => {
  it('shows the tab of the session, once', async () => {
    const view = sessionView('s1', { state: 'read-only', path: '/a' });
    const { services } = fakeHost({ 'sessions.open': () => ok(view) });
    await openSessionFile(services, readHandle('a'));
    await openSessionFile(services, 'stored:a.wirebench');
    expect(services.tabs.getState().tabs.filter(({ kind }) => kind === 'session')).toHaveLength(1);
  });

  it('opens no tab for the session that is being recorded', async () => {
    const { services } = fakeHost({ 'sessions.open': () => ok(sessionView('live', { name: 'this run' })) });
    await openSessionFile(services, readHandle('live'));
    expect(services.tabs.getState().tabs.some(({ kind }) => kind === 'session')).toBe(false);
    expect(services.notices.getState().notices[0]).toMatchObject({
      kind: 'done',
      text: '“this run” is the session being recorded',
    });
  });

  it('tells a failure, but a cancelled import only as done', async () => {
    const answers = [failure, fail('cancelled', 'Importing was cancelled')];
    const { services } = fakeHost({ 'sessions.open': () => answers.shift() ?? failure });
    await openSessionFile(services, readHandle('a.pcapng'));
    await openSessionFile(services, readHandle('a.pcapng'));
    expect(services.notices.getState().notices).toMatchObject([
      { kind: 'failure', failure: failure.error },
      { kind: 'done', text: 'Opening a.pcapng cancelled' },
    ]);
    expect(services.notices.getState().jobs).toEqual([]);
  });
});

describe('a stored session', () => {
  it('that is not open is opened to be named, and closed again', async () => {
    const host = fakeHost({
      'sessions.open': () => ok(sessionView('s1', { state: 'read-only' })),
      'sessions.rename': ({ name }) => ok(sessionView('s1', { state: 'read-only', name })),
      'sessions.close': () => ok({}),
      'sessions.stored': () => listed(),
    });
    expect(await renameStored(host.services, stored(), 'boiler')).toMatchObject({ ok: true });
    expect(host.calls.map(({ name }) => name)).toEqual([
      'sessions.open',
      'sessions.rename',
      'sessions.close',
      'sessions.stored',
    ]);
  });

  it('that is open is named as it is', async () => {
    const host = fakeHost({ 'sessions.rename': ({ name }) => ok(sessionView('s1', { path: '/a', name })) });
    host.services.live.setState({ sessions: new Map([['s1', sessionView('s1', { path: '/a' })]]) });
    await renameStored(host.services, { path: '/a', name: 's1' }, 'boiler');
    expect(host.calls).toEqual([{ name: 'sessions.rename', input: { session: 's1', name: 'boiler' } }]);
    expect(host.services.live.getState().sessions.get('s1')?.name).toBe('boiler');
  });

  it('that is open loses its tab when it is deleted', async () => {
    const view = sessionView('s1', { state: 'read-only', path: stored().path });
    const host = fakeHost({
      'sessions.open': () => ok(view),
      'sessions.close': () => ok({}),
      'sessions.delete': () => ok({}),
      'sessions.stored': () => listed(),
    });
    await openSessionFile(host.services, stored().reference);
    await deleteStored(host.services, stored());
    const names = host.calls.map(({ name }) => name);
    expect(names.indexOf('sessions.close')).toBeGreaterThan(-1);
    expect(names.indexOf('sessions.close')).toBeLessThan(names.indexOf('sessions.delete'));
    expect(host.services.tabs.getState().tabs.some(({ kind }) => kind === 'session')).toBe(false);
  });
});

describe('a recording that has failed', () => {
  const failedView = sessionView('live', { state: 'failed', error: failure.error, path: '/full/run.wirebench' });
  const failing = (answers: Parameters<typeof fakeHost>[0]) => {
    const host = fakeHost(answers);
    host.services.live.setState({ sessions: new Map([['live', failedView]]) });
    return host;
  };

  it('goes on when it is tried again and there is room', async () => {
    const { services } = failing({ 'sessions.retry': () => ok(sessionView('live', { state: 'recording' })) });
    expect(await retryRecording(services)).toBeUndefined();
    expect(services.live.getState().sessions.get('live')?.state).toBe('recording');
  });

  it('tells why the next attempt failed too, whether the call or the session says so', async () => {
    const { services } = failing({ 'sessions.retry': () => failure });
    expect(await retryRecording(services)).toEqual(failure.error);
    const other = failing({ 'sessions.retry': () => ok(failedView) });
    expect(await retryRecording(other.services)).toEqual(failure.error);
    expect(other.services.notices.getState().notices).toEqual([]);
  });

  it('is moved where the host’s dialog says', async () => {
    const host = failing({
      'dialogs.save': () => ok({ target: saveHandle('run.wirebench') }),
      'sessions.move': () => ok(sessionView('live', { state: 'recording', path: '/other/run.wirebench' })),
    });
    await selectRecordingPlace(host.services);
    expect(host.calls[0]).toMatchObject({ name: 'dialogs.save', input: { suggestedName: 'run.wirebench' } });
    expect(host.services.live.getState().sessions.get('live')).toMatchObject({
      state: 'recording',
      path: '/other/run.wirebench',
    });
  });

  it('is moved to one of some places where the host has no dialogs', async () => {
    const { services } = failing({});
    await selectRecordingPlace(services);
    expect(services.dialogs.getState()).toEqual({ kind: 'recording-place' });
    expect(await moveRecording(services, saveHandle('a.wirebench'))).toMatchObject({
      ok: false,
      error: { code: 'unsupported' },
    });
    expect(services.notices.getState().jobs).toEqual([]);
  });
});
