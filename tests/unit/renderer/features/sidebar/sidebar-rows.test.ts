import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { StateWord } from '#shared/socket/state.ts';
import { clientConfig, serverConfig } from '#support/config.ts';
import { tabTitle } from '../../../../../src/renderer/app/tab-bar.tsx';
import {
  type Folding,
  type SidebarRowData,
  sidebarRows,
} from '../../../../../src/renderer/features/sidebar/sidebar-rows.ts';
import { formOf, labelOf, titleOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { clientView, endpointView, socketView } from '../../fake-services.ts';

const folded = (collapsed: string[] = [], unfolded: string[] = []): Folding => ({
  collapsed: new Set(collapsed),
  unfolded: new Set(unfolded),
});

/** The rows of a server `s` with these peers, by number. */
function rowsWith(sockets: readonly SocketView[], folding = folded()): SidebarRowData[] {
  const byId = new Map(sockets.map((socket) => [socket.id, socket]));
  return sidebarRows(new Map([['s', endpointView('s')]]), byId, folding);
}

const peersIn = (rows: readonly SidebarRowData[]): (number | string)[] =>
  rows.flatMap<number | string>((row) =>
    row.kind === 'peer' ? [row.socket.id] : row.kind === 'ended' ? [`+${row.count}`] : [],
  );
const ended = (id: number, state: StateWord = 'closed') => socketView(id, 's', { state });

describe('the side bar', () => {
  test('lists servers with their peers, then clients', () => {
    const endpoints = new Map([
      ['c', clientView('c')],
      ['s', endpointView('s')],
    ]);
    const sockets = new Map([
      [1, socketView(1, 's', { role: 'listener' })],
      [2, socketView(2, 's')],
      [3, socketView(3, 'c', { role: 'outgoing' })],
    ]);
    const kinds = (collapsed: string[]) => sidebarRows(endpoints, sockets, folded(collapsed)).map(({ kind }) => kind);
    expect(kinds([])).toEqual(['heading', 'endpoint', 'peer', 'heading', 'endpoint']);
    expect(kinds(['s'])).toEqual(['heading', 'endpoint', 'heading', 'endpoint']);
    expect(sidebarRows(new Map(), new Map(), folded()).map(({ kind }) => kind)).toEqual([
      'heading',
      'empty',
      'heading',
      'empty',
    ]);
  });

  test('shows who is connected first, then the last three that ended, and how many ended before', () => {
    const sockets = [ended(1), socketView(2, 's'), ended(3, 'reset'), ended(4, 'failed'), ended(5), socketView(6, 's')];
    expect(peersIn(rowsWith(sockets))).toEqual([2, 6, 5, 4, 3, '+1']);
    expect(peersIn(rowsWith(sockets, folded([], ['s'])))).toEqual([2, 6, 5, 4, 3, '+1', 1]);
    expect(peersIn(rowsWith(sockets.slice(1)))).toEqual([2, 6, 5, 4, 3]);
    expect(peersIn(rowsWith(sockets, folded(['s'])))).toEqual([]);
  });

  test('counts those that ended for the menu of their server', () => {
    const [, row] = rowsWith([ended(1), ended(2), socketView(3, 's')]);
    expect(row).toMatchObject({ kind: 'endpoint', ended: 2 });
  });

  test('grows by few rows however many have ended, and hides none that is connected', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<StateWord>('connected', 'half-closed', 'closed', 'reset')), (states) => {
        const sockets = states.map((state, id) => ended(id, state));
        const shown = peersIn(rowsWith(sockets));
        const live = sockets.filter(({ state }) => state === 'connected' || state === 'half-closed');
        expect(shown.slice(0, live.length)).toEqual(live.map(({ id }) => id));
        expect(shown.length).toBeLessThanOrEqual(live.length + 4);
        const all = peersIn(rowsWith(sockets, folded([], ['s'])));
        expect(all.filter((id) => typeof id === 'number').sort()).toEqual(sockets.map(({ id }) => id).sort());
      }),
    );
  });
});

describe('the title of an endpoint', () => {
  const server = (change: object, address = '') => endpointView('s', { config: serverConfig({ ...change }), address });
  const client = (change: object, address = '') => endpointView('c', { config: clientConfig({ ...change }), address });
  const tab = (view: EndpointView) => tabTitle(endpointTab(formOf(view.config), view.id), view, undefined);

  test.each([
    ['a server on loopback', server({}), ':12345', 'server :12345'],
    ['a server that the system gave a port', server({ port: 0 }, '127.0.0.1:40001'), ':40001', 'server :40001'],
    ['a server for all', server({ host: '0.0.0.0' }, '0.0.0.0:80'), '0.0.0.0:80', 'server 0.0.0.0:80'],
    ['a client', client({}, '127.0.0.1:12345'), '127.0.0.1:12345', 'client 127.0.0.1:12345'],
    [
      'a client by name',
      client({ transport: 'tls', host: 'example', port: 443 }, '192.0.2.7:443'),
      'tls example:443',
      'client tls example:443',
    ],
    ['an IPv6 client', client({ host: '::1', port: 9 }), '[::1]:9', 'client [::1]:9'],
    ['a UDP server', server({ transport: 'udp' }, '127.0.0.1:5353'), 'udp :5353', 'server udp :5353'],
    [
      'a WebSocket client',
      client({ transport: 'ws', ws: { path: '/chat' } }),
      'ws 127.0.0.1:12345/chat',
      'client ws 127.0.0.1:12345/chat',
    ],
  ])('%s is what it is made of', (_what, view, title, label) => {
    expect(Object.values(titleOf(view)).filter(Boolean).join(' ')).toBe(title);
    expect(labelOf(view)).toBe(label);
    expect(tab(view)).toBe(title);
  });

  test('is the name that a person gave, with the port', () => {
    const named = server({ name: 'echo', transport: 'tls' }, '127.0.0.1:40001');
    expect(titleOf(named)).toEqual({ name: 'echo', address: ':40001' });
    expect(labelOf(named)).toBe('echo :40001');
    expect(tab(client({ name: 'boiler', host: 'plc.lan', port: 502 }, '192.0.2.7:502'))).toBe('boiler :502');
  });

  test('of a local socket is its path, on a tab the end of that', () => {
    const local = server({ transport: 'local', path: '/run/app/control.sock' });
    expect(titleOf(local)).toEqual({ name: '', address: '/run/app/control.sock' });
    expect(tab(local)).toBe('control.sock');
    expect(tab(client({ transport: 'local', path: '\\\\.\\pipe\\wirebench' }))).toBe('wirebench');
  });

  test('leaves the name in the form empty where nobody gave one', () => {
    expect(formOf(defaultServer).name).toBe('');
    expect(formOf({ ...defaultServer, name: 'echo' }).name).toBe('echo');
  });
});
