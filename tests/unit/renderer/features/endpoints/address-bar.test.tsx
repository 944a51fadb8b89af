import { screen } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { beforeAll, describe, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { renderTabPart, show } from '#support/render.tsx';
import { useShortcuts } from '../../../../../src/renderer/actions/shortcuts.ts';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { TabBar } from '../../../../../src/renderer/app/tab-bar.tsx';
import { AddressBar } from '../../../../../src/renderer/features/endpoints/address-bar.tsx';
import { openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { useServices } from '../../../../../src/renderer/state/services.ts';
import type { EndpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, endpointView } from '../../fake-services.ts';

beforeAll(loadParts);

/** The address bar of the active tab under the tabs, with the page's keys and dialogs. */
function Page({ tab }: { readonly tab: EndpointTab }) {
  useShortcuts(useServices());
  return (
    <>
      <TabBar />
      <AddressBar key={tab.id} tab={tab} />
      <Dialogs />
    </>
  );
}

/** The address bar of a new server or client. */
function newTab(role: 'server' | 'client', answers: Answers = {}) {
  const host = endpointHost(answers);
  openFormTab(host.services, role);
  const user = renderTabPart(host.services, (tab) => <Page tab={tab} />);
  return { ...host, user };
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
const button = (name: string) => screen.getByRole('button', { name });
const transport = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Transport' });
const framing = () => screen.getByRole('combobox', { name: 'Framing' });

/** Types a port in place of the one that is there. */
async function typePort(user: UserEvent, text: string): Promise<void> {
  await user.clear(field('Port'));
  await user.type(field('Port'), text);
}

describe('the address of a server', () => {
  test('is the usual one at first, and nothing is open', () => {
    const { calls } = newTab('server');
    expect([field('Host').value, field('Port').value]).toEqual(['127.0.0.1', '12345']);
    expect(screen.getByText('not launched yet')).toBeTruthy();
    expect(calls).toEqual([]);
  });

  test('is launched as it was typed, and cannot be changed while it is open', async () => {
    const { user, ...host } = newTab('server');
    await typePort(user, '4000{Enter}');
    await screen.findByRole('button', { name: 'Stop' });
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ role: 'server', host: '127.0.0.1', port: 4_000 }]);
    expect(inputsOf(host, 'endpoints.open')).toEqual([{ id: 'e1' }]);
    expect([field('Host').readOnly, field('Port').readOnly, transport().disabled]).toEqual([true, true, true]);
  });

  test('shows the port that the system gave where 0 was asked for', async () => {
    const given = endpointView('e1', { state: 'listening', address: '127.0.0.1:40001' });
    const { user } = newTab('server', { 'endpoints.open': () => ok(given) });
    await typePort(user, '0');
    await user.click(button('Launch'));
    await screen.findByRole('button', { name: 'Stop' });
    expect(field('Port').value).toBe('40001');
  });

  test('is stopped by the same button', async () => {
    const { user, ...host } = newTab('server');
    await user.click(button('Launch'));
    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    await screen.findByRole('button', { name: 'Launch' });
    expect(inputsOf(host, 'endpoints.close')).toMatchObject([{ id: 'e1' }]);
  });

  test.each(['70000', 'http'])(
    'with the port %s is not opened, and the field says why until it changes',
    async (port) => {
      const { user, calls } = newTab('server');
      await typePort(user, `${port}{Enter}`);
      expect(screen.getByRole('alert').textContent).toMatch(/0–65535/);
      expect(field('Port').getAttribute('aria-invalid')).toBe('true');
      expect(calls).toEqual([]);
      await user.type(field('Port'), '{Backspace}');
      expect(screen.queryByRole('alert')).toBeNull();
    },
  );

  test('is a path for a local socket', async () => {
    const { user } = newTab('server');
    await user.selectOptions(transport(), 'Local socket');
    expect(field('Path').placeholder).toBe('/tmp/wirebench.sock');
    expect(screen.queryByRole('textbox', { name: 'Host' })).toBeNull();
  });

  test('of a WebSocket has the path that is asked for', async () => {
    const { user, ...host } = newTab('server');
    await user.selectOptions(transport(), 'WebSocket');
    await user.type(field('WebSocket path'), 'chat');
    await user.click(button('Launch'));
    await screen.findByRole('button', { name: 'Stop' });
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ transport: 'ws', ws: { path: '/chat' } }]);
  });
});

