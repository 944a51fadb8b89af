import { act, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { fail, ok } from '#shared/failure.ts';
import { applyEvent } from '../../../../../src/renderer/bridge/live-store.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { inputsOf } from '../../fake-endpoints.ts';
import { composeOnServer } from './compose-on.tsx';

const running: JobView = {
  ...{ kind: 'repeat', id: 'j1', endpoint: 'e1', state: 'running', elapsedMs: 740 },
  ...{ count: 100, intervalMs: 20, jitterMs: 0, sent: 37, failed: 0, replies: 36 },
};

function composer(setup: Parameters<typeof composeOnServer>[1] = {}) {
  const host = composeOnServer((tab) => <Composer tab={tab} />, {
    ...setup,
    answers: {
      'jobs.start': () => ok(running),
      'jobs.cancel': () => ok({}),
      'jobs.clear': () => ok({}),
      ...setup.answers,
    },
  });
  const push = (changed: readonly JobView[], removed: readonly string[] = []) =>
    act(() => {
      const views = { changed: [...changed], removed: [...removed] };
      host.services.live.setState((state) => applyEvent(state, { kind: 'jobs', ...views }));
    });
  return { ...host, push };
}

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const field = (name: RegExp) => within(screen.getByRole('dialog')).getByRole<HTMLInputElement>('textbox', { name });

describe('a repeated send', () => {
  test('is started with what the form says, to the selected peers', async () => {
    const { user, ...host } = composer({ peers: 2 });
    await user.click(button('Repeat…'));
    await user.clear(field(/^Interval/));
    await user.type(field(/^Interval/), '20');
    await user.click(button('Start'));
    expect(inputsOf(host, 'jobs.start')).toMatchObject([
      { kind: 'repeat', sockets: [11, 12], frame: true, count: 100, intervalMs: 20, jitterMs: 0 },
    ]);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(host.draft().repeat.intervalMs).toBe('20');
  });

  test('is started with Enter, without a count until it is stopped', async () => {
    const { user, ...host } = composer();
    await user.click(button('Repeat…'));
    await user.click(screen.getByRole('checkbox', { name: 'Until stopped' }));
    expect(field(/^Count/).disabled).toBe(true);
    await user.type(field(/^Jitter/), '5{Enter}');
    const [input] = inputsOf(host, 'jobs.start');
    expect(input).toMatchObject({ intervalMs: 1_000, jitterMs: 5 });
    expect(input).not.toHaveProperty('count');
  });

  test('is not started while a setting is invalid', async () => {
    const { user, ...host } = composer();
    await user.click(button('Repeat…'));
    await user.clear(field(/^Count/));
    expect(screen.getByText('Minimum: 1')).toBeTruthy();
    expect(button('Start').disabled).toBe(true);
    await user.type(field(/^Jitter/), '{Enter}');
    expect(inputsOf(host, 'jobs.start')).toEqual([]);
  });

  test('waits for any message as a reply, up to a time limit', async () => {
    const { user, ...host } = composer();
    await user.click(button('Repeat…'));
    expect(within(screen.getByRole('dialog')).queryByRole('textbox', { name: 'Maximum wait (ms)' })).toBeNull();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Wait for a reply' }), 'Any message');
    await user.clear(field(/^Maximum wait/));
    expect(button('Start').disabled).toBe(true);
    await user.type(field(/^Maximum wait/), '250{Enter}');
    expect(inputsOf(host, 'jobs.start')).toMatchObject([{ reply: { filter: '', waitMs: 250 } }]);
  });

  test('waits for a reply that matches a filter, and is not started while the filter is invalid', async () => {
    const { user, ...host } = composer();
    await user.click(button('Repeat…'));
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Wait for a reply' }),
      'Message that matches a filter',
    );
    expect(screen.getByText('A filter is required')).toBeTruthy();
    await user.type(field(/^Reply filter/), 'text ==');
    expect(await screen.findByText(/value is missing/)).toBeTruthy();
    expect(button('Start').disabled).toBe(true);
    await user.type(field(/^Reply filter/), ' "pong"{Enter}');
    expect(inputsOf(host, 'jobs.start')).toMatchObject([{ reply: { filter: 'text == "pong"', waitMs: 1_000 } }]);
  });

  test('is not possible while nobody is connected', () => {
    composer({ peers: 0 });
    expect(button('Repeat…').disabled).toBe(true);
  });

  test('of an invalid payload is started on purpose only', async () => {
    const { user, ...host } = composer({ draft: { format: 'json', formatChosen: true, text: '{' } });
    await screen.findByRole('button', { name: 'Send anyway' });
    await user.click(button('Repeat…'));
    await user.click(button('Start anyway'));
    expect(inputsOf(host, 'jobs.start')).toHaveLength(1);
  });

  test('that cannot be started says why', async () => {
    const { user } = composer({ answers: { 'jobs.start': () => fail('wrong-state', 'Could not start') } });
    await user.click(button('Repeat…'));
    await user.click(button('Start'));
    expect(await screen.findByText('Could not start')).toBeTruthy();
  });

  test('shows its progress while it runs, and Stop, whichever window has started it', async () => {
    const { user, push, ...host } = composer();
    push([running]);
    expect(screen.getByText('37 of 100, 20 ms, 36 received').title).toContain('36 messages received, 0 failed, 0.7 s');
    push([{ ...running, sent: 38, count: undefined, jitterMs: 10 }]);
    expect(screen.getByText('38, 20–30 ms, 36 received')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Repeat…' })).toBeNull();
    await user.click(button('Stop repeating'));
    expect(inputsOf(host, 'jobs.cancel')).toEqual([{ job: 'j1' }]);
  });

  test('of another endpoint is not shown', () => {
    const { push } = composer();
    push([{ ...running, endpoint: 'e2' }]);
    expect(screen.queryByText(/37 of 100/)).toBeNull();
    expect(button('Repeat…').disabled).toBe(false);
  });

  test('that has ended says how much was sent', () => {
    const { push } = composer();
    push([{ ...running, state: 'done', sent: 100, replies: 0, elapsedMs: 2_004 }]);
    expect(screen.getByText('sent 100 times in 2.0 s')).toBeTruthy();
    push([{ ...running, state: 'done', sent: 100, failed: 3, replies: 97, elapsedMs: 2_004 }]);
    expect(screen.getByText('sent 100 times in 2.0 s, 3 failed, 97 received')).toBeTruthy();
    push([{ ...running, state: 'cancelled' }]);
    expect(screen.getByText('stopped after 37 messages, 36 received, 0.7 s')).toBeTruthy();
    expect(button('Repeat…')).toBeTruthy();
  });

  test('that has failed says why until it is dismissed', async () => {
    const { user, push, ...host } = composer();
    const { error } = fail('closed', 'The repeated send ended after 37 of 100 messages');
    push([{ ...running, state: 'failed', error }]);
    expect(screen.getByText('The repeated send ended after 37 of 100 messages')).toBeTruthy();
    await user.click(button('Dismiss'));
    expect(inputsOf(host, 'jobs.clear')).toEqual([{ job: 'j1' }]);
    push([], ['j1']);
    expect(screen.queryByText(/ended after/)).toBeNull();
  });
});
