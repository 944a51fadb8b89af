import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Sample } from '#shared/contract/models.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { fill, newOptions, openOptions, option, updates } from '#support/options-panel.tsx';
import { renderTabPart } from '#support/render.tsx';
import { AddressBar } from '../../../../../src/renderer/features/endpoints/address-bar.tsx';
import { changeForm, openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { endpointView } from '../../fake-services.ts';

describe('a server’s reply', () => {
  const samples: Sample[] = [
    { name: 'data.json', format: 'json', text: '{}' },
    { name: 'order.xml', format: 'xml', text: '<a/>' },
  ];

  async function replyOptions() {
    const made = await newOptions('server', {
      'samples.list': () => ok(samples),
      'dialogs.open': () => ok({ file: readHandle('mine.json') }),
    });
    await made.user.selectOptions(option('Behaviour'), 'reply-file');
    await screen.findByRole('option', { name: 'order.xml' });
    const path = () => {
      const tab = activeTab(made.services.tabs.getState());
      return tab?.kind === 'endpoint' ? tab.form['behaviour.path'] : undefined;
    };
    return { ...made, path };
  }

  test('is a sample that is chosen by its name', async () => {
    const { user, path } = await replyOptions();
    await user.selectOptions(option('File'), 'order.xml');
    expect(path()).toBe('sample:order.xml');
    expect(screen.queryByLabelText('Custom file')).toBeNull();
  });

  test('is a file of the user’s that is chosen, and until then it is missing', async () => {
    const { user, path } = await replyOptions();
    await user.selectOptions(option('File'), 'Custom file');
    expect(path()).toBe('');
    expect(option('Custom file').value).toBe('');
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Launch' }));
    await user.click(screen.getByRole('button', { name: 'Options, 1 to correct' }));
    screen.getByText('Select a file');
    await user.click(screen.getByRole('button', { name: 'Select Custom file' }));
    await waitFor(() => expect(option('Custom file').value).toBe('mine.json'));
    expect(path()).toBe(readHandle('mine.json'));
    expect(screen.queryByText('Select a file')).toBeNull();
  });
});

describe('an option that is a file', () => {
  async function tlsOptions(...files: (string | null)[]) {
    const made = endpointHost({ 'dialogs.open': () => ok({ file: files.shift() ?? null }) });
    openFormTab(made.services, 'server');
    changeForm(made.services, made.services.tabs.getState().active, { transport: 'tls' });
    const user = renderTabPart(made.services, (tab) => <AddressBar tab={tab} />);
    await user.click(screen.getByRole('button', { name: 'Options' }));
    const choose = () => user.click(screen.getByRole('button', { name: 'Select Certificate' }));
    return { user, choose };
  }

  test('is chosen in a dialog, shown by its name, and cleared with a button', async () => {
    const { user, choose } = await tlsOptions(readHandle('server.pem'));
    expect(screen.queryByRole('button', { name: 'Clear Certificate' })).toBeNull();
    await choose();
    await waitFor(() => expect(option('Certificate').value).toBe('server.pem'));
    await user.click(screen.getByRole('button', { name: 'Clear Certificate' }));
    expect(option('Certificate').value).toBe('');
  });

  test('stays as it is where none is chosen', async () => {
    const { choose } = await tlsOptions(readHandle('a.pem'), null);
    await choose();
    await waitFor(() => expect(option('Certificate').value).toBe('a.pem'));
    await choose();
    expect(option('Certificate').value).toBe('a.pem');
  });

  test('is never typed', async () => {
    const { user } = await tlsOptions();
    await user.type(option('Certificate'), '/etc/shadow');
    expect(option('Certificate').value).toBe('');
    expect(option('Certificate').readOnly).toBe(true);
  });
});

describe('the passphrase of a key', () => {
  const secretView = (state: 'closed' | 'listening') => {
    const tls = { certificate: readHandle('a.pem'), key: readHandle('a.pem'), passphraseSet: true };
    return endpointView('e1', { state, config: createConfig('server', 'tls', { tls }) });
  };
  async function openSecret() {
    const { user, ...host } = await openOptions({}, secretView('closed'));
    const launch = async () => {
      await user.keyboard('{Escape}');
      await user.click(screen.getByRole('button', { name: 'Launch' }));
    };
    return { ...host, user, launch };
  }
  const field = () => option('Passphrase of the key');

  test('is shown as set, and another option that is edited keeps it', async () => {
    const { user, launch, ...host } = await openSecret();
    expect(field().value).toBe('');
    expect(field().placeholder).toBe('set: type to replace it');
    await fill(user, option('Backlog'), '7');
    await launch();
    expect(updates(host)).toMatchObject([{ config: { backlog: 7, tls: { passphrase: '', passphraseSet: true } } }]);
  });

  test('is replaced by what is typed, which the form does not keep', async () => {
    const { user, launch, services, ...host } = await openSecret();
    await fill(user, field(), 'another');
    expect(field().type).toBe('password');
    await launch();
    expect(updates(host)).toMatchObject([{ config: { tls: { passphrase: 'another' } } }]);
    expect(screen.queryByDisplayValue('another')).toBeNull();
  });

  test('is cleared with a button', async () => {
    const { user, launch, ...host } = await openSecret();
    await user.click(screen.getByRole('button', { name: 'Clear Passphrase of the key' }));
    expect(field().placeholder).toBe('not set');
    expect(screen.queryByRole('button', { name: 'Clear Passphrase of the key' })).toBeNull();
    await launch();
    expect(updates(host)).toMatchObject([{ config: { tls: { passphrase: '', passphraseSet: false } } }]);
  });
});

describe('the headers of a WebSocket client', () => {
  async function webSocketOptions(headers: string) {
    const made = await newOptions('client');
    act(() => changeForm(made.services, made.services.tabs.getState().active, { transport: 'ws' }));
    await fill(made.user, option('Request headers'), headers);
    await fill(made.user, option('Origin'), 'https://example.org');
    await made.user.keyboard('{Escape}');
    await made.user.click(screen.getByRole('button', { name: 'Connect' }));
    return made;
  }

  test('are a list, one a line, and go into what is created', async () => {
    const host = await webSocketOptions('Authorization: Bearer abc\n\nCookie: a=1, b\n');
    const ws = { headers: ['Authorization: Bearer abc', 'Cookie: a=1, b'], origin: 'https://example.org' };
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ transport: 'ws', ws }]);
  });

  test('that are wrong are not sent, and say why', async () => {
    const { user, ...host } = await webSocketOptions('Upgrade: h2c');
    expect(inputsOf(host, 'endpoints.create')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Options, 1 to correct' }));
    expect(screen.getByRole('alert').textContent).toBe('Upgrade is set by the handshake');
  });

  test('are no option of a server', async () => {
    const { services } = await newOptions('server');
    act(() => changeForm(services, services.tabs.getState().active, { transport: 'ws' }));
    expect(screen.queryByLabelText('Request headers')).toBeNull();
  });
});
