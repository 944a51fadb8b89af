import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { row } from '#support/recorded-session.ts';
import { runAction } from '../../../../src/renderer/actions/action.ts';
import { actionById, actions } from '../../../../src/renderer/actions/actions.ts';
import { canRun, contextOf, createShownNode, textIn } from '../../../../src/renderer/state/action.ts';
import { showEndpoint } from '../../../../src/renderer/state/endpoint-commands.ts';
import { filterOfTab } from '../../../../src/renderer/state/filters.ts';
import { select } from '../../../../src/renderer/state/selection.ts';
import type { Services } from '../../../../src/renderer/state/services.ts';
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
