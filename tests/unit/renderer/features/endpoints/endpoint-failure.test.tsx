import { act, screen, waitFor } from '@testing-library/react';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, renderTabPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { AddressBar } from '../../../../../src/renderer/features/endpoints/address-bar.tsx';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { openFormTab, showEndpoint } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView, endpointView } from '../../fake-services.ts';

beforeAll(loadParts);

const fingerprint = Array(32).fill('AB').join(':');
const certificate = { subject: 'CN=device', issuer: 'CN=device', fingerprint };
const button = (name: string | RegExp) => screen.getByRole('button', { name });

/** A server or client that was opened once, and failed to. */
async function failing(role: 'server' | 'client', error: ReturnType<typeof fail>, answers: Answers = {}) {
  let attempts = 0;
  const host = endpointHost({
    'endpoints.open': () => {
      attempts += 1;
      return attempts === 1 ? error : ok(endpointView('e1', { state: 'listening', address: '127.0.0.1:12346' }));
    },
    ...answers,
  });
  openFormTab(host.services, role);
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  await user.click(button(role === 'server' ? 'Launch' : 'Connect'));
  await screen.findByText(error.error.message);
  return { ...host, user };
}

describe('what did not open', () => {
  test('on a port in use opens on a free one at a click', async () => {
    const inUse = fail('address-in-use', 'Could not listen on 127.0.0.1:12345', { freePort: 12_346 });
    const { user, ...host } = await failing('server', inUse);
    await user.click(button('Use port 12346'));
    await screen.findByRole('button', { name: 'Stop' });
    expect(inputsOf(host, 'endpoints.update')).toMatchObject([{ id: 'e1', config: { port: 12_346 } }]);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('offers no port where none is known', async () => {
    await failing('server', fail('access-denied', 'Could not listen on 127.0.0.1:80'));
    expect(screen.queryByRole('button', { name: /^Use port/ })).toBeNull();
  });

  test('says so until it is dismissed', async () => {
    const { user } = await failing('client', fail('refused', 'Could not connect'));
    await user.click(button('Dismiss'));
    expect(screen.queryByText('Could not connect')).toBeNull();
  });

  test('because of a certificate connects once that is trusted', async () => {
    const { user, ...host } = await failing('client', fail('certificate', 'Not trusted', { certificate }));
    expect(screen.getByText(fingerprint)).toBeTruthy();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Transport' }), 'TLS');
    await user.click(button('Trust this certificate'));
    await waitFor(() => expect(inputsOf(host, 'endpoints.open')).toHaveLength(2));
    expect(inputsOf(host, 'endpoints.update')).toMatchObject([{ config: { tls: { trusted: [fingerprint] } } }]);
  });

  test('because it was disconnected meanwhile is no failure', async () => {
    const host = endpointHost({ 'endpoints.open': () => fail('cancelled', 'Connecting was cancelled') });
    openFormTab(host.services, 'client');
    const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
    await user.click(button('Connect'));
    await waitFor(() => expect(inputsOf(host, 'endpoints.open')).toHaveLength(1));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('why a connection was lost', () => {
  const { error } = fail('reset', 'The peer reset the connection');

  function shown(state: 'waiting' | 'connected' | 'reset') {
    const { services } = endpointHost();
    show(services, { endpoints: [clientView('e1', { state, error, config: { ...defaultClient } })] });
    showEndpoint(services, 'e1');
    renderTabPart(services, (tab) => <AddressBar tab={tab} />);
  }

  test.each(['reset', 'waiting'] as const)('is shown while the client is %s, and cannot be dismissed', (state) => {
    shown(state);
    expect(screen.getByText(error.message)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull();
  });

  test('is not shown once it is connected again', () => {
    shown('connected');
    expect(screen.queryByText(error.message)).toBeNull();
  });
});

describe('closing the tab of a server that listens', () => {
  function asked() {
    const view = endpointView('e1', { state: 'listening', address: '127.0.0.1:12345', peers: 2 });
    const host = endpointHost({}, view);
    show(host.services, { endpoints: [view] });
    showEndpoint(host.services, 'e1');
    const { active } = host.services.tabs.getState();
    const user = renderPart(host.services, <Dialogs />);
    act(() => showDialog(host.services.dialogs, { kind: 'close-server', tab: active }));
    const made = () => host.calls.map(({ name }) => name).filter((name) => name.startsWith('endpoints.'));
    const kinds = () => host.services.tabs.getState().tabs.map(({ kind }) => kind);
    return { user, made, kinds };
  }

  test('asks first, and says whom it concerns', () => {
    asked();
    expect(screen.getByRole('dialog', { name: 'This server is listening' }).textContent).toContain(
      '127.0.0.1:12345 with 2 peers',
    );
  });

  test('changes nothing where it is cancelled', async () => {
    const { user, made, kinds } = asked();
    await user.click(button('Cancel'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect([made(), kinds()]).toEqual([[], ['endpoint']]);
  });

  test('keeps it running without its tab', async () => {
    const { user, made, kinds } = asked();
    await user.click(button('Keep running'));
    expect([made(), kinds()]).toEqual([[], ['start']]);
  });

  test('stops it, and then forgets it with its tab', async () => {
    const { user, made, kinds } = asked();
    await user.click(button('Stop server and close tab'));
    await waitFor(() => expect(made()).toEqual(['endpoints.close', 'endpoints.remove']));
    expect(kinds()).toEqual(['start']);
  });
});
