import { screen, within } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../src/renderer/app/lazy-parts.tsx';
import type { DialogState } from '../../../../src/renderer/state/dialogs.ts';
import { endpointView, fakeHost, sessionView, socketView } from '../fake-services.ts';
import { storedSession } from '../features/sessions/stored.ts';

beforeAll(loadParts);

const server = endpointView('e1', {
  config: { ...defaultServer, name: 'boiler' },
  state: 'listening',
  address: '127.0.0.1:5000',
});
const client = endpointView('e2', { config: { ...defaultClient, name: 'probe', host: 'device.local', port: 502 } });

function dialogs(dialog: DialogState) {
  const faked = fakeHost({ 'sessions.stored': () => ok({ sessions: [], folder: '' }) });
  show(faked.services, {
    endpoints: [server, client],
    sockets: [socketView(2, 'e1')],
    sessions: [sessionView('s1', { total: 3 })],
  });
  faked.services.dialogs.setState(dialog, true);
  return { ...faked, user: renderPart(faked.services, <Dialogs />) };
}

const shown: readonly (readonly [string, DialogState])[] = [
  ['Command palette', { kind: 'palette' }],
  ['Save session', { kind: 'save-session', session: 's1' }],
  ['Go to record', { kind: 'go-to', to: 'record' }],
  ['Go to time', { kind: 'go-to', to: 'time' }],
  ['Recorded sessions', { kind: 'stored-sessions' }],
  ['Rename session', { kind: 'rename-session', session: { path: '/s1', name: 's1' } }],
  ['Delete “old”?', { kind: 'delete-session', session: storedSession('old') }],
  ['Record to a different folder', { kind: 'recording-place' }],
  ['Settings', { kind: 'settings' }],
];

test.each(shown)('the dialog %s is shown, and cancelled with Escape', async (name, dialog) => {
  const { services, user } = dialogs(dialog);
  screen.getByRole('dialog', { name });
  await user.keyboard('{Escape}');
  expect(services.dialogs.getState()).toEqual({ kind: 'none' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

test.each([
  { kind: 'none' },
  { kind: 'save-session', session: 'gone' },
  { kind: 'reframe', session: 'gone' },
] satisfies DialogState[])('there is no dialog for %o', (dialog) => {
  dialogs(dialog);
  expect(screen.queryByRole('dialog')).toBeNull();
});

const option = (name: RegExp) => screen.getByRole('option', { name });

test('the palette has the endpoints, by their bound or their configured address', async () => {
  const { services, user } = dialogs({ kind: 'palette' });
  option(/^Go to boiler 127\.0\.0\.1:5000/);
  await user.type(screen.getByRole('combobox', { name: 'Command' }), 'go to probe');
  expect(option(/^Go to probe device\.local:502/).getAttribute('aria-selected')).toBe('true');
  await user.keyboard('{Enter}');
  expect(services.tabs.getState().tabs).toMatchObject([{ kind: 'endpoint', endpoint: 'e2' }]);
  expect(services.dialogs.getState().kind).toBe('none');
});

test('the palette has what can be done now, with its keys', () => {
  dialogs({ kind: 'palette' });
  within(option(/^Save session/)).getByText(/S$/);
  expect(screen.queryByRole('option', { name: /^Next match/ })).toBeNull();
  expect(screen.queryByRole('option', { name: /^Show command palette/ })).toBeNull();
});
