import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { EndpointView } from '#shared/contract/models.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { TabBar } from '../../../../src/renderer/app/tab-bar.tsx';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab, startTab } from '../../../../src/renderer/state/tabs.ts';
import { endpointView, fakeHost, sessionView } from '../fake-services.ts';

const config = { ...defaultServer, name: 'boiler' };

/** Tabs of the start page, a server and an opened session; that of the server is active. */
function bar(state: EndpointView['state'] = 'idle') {
  const faked = fakeHost({ 'sessions.close': () => ok({}), 'endpoints.remove': () => ok({}) });
  const { services } = faked;
  show(services, {
    endpoints: [endpointView('e1', { config, state, address: state === 'listening' ? '127.0.0.1:5000' : '' })],
    sessions: [sessionView('s1', { name: 'morning', state: 'read-only' })],
  });
  const server = endpointTab(formOf(config), 'e1');
  const tabs = [startTab(), server, { kind: 'session' as const, id: 'opened', session: 's1' }];
  services.tabs.setState({ tabs, active: server.id });
  const user = renderPart(services, <TabBar />);
  const selected = () => screen.getByRole('tab', { selected: true }).textContent;
  return { ...faked, user, selected };
}

test('each tab has its title, and an opened session is marked as read-only', () => {
  bar('listening');
  expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
    'Start',
    expect.stringMatching(/boiler :5000$/),
    'morning',
  ]);
  within(screen.getByRole('tab', { name: /morning/ })).getByLabelText('read-only');
});

test('a tab whose endpoint is not open yet is named by its role and address', () => {
  const { services } = bar();
  const client = endpointTab(formOf({ ...defaultClient, host: '10.0.0.7', port: 80 }));
  const server = endpointTab(formOf({ ...defaultServer, port: 4001 }));
  const broken = endpointTab({ ...formOf(defaultClient), port: 'x' });
  act(() => services.tabs.setState({ tabs: [client, server, broken], active: client.id }));
  expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/client 10\.0\.0\.7:80$/),
    expect.stringMatching(/server :4001$/),
    expect.stringMatching(/new client$/),
  ]);
});

test('a click activates a tab, the arrow keys go round', async () => {
  const { selected, user } = bar();
  await user.click(screen.getByRole('tab', { name: /morning/ }));
  expect(selected()).toBe('morning');
  await user.keyboard('{ArrowRight}');
  expect(selected()).toBe('Start');
  expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Start' }));
  await user.keyboard('{End}');
  expect(selected()).toBe('morning');
  await user.keyboard('{Home}{ArrowLeft}');
  expect(selected()).toBe('morning');
});

test('New tab goes to the start page that is there, and makes one where there is none', async () => {
  const { selected, services, user } = bar();
  await user.click(screen.getByRole('button', { name: 'New tab' }));
  expect(selected()).toBe('Start');
  expect(screen.getAllByRole('tab')).toHaveLength(3);
  act(() => services.tabs.setState(({ tabs }) => ({ tabs: tabs.slice(1), active: 'opened' })));
  await user.click(screen.getByRole('button', { name: 'New tab' }));
  expect(selected()).toBe('Start');
  expect(screen.getAllByRole('tab')).toHaveLength(3);
});

test('the tab of an opened session closes the session', async () => {
  const { calls, user } = bar();
  await user.click(screen.getByRole('button', { name: 'Close morning' }));
  await waitFor(() => expect(screen.queryByRole('tab', { name: /morning/ })).toBeNull());
  expect(calls).toContainEqual({ name: 'sessions.close', input: { session: 's1' } });
});

test('the tab of a listening server is closed only after a question', async () => {
  const { services, user } = bar('listening');
  await user.click(screen.getByRole('button', { name: /^Close .*boiler/ }));
  expect(services.dialogs.getState().kind).toBe('close-server');
  expect(screen.getAllByRole('tab')).toHaveLength(3);
});

test('the middle button and Delete close a tab, and its neighbour becomes active', async () => {
  const { selected, user } = bar();
  await user.pointer({ keys: '[MouseMiddle]', target: screen.getByRole('tab', { name: 'Start' }) });
  await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(2));
  screen.getByRole('tab', { selected: true }).focus();
  await user.keyboard('{Delete}');
  await waitFor(() => expect(selected()).toBe('morning'));
});
