import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Sample, SystemOption } from '#shared/contract/models.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { renderTabPart, show } from '#support/render.tsx';
import { changeForm, openFormTab, showEndpoint } from '../../../../../src/renderer/client/endpoint-commands.ts';
import { activeTab } from '../../../../../src/renderer/client/tabs-store.ts';
import { AddressBar } from '../../../../../src/renderer/features/endpoints/address-bar.tsx';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, endpointView } from '../../fake-services.ts';

const overTcp: SystemOption['over'] = ['tcp', 'tls', 'ws', 'wss'];
const systemOptions: SystemOption[] = [
  { name: 'SO_LINGER', value: 'off', unavailable: 'Node has no way to set it', over: overTcp },
  { name: 'IP_TOS', value: '0', unavailable: '', over: [...overTcp, 'udp'] },
  { name: 'exclusive', value: 'true', unavailable: '' },
  { name: 'backlog', value: 'at most 4096', unavailable: '' },
  { name: 'bind.reusePort', value: '', unavailable: 'this system has no SO_REUSEPORT' },
];
const system: Answers = { 'system.options': () => ok({ options: systemOptions }) };

/** The options of a new server or client, opened. */
async function newOptions(role: 'server' | 'client', answers: Answers = system) {
  const host = endpointHost(answers);
  openFormTab(host.services, role);
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  await user.click(screen.getByRole('button', { name: 'Options' }));
  return { ...host, user };
}

/** The options of a server that listens, opened. */
async function openOptions(answers: Answers = {}) {
  const view = endpointView('e1', { state: 'listening', address: '127.0.0.1:12345' });
  const host = endpointHost(answers, view);
  show(host.services, { endpoints: [view] });
  showEndpoint(host.services, 'e1');
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  await user.click(screen.getByRole('button', { name: 'Options' }));
  return { ...host, user };
}

type User = Awaited<ReturnType<typeof newOptions>>['user'];

const option = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const search = () => screen.getByLabelText<HTMLInputElement>('Search options');
const updates = (host: Parameters<typeof inputsOf>[0]) => inputsOf(host, 'endpoints.update');

/** Puts `text` into a field in one go: each key would draw all of the options. */
async function fill(user: User, field: HTMLElement, text: string): Promise<void> {
  await user.clear(field);
  await user.paste(text);
}

const find = (user: User, text: string) => fill(user, search(), text);

describe('the search over the options', () => {
  test('takes the focus as soon as the options are open', async () => {
    await newOptions('server');
    expect(document.activeElement).toBe(search());
  });

  test.each([
    ['its name in the system', 'SO_KEEPALIVE', 'Keep-alive probes (SO_KEEPALIVE)'],
    ['its help', 'wait for accept()', 'Backlog'],
    ['its other names', 'listen queue', 'Backlog'],
    ['one of its choices', 'only receive', 'Behaviour'],
  ])('finds an option by %s', async (_what, text, name) => {
    const { user } = await newOptions('server');
    await find(user, text);
    expect(option(name)).toBeTruthy();
    expect(screen.queryByLabelText('Maximum connections')).toBeNull();
  });

  test('says of an option that does not apply which it is, and that it does not', async () => {
    const { user } = await newOptions('server');
    await find(user, 'SNI');
    expect(screen.queryByLabelText('Server name (SNI)')).toBeNull();
    expect(screen.getByText(/^“Server name \(SNI\)” \(TLS\) does not apply to this server/)).toBeTruthy();
  });

  test('finds an option where the transport has it', async () => {
    const { user } = await newOptions('server');
    await user.keyboard('{Escape}');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Transport' }), 'tls');
    await user.click(screen.getByRole('button', { name: 'Options' }));
    await find(user, 'mTLS');
    expect(option('Client certificates')).toBeTruthy();
  });

  test('says that there is no option for what nothing has in its name', async () => {
    const { user } = await newOptions('server');
    await find(user, 'flux');
    expect(screen.getByText(/“flux”/)).toBeTruthy();
    expect(screen.queryByRole('heading')).toBeNull();
  });
});

describe('an option', () => {
  test('that is wrong is counted on the button and says there why, when the server is launched', async () => {
    const { user, ...host } = await newOptions('server');
    await find(user, 'first byte');
    const time = screen.getByLabelText(/First-byte/);
    await fill(user, time, 'soon');
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Launch' }));
    await user.click(screen.getByRole('button', { name: 'Options, 1 to correct' }));
    expect(screen.getByRole('alert').textContent).toBe('First-byte timeout (ms) must be 0–86400000');
    expect(inputsOf(host, 'endpoints.create')).toEqual([]);
  });

  test('says what holds here where nothing is set', async () => {
    await newOptions('server');
    expect(await screen.findByText(/^Default: at most 4096/)).toBeTruthy();
  });

  test('that this system does not have is disabled and says why', async () => {
    await newOptions('server');
    expect(await screen.findByText(/this system has no SO_REUSEPORT/)).toBeTruthy();
    expect(option('Share the port (SO_REUSEPORT)').disabled).toBe(true);
  });

  test('goes into what is created', async () => {
    const { user, ...host } = await newOptions('server');
    await find(user, 'backlog');
    await fill(user, option('Backlog'), '7');
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Launch' }));
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ backlog: 7 }]);
  });

  test('is offered only where another one asks for it', async () => {
    const { user } = await newOptions('client');
    expect(screen.queryByLabelText('Maximum attempts')).toBeNull();
    await user.selectOptions(option('When the connection is lost'), 'fixed');
    expect(option('Maximum attempts')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Options' }).textContent).toContain('reconnects');
  });
});

