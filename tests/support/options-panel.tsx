import { screen } from '@testing-library/react';
import type { SystemOption } from '#shared/contract/models.ts';
import { ok } from '#shared/failure.ts';
import { renderTabPart, show } from '#support/render.tsx';
import { AddressBar } from '../../src/renderer/features/endpoints/address-bar.tsx';
import { openFormTab, showEndpoint } from '../../src/renderer/state/endpoint-commands.ts';
import { endpointHost, inputsOf } from '../unit/renderer/fake-endpoints.ts';
import { type Answers, endpointView } from '../unit/renderer/fake-services.ts';

const overTcp: SystemOption['over'] = ['tcp', 'tls', 'ws', 'wss'];
const systemOptions: SystemOption[] = [
  { name: 'SO_LINGER', value: 'off', unavailable: 'Node has no way to set it', over: overTcp },
  { name: 'IP_TOS', value: '0', unavailable: '', over: [...overTcp, 'udp'] },
  { name: 'exclusive', value: 'true', unavailable: '' },
  { name: 'backlog', value: 'at most 4096', unavailable: '' },
  { name: 'bind.reusePort', value: '', unavailable: 'this system has no SO_REUSEPORT' },
];
const system: Answers = { 'system.options': () => ok({ options: systemOptions }) };

const listening = endpointView('e1', { state: 'listening', address: '127.0.0.1:12345' });

/** The options of a new server or client, opened. */
export async function newOptions(role: 'server' | 'client', answers: Answers = system) {
  const host = endpointHost(answers);
  openFormTab(host.services, role);
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  await user.click(screen.getByRole('button', { name: 'Options' }));
  return { ...host, user };
}

/** The options of the endpoint that `view` shows, opened; of a server that listens without it. */
export async function openOptions(answers: Answers = {}, view = listening) {
  const host = endpointHost(answers, view);
  show(host.services, { endpoints: [view] });
  showEndpoint(host.services, 'e1');
  const user = renderTabPart(host.services, (tab) => <AddressBar tab={tab} />);
  await user.click(screen.getByRole('button', { name: 'Options' }));
  return { ...host, user };
}

type User = Awaited<ReturnType<typeof newOptions>>['user'];

/** The field of the option `name`. */
export const option = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
/** The field that searches. */
export const search = () => screen.getByLabelText<HTMLInputElement>('Search options');
/** What endpoints were changed to. */
export const updates = (host: Parameters<typeof inputsOf>[0]) => inputsOf(host, 'endpoints.update');

/** Puts `text` into a field in one go: each key would draw all of the options. */
export async function fill(user: User, field: HTMLElement, text: string): Promise<void> {
  await user.clear(field);
  await user.paste(text);
}

/** Searches for `text`. */
export const find = (user: User, text: string) => fill(user, search(), text);
