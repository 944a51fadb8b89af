import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { ProgramView, SocketView } from '#shared/contract/models.ts';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { TabBar } from '../../../../../src/renderer/app/tab-bar.tsx';
import { applyEvent } from '../../../../../src/renderer/bridge/live-store.ts';
import { Sidebar } from '../../../../../src/renderer/features/sidebar/sidebar.tsx';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { clientView, endpointView, socketView } from '../../fake-services.ts';

const server: ProgramView = {
  id: 'program-4711',
  name: 'server.py (4711)',
  pid: 4_711,
  command: ['python3', 'server.py'],
  state: 'running',
  sockets: 1,
  connections: [],
  waitsIn: 'accept',
};

function shown(programs: readonly ProgramView[]) {
  const host = endpointHost({ 'programs.clear': () => ok({}) });
  show(host.services, { programs });
  const user = renderPart(
    host.services,
    <>
      <TabBar />
      <Sidebar />
    </>,
  );
  return { ...host, user };
}

const bar = () => within(screen.getByRole('navigation', { name: 'Endpoints' }));

describe('the programs in the side bar', () => {
  test('without one show the command that traces a program, to copy', async () => {
    const { user } = shown([]);
    bar().getByRole('heading', { name: 'Programs' });
    bar().getByText('wirebench trace -- python3 server.py');
    await user.click(bar().getByRole('button', { name: 'Copy command' }));
    await bar().findByRole('button', { name: 'Copied' });
    expect(await navigator.clipboard.readText()).toBe('wirebench trace -- python3 server.py');
  });

  test('show the call that a program waits in, else the number of its sockets', () => {
    const { services } = shown([server]);
    bar().getByText('waits in accept()');
    expect(bar().queryByText('wirebench trace -- python3 server.py')).toBeNull();
    const change = (view: ProgramView) =>
      act(() =>
        services.live.setState((state) => applyEvent(state, { kind: 'programs', changed: [view], removed: [] })),
      );
    change({ ...server, waitsIn: '', sockets: 2 });
    bar().getByText('2 sockets');
    change({ ...server, waitsIn: '', sockets: 0 });
    bar().getByText('running');
  });

  test('open the tab of a program once, which is named after it', async () => {
    const { user, services } = shown([server]);
    const row = bar().getByTitle(/server\.py \(4711\): waits in accept\(\)/);
    await user.click(row);
    await user.click(row);
    expect(services.tabs.getState().tabs).toMatchObject([{ kind: 'program', program: 'program-4711' }]);
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'program', name: 'server.py (4711)' });
    screen.getByRole('tab', { name: 'program server.py (4711)' });
  });

  test('that have ended come last, and are removed on request', async () => {
    const client: ProgramView = {
      ...server,
      id: 'program-4712',
      name: 'client.py (4712)',
      state: 'ended',
      waitsIn: '',
    };
    const host = shown([client, server]);
    const names = bar()
      .getAllByText(/\.py \(47/)
      .map(({ textContent }) => textContent);
    expect(names).toEqual(['server.py (4711)', 'client.py (4712)']);
    await host.user.click(bar().getByRole('button', { name: 'Remove ended' }));
    expect(inputsOf(host, 'programs.clear')).toEqual([{}]);
  });
});

describe('the other end of a connection', () => {
  const peer = socketView(11, 'e1', { local: '127.0.0.1:4000', peer: '127.0.0.1:50011' });

  function shownWith(programs: readonly ProgramView[], others: readonly SocketView[] = []) {
    const host = endpointHost();
    const endpoints = [endpointView('e1', { state: 'listening' }), clientView('c', { socket: 12, state: 'connected' })];
    show(host.services, { endpoints, sockets: [peer, ...others], programs });
    return { ...host, user: renderPart(host.services, <Sidebar />) };
  }

  test('of a peer that is a traced program is one click away', async () => {
    const client: ProgramView = {
      ...server,
      ...{ id: 'program-4712', name: 'client.py (4712)' },
      connections: [{ local: '127.0.0.1:50011', peer: '127.0.0.1:4000' }],
    };
    const { services, user } = shownWith([server, client]);
    await user.click(bar().getByRole('button', { name: 'Other end: client.py (4712)' }));
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'program', program: 'program-4712' });
  });

  test('of a server and a client of Wirebench is the other one', async () => {
    const own = socketView(12, 'c', { role: 'outgoing', local: '127.0.0.1:50011', peer: '127.0.0.1:4000' });
    const { services, user } = shownWith([], [own]);
    const buttons = bar().getAllByRole('button', { name: /^Other end: / });
    expect(buttons).toHaveLength(2);
    if (buttons[0]) await user.click(buttons[0]);
    expect(activeTab(services.tabs.getState())).toMatchObject({ kind: 'endpoint', endpoint: 'c' });
  });

  test('that nobody here has is not shown', () => {
    shownWith([server]);
    expect(bar().queryByRole('button', { name: /^Other end/ })).toBeNull();
  });
});