describe('what cannot be set', () => {
  const facts = () =>
    within(screen.getByRole('region', { name: 'Not configurable' }))
      .getAllByRole('term')
      .map(({ textContent }) => textContent);

  test.each([
    ['tcp', ['SO_LINGER', 'IP_TOS', 'exclusive']],
    ['udp', ['IP_TOS', 'exclusive']],
    ['local', ['exclusive']],
  ] as const)('is listed for %s where its sockets have it', async (transport, names) => {
    const { services } = await newOptions('server');
    act(() => changeForm(services, services.tabs.getState().active, { transport }));
    await waitFor(() => expect(facts()).toEqual(names));
  });

  test('is said not to apply where the transport does not have it', async () => {
    const { user, services } = await newOptions('server');
    act(() => changeForm(services, services.tabs.getState().active, { transport: 'local' }));
    await find(user, 'so_linger');
    expect(await screen.findByText(/^SO_LINGER does not apply to this server/)).toBeTruthy();
  });

  test('says what holds and why', async () => {
    await newOptions('server');
    expect((await screen.findByText('Node has no way to set it')).closest('dd')?.textContent).toMatch(/^off/);
  });
});

describe('the options of a server that listens', () => {
  test('are locked where the socket was given them, which is said', async () => {
    await openOptions();
    expect(option('Backlog').disabled).toBe(true);
    expect(option('Name').disabled).toBe(false);
    expect(screen.getByText(/stop the server to change them/)).toBeTruthy();
  });

  test('are applied at once where a choice is made', async () => {
    const { user, ...host } = await openOptions();
    await user.selectOptions(option('Behaviour'), 'echo');
    expect(updates(host)).toMatchObject([{ id: 'e1', config: { behaviour: { kind: 'echo' } } }]);
  });

  test('are applied at once where a file is selected, and not before', async () => {
    const { user, ...host } = await openOptions({
      'samples.list': () => ok([]),
      'dialogs.open': () => ok({ file: readHandle('mine.json') }),
    });
    await user.selectOptions(option('Behaviour'), 'reply-file');
    const before = updates(host).length;
    await user.selectOptions(option('File'), 'Custom file');
    expect(updates(host)).toHaveLength(before);
    await user.click(screen.getByRole('button', { name: 'Select Custom file' }));
    const behaviour = { kind: 'reply-file', path: readHandle('mine.json') };
    await waitFor(() => expect(updates(host).at(-1)).toMatchObject({ config: { behaviour } }));
  });

  test('are applied with Enter where they are typed, and not before', async () => {
    const { user, ...host } = await openOptions();
    await fill(user, option('Name'), 'boiler');
    expect(updates(host)).toEqual([]);
    await user.keyboard('{Enter}');
    expect(updates(host)).toMatchObject([{ config: { name: 'boiler' } }]);
  });

  test('are applied when the field is left', async () => {
    const { user, ...host } = await openOptions();
    await fill(user, option('Name'), 'boiler');
    await user.tab();
    expect(updates(host)).toMatchObject([{ config: { name: 'boiler' } }]);
  });

  test('are applied once when the panel is closed', async () => {
    const { user, ...host } = await openOptions();
    await fill(user, option('Name'), 'boiler');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await waitFor(() => expect(updates(host)).toMatchObject([{ config: { name: 'boiler' } }]));
  });

  test('keep what is typed while others are applied', async () => {
    const answered = Promise.withResolvers<void>();
    const { user, ...host } = await openOptions({
      'endpoints.update': async ({ config }) => {
        await answered.promise;
        return ok(endpointView('e1', { state: 'listening', address: '127.0.0.1:12345', config }));
      },
    });
    await user.selectOptions(option('Behaviour'), 'echo');
    await fill(user, option('Name'), 'boiler');
    answered.resolve();
    await waitFor(() => expect(option('Behaviour').value).toBe('echo'));
    expect(option('Name').value).toBe('boiler');
    await user.keyboard('{Enter}');
    expect(updates(host)).toMatchObject([{}, { config: { name: 'boiler', behaviour: { kind: 'echo' } } }]);
  });

  test('go back to what holds where the engine refuses them', async () => {
    const { user, services } = await openOptions({ 'endpoints.update': () => fail('internal', 'Could not change it') });
    await fill(user, option('Name'), 'boiler');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(option('Name').value).toBe(''));
    expect(services.notices.getState().notices).toMatchObject([{ failure: { message: 'Could not change it' } }]);
  });
});

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
    const view = secretView('closed');
    const host = endpointHost({}, view);
    show(host.services, { endpoints: [view] });
    showEndpoint(host.services, 'e1');
    const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
    await user.click(screen.getByRole('button', { name: 'Options' }));
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
