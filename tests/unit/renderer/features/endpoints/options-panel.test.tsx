import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fill, find, newOptions, option, search } from '#support/options-panel.tsx';
import { changeForm } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { inputsOf } from '../../fake-endpoints.ts';

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
