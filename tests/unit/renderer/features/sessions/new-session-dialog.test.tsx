import { screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { askNewSession } from '../../../../../src/renderer/features/sessions/stored-commands.ts';
import { endpointView, fakeHost, sessionView, socketView } from '../../fake-services.ts';

beforeAll(loadParts);

function host() {
  const faked = fakeHost({
    'endpoints.close': ({ id }) => ok(endpointView(id)),
    'sessions.begin': () => ok(sessionView('second')),
    'sessions.stored': () => ok({ sessions: [], folder: '/sessions' }),
  });
  const user = renderPart(faked.services, <Dialogs />);
  return { ...faked, user };
}

test('a new session starts at once where nothing is open, and the one before is named', async () => {
  const { services, calls } = host();
  show(services, { endpoints: [endpointView('e1')], sessions: [sessionView('first', { total: 3 })] });
  await askNewSession(services);
  expect(calls.map(({ name }) => name)).toContain('sessions.begin');
  expect([...services.live.getState().sessions.keys()]).toEqual(['second']);
  expect(services.notices.getState().notices).toMatchObject([{ detail: '“first” is listed under Recent sessions.' }]);
});

test('a new session asks first where something is open, then closes it', async () => {
  const { services, calls, user } = host();
  show(services, {
    endpoints: [endpointView('e1', { state: 'listening' }), endpointView('e2')],
    sockets: [socketView(2, 'e1'), socketView(3, 'e2'), socketView(4, 'e1', { state: 'closed' })],
    sessions: [sessionView('first')],
  });
  await askNewSession(services);
  await screen.findByText(/1 endpoint and 2 connections are open/);
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(calls).toEqual([]);

  await askNewSession(services);
  await user.click(await screen.findByRole('button', { name: 'Close connections and start' }));
  await waitFor(() => expect([...services.live.getState().sessions.keys()]).toEqual(['second']));
  const made = calls.filter(({ name }) => name !== 'sessions.stored');
  expect(made).toEqual([
    { name: 'endpoints.close', input: { id: 'e1' } },
    { name: 'endpoints.close', input: { id: 'e2' } },
    { name: 'sessions.begin', input: {} },
  ]);
  expect(screen.queryByRole('dialog')).toBeNull();
});