describe('the address of a client', () => {
  test('is connected to and disconnected from', async () => {
    const { user, ...host } = newTab('client');
    await user.click(button('Connect'));
    await user.click(await screen.findByRole('button', { name: 'Disconnect' }));
    await screen.findByRole('button', { name: 'Connect' });
    expect(inputsOf(host, 'endpoints.close')).toMatchObject([{ id: 'e1' }]);
  });

  const chosen = () => {
    const { activeElement: element } = document;
    if (!(element instanceof HTMLInputElement)) return undefined;
    return element.value.slice(element.selectionStart ?? 0, element.selectionEnd ?? 0);
  };

  test('takes the focus in each new tab that a key opens, all of it selected', async () => {
    const { user } = newTab('client');
    for (const name of ['first', 'second']) {
      await user.keyboard('{Control>}n{/Control}');
      expect(document.activeElement).toBe(field('Host'));
      expect(chosen()).toBe('127.0.0.1');
      await user.keyboard(name);
      expect(field('Host').value).toBe(name);
    }
  });

  test('takes the focus where the palette opened the tab, which gives the focus back first', async () => {
    const { user, services } = newTab('client');
    show(services, {});
    await user.type(field('Host'), 'typed before');
    await user.keyboard('{Control>}k{/Control}');
    await user.paste('connect to');
    await user.keyboard('{Enter}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(field('Host'));
    expect(chosen()).toBe('127.0.0.1');
  });

  test('leaves the focus where it is when its tab is shown again', async () => {
    const { user } = newTab('client');
    await user.keyboard('{Control>}n{/Control}');
    const [first] = screen.getAllByRole('tab');
    if (!first) throw new Error('there is no tab');
    await user.click(first);
    expect(document.activeElement).toBe(first);
  });
});

describe('the framing beside the address', () => {
  test('is kept in the form until it is opened', async () => {
    const { user, ...host } = newTab('server');
    await user.selectOptions(framing(), 'lf');
    expect(host.calls).toEqual([]);
    await user.click(button('Launch'));
    await screen.findByRole('button', { name: 'Stop' });
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ framing: { kind: 'delimiter', delimiter: '0a' } }]);
  });

  test('is changed at once where the endpoint is open', async () => {
    const { user, ...host } = newTab('server');
    await user.click(button('Launch'));
    await screen.findByRole('button', { name: 'Stop' });
    await user.selectOptions(framing(), 'json');
    expect(inputsOf(host, 'endpoints.update')).toMatchObject([{ id: 'e1', config: { framing: { kind: 'json' } } }]);
  });

  test('opens the options where it has parameters, and only there', async () => {
    const { user } = newTab('server');
    await user.selectOptions(framing(), 'lf');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.selectOptions(framing(), 'length');
    expect(screen.getByRole('dialog', { name: 'Options' })).toBeTruthy();
  });

  test('is found by typing the name of a protocol', async () => {
    const { user, ...host } = newTab('server');
    await user.click(button('Search framings'));
    await user.keyboard('postgresql{Enter}');
    expect(screen.queryByRole('dialog', { name: 'Search framings' })).toBeNull();
    await typePort(user, '4000{Enter}');
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ framing: { kind: 'postgres' } }]);
  });

  test('is not there where the transport carries messages', async () => {
    const { user } = newTab('server');
    await user.selectOptions(transport(), 'UDP');
    expect(screen.queryByRole('combobox', { name: 'Framing' })).toBeNull();
    expect(screen.getByText(/datagram/)).toBeTruthy();
  });
});

test('the options’ button has in short what was set behind it', async () => {
  const { user } = newTab('client');
  await user.selectOptions(transport(), 'UDP');
  await user.click(button('Options'));
  await user.type(screen.getByRole('textbox', { name: 'Multicast group' }), '239.1.2.3');
  await user.keyboard('{Escape}');
  expect(button('Options').textContent).toContain('group 239.1.2.3');
});
