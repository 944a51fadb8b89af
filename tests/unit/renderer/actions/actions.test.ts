import { describe, expect, test } from 'vitest';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { row } from '#support/recorded-session.ts';
import { actionById, actions } from '../../../../src/renderer/actions/actions.ts';
import { createRepeatPanel } from '../../../../src/renderer/features/composer/send-command.ts';
import { treeActions } from '../../../../src/renderer/features/inspector/tree-actions.ts';
import { endpointItems, socketItems } from '../../../../src/renderer/features/sidebar/sidebar-rows.ts';
import { rowActions } from '../../../../src/renderer/features/traffic/row-actions.ts';
import {
  canRun,
  contextOf,
  createShownNode,
  listed,
  runAction,
  textIn,
} from '../../../../src/renderer/state/action.ts';
import { showEndpoint } from '../../../../src/renderer/state/endpoint-commands.ts';
import { filterOfTab } from '../../../../src/renderer/state/filters.ts';
import { select } from '../../../../src/renderer/state/selection.ts';
import type { Services } from '../../../../src/renderer/state/services.ts';
import { setLayout } from '../../../../src/renderer/state/settings.ts';
import { clientView, endpointView, fakeHost, sessionView, socketView } from '../fake-services.ts';

/** A page whose active tab is that of a client with one connection. */
function client() {
  const host = fakeHost({ 'sockets.reset': () => ok({}), 'sockets.close': () => ok({}) });
  const { services } = host;
  services.live.setState({
    endpoints: new Map([['c', clientView('c', { state: 'connected', socket: 1 })]]),
    sockets: new Map([[1, socketView(1, 'c', { peer: '127.0.0.1:7' })]]),
    sessions: new Map([['s', sessionView('s')]]),
  });
  showEndpoint(services, 'c');
  return { ...host, tab: services.tabs.getState().active };
}

function labels(services: Services): string[] {
  const context = contextOf(services);
  return actions.filter((one) => canRun(one, context)).map(({ label, title }) => textIn(title ?? label, context));
}

describe('the actions of a client', () => {
  test('name the connection that they end', () => {
    expect(labels(client().services)).toEqual(
      expect.arrayContaining([
        'Shut down writing: 127.0.0.1:7',
        'Close: 127.0.0.1:7',
        'Reset: 127.0.0.1:7',
        'Disconnect client',
        'Follow new records',
      ]),
    );
  });

  test('reset its connection', () => {
    const { services, calls } = client();
    runAction(actionById('reset'), services);
    expect(calls).toEqual([{ name: 'sockets.reset', input: { socket: 1 } }]);
  });

  test('follow the end of its traffic', () => {
    const { services, tab } = client();
    const requests: unknown[] = [];
    services.traffic.serve(tab, (request) => requests.push(request));
    runAction(actionById('follow'), services);
    expect(requests).toEqual([{ kind: 'end' }]);
  });
});

describe('the actions of a server', () => {
  function server() {
    const host = fakeHost({ 'sockets.close': () => ok({}) });
    const { services } = host;
    const config = { ...defaultServer, name: 'a' };
    services.live.setState({
      endpoints: new Map([['a', endpointView('a', { config, state: 'listening', peers: 2 })]]),
      sockets: new Map([1, 2].map((id) => [id, socketView(id, 'a', { role: 'accepted', peer: `127.0.0.1:${id}` })])),
      sessions: new Map([['s', sessionView('s')]]),
    });
    showEndpoint(services, 'a');
    return { ...host, tab: services.tabs.getState().active };
  }

  test('do not guess which of several connections to close', () => {
    const { services, calls } = server();
    expect(labels(services).filter((label) => label.startsWith('Close'))).toEqual(['Close tab']);
    runAction(actionById('close'), services);
    expect(calls).toEqual([]);
  });

  test('close the connection of the selected record', () => {
    const { services, calls, tab } = server();
    const record = row(4, { preview: 'x', socket: 2 });
    select(services.selection, tab, { session: 's', row: record, info: undefined });
    runAction(actionById('close'), services);
    expect(calls).toEqual([{ name: 'sockets.close', input: { socket: 2 } }]);
  });
});

