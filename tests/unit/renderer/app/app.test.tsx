import { act, render, screen } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { show } from '#support/render.tsx';
import { App } from '../../../../src/renderer/app/app.tsx';
import { loadParts } from '../../../../src/renderer/app/lazy-parts.tsx';
import { endpointView, fakeHost } from '../fake-services.ts';

beforeAll(loadParts);

function app() {
  const { services } = fakeHost({ 'sessions.stored': () => ok({ sessions: [], folder: '' }) });
  render(<App services={services} />);
  return services;
}

test('before the engine has answered the page waits, and its toolbar takes nothing', () => {
  app();
  screen.getByText('Connecting to the engine…');
  expect(screen.getByText('Launch server').closest('[inert]')).not.toBeNull();
});

test('the page appears once the engine’s state and the settings are there', async () => {
  const services = app();
  act(() => services.settings.setState({ loaded: true }));
  screen.getByText('Connecting to the engine…');
  act(() => show(services, {}));
  expect(screen.queryByText('Connecting to the engine…')).toBeNull();
  screen.getByRole('tab', { name: 'Start' });
});

test('a connection that is lost is reported until it is back, and the page stays', () => {
  const services = app();
  act(() => show(services, {}));
  act(() => services.live.setState({ connection: 'lost' }));
  expect(screen.getByRole('alert').textContent).toMatch(/lost/);
  screen.getByRole('tab', { name: 'Start' });
  act(() => services.live.setState({ connection: 'open' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a connection that is lost greys the states, and the banner says that the address may be another one', () => {
  const services = app();
  act(() => services.settings.setState({ loaded: true }));
  act(() => show(services, { endpoints: [endpointView('e1', { state: 'listening' })] }));
  const page = screen.getByRole('navigation', { name: 'Endpoints' }).closest('[class*="app"]');
  act(() => services.live.setState({ connection: 'lost' }));
  expect(screen.getByRole('alert').textContent).toMatch(/If Wirebench was restarted, open the address that it printed/);
  expect(page?.className).toMatch(/stale/);
  screen.getByText('not connected to the engine');
  act(() => services.live.setState({ connection: 'open' }));
  expect(page?.className).not.toMatch(/stale/);
});

test('a token that is not valid is reported with what to do', () => {
  const services = app();
  act(() => services.live.setState({ connection: 'refused' }));
  expect(screen.getByRole('alert').textContent).toMatch(/token is not valid.*Open the address/);
});
