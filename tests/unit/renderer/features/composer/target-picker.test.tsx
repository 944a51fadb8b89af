import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import { show } from '#support/render.tsx';
import { ComposerBar } from '../../../../../src/renderer/features/composer/composer.tsx';
import type { EndpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { clientView } from '../../fake-services.ts';
import { composeOn, composeOnServer } from './compose-on.tsx';

const bar = (tab: EndpointTab) => <ComposerBar tab={tab} isInvalid={false} />;
const composer = (setup: Parameters<typeof composeOnServer>[1] = {}) => composeOnServer(bar, setup);
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('the target of a message', () => {
  const all = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });

  test('is shown before it is sent: all peers, some of them by their ports, or one', async () => {
    const { user } = composer({ peers: 3 });
    await user.click(button('to all 3 peers'));
    await user.click(all('127.0.0.1:50011'));
    await user.keyboard('{Escape}');
    await user.click(button('to :50012 and :50013, 2 of 3 peers'));
    await user.click(all('127.0.0.1:50012'));
    expect(button('to 127.0.0.1:50013')).toBeTruthy();
  });

  test('is selected among the connected peers', async () => {
    const { user, services, sockets } = composer({ peers: 2 });
    const [first, second] = sockets;
    if (!first || !second) throw new Error('two peers are needed');
    show(services, {
      endpoints: [...services.live.getState().endpoints.values()],
      sockets: [first, { ...second, state: 'closed' }],
    });
    await user.click(button('to 127.0.0.1:50011'));
    expect(all('All peers (1 connection)').checked).toBe(true);
    expect(screen.queryByRole('checkbox', { name: '127.0.0.1:50012' })).toBeNull();
  });

  test('is empty when all are deselected, and all again with one click', async () => {
    const { user, draft } = composer({ peers: 3 });
    await user.click(button('to all 3 peers'));
    await user.click(all('All peers (3 connections)'));
    expect(draft().target).toEqual({ kind: 'some', sockets: [] });
    expect(button('Send').disabled).toBe(true);
    await user.click(all('All peers (3 connections)'));
    expect(draft().target).toEqual({ kind: 'all' });
  });

  test('is only the selected peers', async () => {
    const { user, ...host } = composer({
      peers: 3,
      draft: { target: { kind: 'some', sockets: [12, 13] } },
      answers: { 'sockets.send': () => ok({ sent: [] }) },
    });
    await user.click(button('Send'));
    expect(inputsOf(host, 'sockets.send')).toMatchObject([{ sockets: [12, 13] }]);
  });

  test('is empty while no peer is connected', () => {
    composer({ peers: 0 });
    expect(button('no peers connected')).toBeTruthy();
  });

  test.each([
    ['connected', 'to 10.0.0.7:80'],
    ['closed', 'not connected'],
  ] as const)('of a client that is %s is its server', (state, words) => {
    const view = clientView('e1', { state, socket: 7, address: '10.0.0.7:80', config: { ...defaultClient } });
    composeOn(bar, endpointHost({}, view), { endpoints: [view] }, {});
    expect(screen.getByText(words)).toBeTruthy();
  });
});

describe('the timing of a send', () => {
  const pace = () => screen.getByTitle(/^Send timing/);

  test('is shown on the button and sent with the message', async () => {
    const { user, ...host } = composer({ answers: { 'sockets.send': () => ok({ sent: [] }) } });
    await user.click(pace());
    await user.type(screen.getByLabelText('Rate limit (bytes/s)'), '5');
    await user.keyboard('{Escape}');
    expect(pace().textContent).toBe('5 B/s');
    await user.click(button('Send'));
    expect(inputsOf(host, 'sockets.send')).toMatchObject([{ pace: { bytesPerSecond: 5 } }]);
  });

  test('that is invalid is marked in its field and on its button, and nothing is sent', async () => {
    const { user, draft, ...host } = composer();
    await user.click(pace());
    await user.type(screen.getByLabelText('Split at'), 'soon');
    expect(screen.getByRole('alert').textContent).toContain('Byte offsets');
    await user.keyboard('{Escape}');
    await user.click(button('Send'));
    expect(draft().outcome?.failure?.code).toBe('bad-input');
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
  });

  test('is reset with one button, if it is set', async () => {
    const { user, draft, change } = composer();
    await user.click(pace());
    expect(button('Reset').disabled).toBe(true);
    change({ pace: { ...draft().pace, chunkBytes: '3', delayMs: '10' } });
    expect(pace().textContent).toContain('3 B, 10 ms apart');
    await user.click(button('Reset'));
    expect(draft().pace).toMatchObject({ chunkBytes: '', delayMs: '' });
  });
});