test('the actions on a node of a message are offered while one is selected', () => {
  const { services, tab } = client();
  const ids = () => actions.filter((one) => canRun(one, contextOf(services))).map(({ id }) => id);
  expect(ids()).not.toContain('copy-path');
  const node = {
    tab,
    path: '$.a',
    value: () => '1',
    valueFilter: 'json.a == 1',
    placeFilter: undefined,
    use: undefined,
  };
  services.own(createShownNode).node = node;
  expect(ids()).toEqual(expect.arrayContaining(['copy-path', 'copy-value', 'filter-value', 'exclude-value']));
  expect(ids()).not.toContain('filter-field');
  runAction(actionById('exclude-value'), services);
  expect(filterOfTab(services.filters.getState(), tab)).toMatchObject({ text: '!(json.a == 1)', mode: 'filter' });
});

describe('the actions on the selected record', () => {
  const info = { id: 1, role: 'outgoing', transport: 'tcp', endpoint: 'c', name: 'c', local: '', peer: '127.0.0.1:7' };

  function selected(preview = 'x') {
    const host = client();
    const record = { session: 's', row: row(4, { preview, length: preview.length, head: 0, tail: 0, socket: 1 }) };
    select(host.services.selection, host.tab, { ...record, info: { ...info, framing: 'line' } as SocketInfo });
    return host;
  }

  test('are in the list: its bookmark, its filters, and re-framing its stream', () => {
    const { services } = selected();
    expect(labels(services)).toEqual(
      expect.arrayContaining([
        'Toggle bookmark',
        'Re-frame stream of socket 1…',
        'Filter by socket 1',
        'Filter by peer 127.0.0.1:7',
        'Exclude text “x”',
      ]),
    );
    // Those of one cell are only in its menu, and nothing is added to a filter that there is not.
    expect(labels(services).filter((label) => /^And |or later/.test(label))).toEqual([]);
  });

  test('change the filter, and re-frame one stream', () => {
    const { services, tab } = selected();
    runAction(actionById('only-socket'), services);
    runAction(actionById('and-text'), services);
    expect(filterOfTab(services.filters.getState(), tab).text).toBe('socket == 1 && text == "x"');
    runAction(actionById('reframe-stream'), services);
    expect(services.dialogs.getState()).toEqual({ kind: 'reframe', session: 's', socket: 1 });
  });

  test('are not offered without a record', () => {
    const { services } = client();
    expect(labels(services).filter((label) => /bookmark|^Filter by|^Exclude|stream of/.test(label))).toEqual([]);
  });
});

test('every entry of a menu is an action of the list', () => {
  const { services } = client();
  const { endpoints, sockets } = services.live.getState();
  const view = endpoints.get('c');
  const socket = sockets.get(1);
  if (!view || !socket) throw new Error('the client is not open');
  const context = { ...contextOf(services), record: { session: 's', row: row(4, { preview: 'x' }), info: undefined } };
  const entries = [
    ...endpointItems(services, view),
    ...socketItems(services, socket),
    ...listed(rowActions, context),
    ...listed(treeActions, context),
  ];
  const ids = actions.map(({ id }) => id);
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

describe('the actions on a payload', () => {
  test('open the settings of a repeated send, and stop it while it runs', () => {
    const host = fakeHost({ 'jobs.cancel': () => ok({}) });
    const { services } = host;
    services.live.setState({
      endpoints: new Map([['c', clientView('c', { state: 'connected', socket: 1 })]]),
      sockets: new Map([[1, socketView(1, 'c')]]),
    });
    showEndpoint(services, 'c');
    setLayout(services.settings, 'composer.open', false);
    runAction(actionById('repeat'), services);
    expect(services.own(createRepeatPanel).getState().tab).toBe(services.tabs.getState().active);
    expect(services.settings.getState().layout['composer.open']).toBe(true);
    expect(labels(services)).not.toContain('Stop repeating');
    const job: JobView = {
      ...{ kind: 'repeat', id: 'j', endpoint: 'c', state: 'running', elapsedMs: 1 },
      ...{ intervalMs: 1, jitterMs: 0, sent: 0, failed: 0, replies: 0 },
    };
    services.live.setState({ jobs: new Map([['j', job]]) });
    expect(labels(services)).not.toContain('Repeat…');
    runAction(actionById('stop-repeat'), services);
    expect(host.calls).toContainEqual({ name: 'jobs.cancel', input: { job: 'j' } });
  });

  test('are none in the start page', () => {
    const { services } = fakeHost({});
    expect(labels(services).filter((label) => /payload|Send|Repeat/.test(label))).toEqual([]);
  });
});
