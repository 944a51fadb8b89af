import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import {
  canSendOnce,
  OneShotStatus,
  sendOnceAndClose,
} from '../../../../../src/renderer/features/composer/one-shot.tsx';
import { changeDraft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, clientView } from '../../fake-services.ts';

const job: JobView<'one-shot'> = {
  ...{ kind: 'one-shot', id: 'j1', endpoint: 'e1', state: 'done', elapsedMs: 10 },
  ...{ phase: 'closing', sentBytes: 6, received: 2, records: { first: 4, last: 5 } },
};

/** A tab of a client that is not connected, with the text `hello`. */
function clientTab(answers: Answers = {}) {
  const first = clientView('e1', { config: defaultClient });
  const host = endpointHost({ 'jobs.start': () => ok(job), ...answers }, first);
  openFormTab(host.services, 'client');
  const tab = host.services.tabs.getState().active;
  changeDraft(host.services.drafts, tab, { format: 'text', text: 'hello' });
  return { ...host, tab };
}

describe('connect, send and close in one action', () => {
  test('creates the client of the tab, and starts the job with the payload', async () => {
    const { services, tab, calls } = clientTab();
    expect(canSendOnce(services, tab)).toBe(true);
    await sendOnceAndClose(services, tab);
    expect(inputsOf({ calls }, 'jobs.start')).toEqual([
      expect.objectContaining({
        kind: 'one-shot',
        endpoint: 'e1',
        bytes: new TextEncoder().encode('hello'),
        until: { kind: 'message' },
      }),
    ]);
    expect(calls.map(({ name }) => name)).not.toContain('endpoints.open');
    expect(services.tabs.getState().tabs).toMatchObject([{ endpoint: 'e1', busy: false }]);
  });

  test('is not offered for a server, for a connected client, and while one runs', () => {
    const { services, tab } = clientTab();
    openFormTab(services, 'server');
    expect(canSendOnce(services, services.tabs.getState().active)).toBe(false);
    services.tabs.setState(({ tabs }) => ({
      tabs: tabs.map((one) => (one.kind === 'endpoint' && one.id === tab ? { ...one, endpoint: 'e1' } : one)),
    }));
    show(services, { endpoints: [clientView('e1')] });
    expect(canSendOnce(services, tab)).toBe(true);
    show(services, { endpoints: [clientView('e1', { state: 'connected' })] });
    expect(canSendOnce(services, tab)).toBe(false);
    show(services, { endpoints: [clientView('e1')], jobs: [{ ...job, state: 'running' }] });
    expect(canSendOnce(services, tab)).toBe(false);
  });

  test.each([
    ['an invalid payload', { format: 'json', text: '{' } as const],
    ['an empty payload', { text: '' }],
  ])('refuses %s without connecting', async (_, draft) => {
    const { services, tab, calls } = clientTab();
    changeDraft(services.drafts, tab, draft);
    await sendOnceAndClose(services, tab);
    expect(inputsOf({ calls }, 'jobs.start')).toEqual([]);
    expect(draftOf(services.drafts.getState(), tab).outcome?.failure?.code).toBe('bad-input');
  });

  test('shows why it could not be started', async () => {
    const { services, tab } = clientTab({ 'jobs.start': () => fail('too-large', 'Could not start another job') });
    await sendOnceAndClose(services, tab);
    expect(draftOf(services.drafts.getState(), tab).outcome?.failure?.code).toBe('too-large');
  });

  test('says what was received, and in which records', () => {
    const { services } = clientTab();
    show(services, { jobs: [job] });
    renderPart(services, <OneShotStatus endpoint="e1" hidesEnded={false} />);
    expect(screen.getByRole('status').textContent).toBe('Sent 6 B, received 2 messages, records 4–5');
  });

  test('says what it waits for, and can be cancelled', async () => {
    const { services, calls } = clientTab({ 'jobs.cancel': () => ok({}) });
    show(services, { jobs: [{ ...job, state: 'running', phase: 'waiting' }] });
    const user = renderPart(services, <OneShotStatus endpoint="e1" hidesEnded />);
    expect(screen.getByText('Waiting for a message…')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(inputsOf({ calls }, 'jobs.cancel')).toEqual([{ job: 'j1' }]);
  });
});
