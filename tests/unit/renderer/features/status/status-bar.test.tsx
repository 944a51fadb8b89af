import { act, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { SessionView } from '#shared/contract/models.ts';
import { renderPart, show } from '#support/render.tsx';
import { StatusBar } from '../../../../../src/renderer/features/status/status-bar.tsx';
import { fakeHost, sessionView, socketView } from '../../fake-services.ts';

function bar(session?: Partial<SessionView>) {
  const { services } = fakeHost({});
  show(services, { sessions: session ? [sessionView('s1', { name: 'morning', ...session })] : [] });
  renderPart(services, <StatusBar />);
  return services;
}

test('the bar has the name, records, bytes, rate and problems of the recording', () => {
  bar({ total: 1_200, bytes: 45_000, rate: 30, problems: 1, path: '/sessions/morning.wirebench' });
  expect(screen.getByText('recording morning').title).toBe('/sessions/morning.wirebench');
  screen.getByText(/^1\s200 records$/);
  screen.getByText('45.0 KB');
  screen.getByText('30 msg/s');
  screen.getByText('1 problem');
});

test('bytes of messages that are not complete are counted, too', () => {
  const services = bar({ bytes: 100 });
  const incomplete = { bytes: 58, missing: 91, overdue: false };
  act(() =>
    show(services, { sessions: [sessionView('s1', { bytes: 100 })], sockets: [socketView(7, 'e1', { incomplete })] }),
  );
  expect(screen.getByText('158 B').title).toBe('includes 58 B of incomplete messages');
});

test('a recording that failed is called so', () => {
  bar({ state: 'failed' });
  screen.getByText('recording failed: morning');
});

test('without a recording the bar says so', () => {
  bar();
  screen.getByText('not recording');
});

test('an opened session is no recording', () => {
  bar({ state: 'read-only' });
  screen.getByText('not recording');
});

test.each([
  ['connecting', 'connecting to the engine'],
  ['lost', 'not connected to the engine'],
] as const)('a connection that is %s is shown in place of the recording', (connection, said) => {
  const services = bar({});
  act(() => services.live.setState({ connection }));
  screen.getByText(said);
  expect(screen.queryByText('recording morning')).toBeNull();
});

test('the bar has the host, its runtime and the version', () => {
  const services = bar();
  const app = { version: '0.1.0', host: 'electron', platform: 'linux', runtime: 'Electron 45.4.1', home: '/' } as const;
  act(() => services.live.setState({ app }));
  screen.getByText('desktop · Electron 45.4.1 · 0.1.0');
});

test('the rate is drawn once a second, and not before there was one', () => {
  vi.useFakeTimers();
  const services = bar({ rate: 0 });
  const line = () => screen.getByLabelText(/^Messages\/s/).innerHTML;
  const flat = line();
  act(() => vi.advanceTimersByTime(3_000));
  expect(line()).toBe(flat);
  act(() => show(services, { sessions: [sessionView('s1', { rate: 50 })] }));
  expect(line()).toBe(flat);
  act(() => vi.advanceTimersByTime(1_000));
  expect(line()).not.toBe(flat);
});
