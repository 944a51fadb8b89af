import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { EndpointView, Sample } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { renderPart } from '#support/render.tsx';
import { sendDraft } from '../../../../../src/renderer/features/composer/send-command.ts';
import { StartPage } from '../../../../../src/renderer/features/start/start-page.tsx';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost, inputsOf } from '../../fake-endpoints.ts';
import { type Answers, endpointView, sessionView } from '../../fake-services.ts';

function start(answers: Answers = {}) {
  const host = endpointHost(answers);
  const user = renderPart(
    host.services,
    <StartPage
      recent={<p>Recent sessions</p>}
      sendPayload={(tab) => sendDraft(host.services, tab, { anyway: false })}
    />,
  );
  return { ...host, user, tab: () => activeTab(host.services.tabs.getState()) };
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const port = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Port' });

/** An answer that is given when the test says so. */
function later<T>() {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

describe('the offer of a local server', () => {
  test('launches one on the port that is typed and shows its tab', async () => {
    const { user, tab, ...host } = start();
    await user.clear(port());
    await user.type(port(), '4000{Enter}');
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ role: 'server', host: '127.0.0.1', port: 4_000 }]);
    expect(tab()).toMatchObject({ kind: 'endpoint', endpoint: 'e1' });
  });

  test.each(['70000', 'http', ''])('with the port “%s” opens nothing, and the field says why', async (text) => {
    const { user, calls, tab } = start();
    await user.clear(port());
    if (text !== '') await user.type(port(), text);
    await user.click(button('Launch local server'));
    expect((await screen.findByRole('alert')).textContent).toMatch(/0–65535/);
    expect(port().getAttribute('aria-invalid')).toBe('true');
    expect([calls, tab()?.kind]).toEqual([[], 'start']);
  });

  test('launches after the port was corrected', async () => {
    const { user, tab } = start();
    await user.clear(port());
    await user.type(port(), '70000{Enter}');
    await user.clear(port());
    expect(screen.queryByRole('alert')).toBeNull();
    await user.type(port(), '4000{Enter}');
    expect(tab()).toMatchObject({ kind: 'endpoint', endpoint: 'e1' });
  });

  test('cannot be taken twice while it launches', async () => {
    const opened = later<Result<EndpointView>>();
    const { user } = start({ 'endpoints.open': () => opened.promise });
    await user.click(button('Launch local server'));
    expect(button('Launch local server').disabled).toBe(true);
    opened.resolve(ok(endpointView('e1', { state: 'listening' })));
    await waitFor(() => expect(button('Launch local server').disabled).toBe(false));
  });

  test('on a port in use says who has it and launches on a free one at a click', async () => {
    let attempts = 0;
    const { user, tab, ...host } = start({
      'endpoints.open': () => {
        attempts += 1;
        if (attempts > 1) return ok(endpointView('e1', { state: 'listening' }));
        return fail('address-in-use', 'Could not listen on 127.0.0.1:12345', { freePort: 12_346 });
      },
    });
    await user.click(button('Launch local server'));
    expect(await screen.findByText('Could not listen on 127.0.0.1:12345')).toBeTruthy();
    await user.click(button('Use port 12346'));
    expect(inputsOf(host, 'endpoints.create')).toMatchObject([{ port: 12_345 }, { port: 12_346 }]);
    expect(tab()).toMatchObject({ kind: 'endpoint' });
  });

  test('that failed says so until it is dismissed', async () => {
    const { user } = start({ 'endpoints.open': () => fail('access-denied', 'Could not listen') });
    await user.click(button('Launch local server'));
    await screen.findByText('Could not listen');
    expect(screen.queryByRole('button', { name: /^Use port/ })).toBeNull();
    await user.click(button('Dismiss'));
    expect(screen.queryByText('Could not listen')).toBeNull();
  });
});

describe('the start page', () => {
  test('opens the form of a client', async () => {
    const { user, tab } = start();
    await user.click(button('Connect to a server'));
    expect(tab()).toMatchObject({ kind: 'endpoint', endpoint: undefined, form: { role: 'client' } });
  });

  test('says why the echo demo does not run, and lets one try again', async () => {
    const { user } = start({ 'samples.list': () => ok([]) });
    await user.click(button('Try the echo demo'));
    expect((await screen.findByRole('alert')).textContent).toContain('data.json');
    expect(button('Try the echo demo').disabled).toBe(false);
  });

  test('runs the echo demo once at a time, and shows its client', async () => {
    const listed = later<Result<Sample[]>>();
    const { user, tab, ...host } = start({ 'samples.list': () => listed.promise });
    await user.click(button('Try the echo demo'));
    expect(button('Try the echo demo').disabled).toBe(true);
    listed.resolve(ok([{ name: 'data.json', format: 'json', text: '{}' }]));
    await screen.findByRole('button', { name: 'Try the echo demo' });
    await expect.poll(() => inputsOf(host, 'endpoints.create')).toMatchObject([{ role: 'server' }, { role: 'client' }]);
    await expect.poll(tab).toMatchObject({ kind: 'endpoint', guide: expect.any(String) });
  });

  test('opens a session that is chosen', async () => {
    const { user, tab } = start({
      'dialogs.open': () => ok({ file: readHandle('a.wirebench') }),
      'sessions.open': () => ok(sessionView('s', { state: 'read-only' })),
    });
    await user.click(button('Open a session'));
    await expect.poll(tab).toMatchObject({ kind: 'session', session: 's' });
  });

  test('has the recent sessions below', () => {
    start();
    expect(screen.getByText('Recent sessions')).toBeTruthy();
  });
});
