import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { fill, openOptions, option, updates } from '#support/options-panel.tsx';
import { endpointView } from '../../fake-services.ts';

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
