import { describe, expect, test } from 'vitest';
import { exportFormatOf } from '#shared/export/export-formats.ts';
import { ok } from '#shared/failure.ts';
import { saveHandle } from '#support/file-handles.ts';
import { saveSession, suggestedName } from '../../../../../src/renderer/features/sessions/save-session.ts';
import { scopeOf } from '../../../../../src/renderer/features/sessions/scope-fields.tsx';
import { fakeHost, sessionView } from '../../fake-services.ts';

describe('saving a session', () => {
  test('names the file after the session and its part', () => {
    const session = sessionView('s', { name: 'my: log.wirebench' });
    expect(suggestedName(session, 'pcapng')).toBe('my- log.pcapng');
    expect(suggestedName(session, 'raw', { sockets: [3], direction: 'in' })).toBe('my- log-socket-3-in.bin');
    expect(suggestedName(session, 'raw', { sockets: [3] })).toBe('my- log-socket-3.tar');
    expect(suggestedName(sessionView('s', { name: 'a\u202egnp\u001b' }), 'html')).toBe('agnp.html');
    expect(suggestedName(sessionView('s', { name: '' }), 'csv')).toBe('session.csv');
  });

  test('says what raw bytes are: a stream, or an archive of streams', () => {
    const raw = exportFormatOf('raw');
    expect(raw.fileOf?.({ sockets: [3], direction: 'in' }).note).toMatch(/One file/);
    expect(raw.fileOf?.({ sockets: [3] }).note).toMatch(/tar archive/);
  });

  test('means the records that were chosen', () => {
    const choices = {
      shown: 'endpoint.id == "e" && in',
      text: 'in',
      endpoint: { name: 'echo', filter: 'endpoint.id == "e"' },
      socket: 3,
    };
    const scope = (kind: 'whole' | 'shown' | 'endpoint' | 'socket', direction: 'both' | 'in' = 'both') =>
      scopeOf({ kind, socket: 3, direction }, choices);
    expect(scope('whole')).toEqual({});
    expect(scope('shown')).toEqual({ filter: 'endpoint.id == "e" && in' });
    expect(scope('endpoint', 'in')).toEqual({ filter: 'endpoint.id == "e"', direction: 'in' });
    expect(scope('socket', 'in')).toEqual({ sockets: [3], direction: 'in' });
  });

  test('hands the format and the scope to the engine, and says what came of it', async () => {
    const { services, calls } = fakeHost({
      'dialogs.save': () => ok({ target: saveHandle('x.csv') }),
      'sessions.save': () => ok({ path: '/saved/x.csv', records: 1, bytes: 10 }),
    });
    await saveSession(services, sessionView('s'), { format: 'csv', scope: { filter: 'in' } });
    expect(calls.find(({ name }) => name === 'sessions.save')?.input).toMatchObject({
      session: 's',
      format: 'csv',
      target: saveHandle('x.csv'),
      scope: { filter: 'in' },
    });
    expect(services.notices.getState()).toMatchObject({
      jobs: [],
      notices: [{ kind: 'done', text: 'Saved 1 record as s.csv', detail: '/saved/x.csv' }],
    });
  });
});
