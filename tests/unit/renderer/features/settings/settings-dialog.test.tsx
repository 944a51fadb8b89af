import { act, screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { defaultSettings, type StoredSession } from '#shared/contract/models.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, fakeHost } from '../../fake-services.ts';

beforeAll(loadParts);

const week = 7 * 24 * 3_600_000;

function stored(name: string, change: Partial<StoredSession> = {}): StoredSession {
  const at = Date.now() - week;
  const reference = `stored:${name}.wirebench`;
  return {
    reference,
    path: `/${name}`,
    name,
    startedAt: at,
    changedAt: at,
    fileBytes: 2_000_000,
    state: 'ended',
    ...change,
  };
}

async function settings(answers: Answers = {}, sessions: StoredSession[] = []) {
  const host = fakeHost({
    'sessions.stored': () => ok({ sessions, folder: '/home/me/sessions' }),
    'settings.set': ({ retention }) => ok({ ...defaultSettings, ...(retention ? { retention } : {}) }),
    ...answers,
  });
  show(host.services, {});
  const user = renderPart(host.services, <Dialogs />);
  act(() => showDialog(host.services.dialogs, { kind: 'settings' }));
  await screen.findByText('/home/me/sessions');
  const retype = async (name: string, text: string) => {
    await user.clear(field(name));
    await user.type(field(name), text);
  };
  return { ...host, user, retype };
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const dialog = () => screen.queryByRole('dialog', { name: 'Settings' });

test('the settings are at first what is kept, in the shorter unit', async () => {
  await settings();
  expect([field('Maximum sessions').value, field('Maximum size').value]).toEqual(['100', '8']);
  expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Unit' }).value).toBe('GB');
});

test('the theme changes at once, without saving', async () => {
  const { user, services, ...host } = await settings();
  await user.click(screen.getByRole('radio', { name: 'Dark' }));
  expect(services.settings.getState().theme).toBe('dark');
  expect(inputsOf(host, 'settings.set')).toEqual([]);
});

test('how much is kept is saved, and the dialog closes', async () => {
  const { user, retype, services, ...host } = await settings();
  await retype('Maximum sessions', '7');
  await retype('Maximum size', '500');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Unit' }), 'MB');
  await user.click(button('Save'));
  await waitFor(() => expect(dialog()).toBeNull());
  const retention = { sessions: 7, bytes: 500_000_000 };
  expect(inputsOf(host, 'settings.set')).toEqual([{ retention }]);
  expect(services.settings.getState().retention).toEqual(retention);
});

test('what is wrong is said at its fields and not saved', async () => {
  const { user, retype, ...host } = await settings();
  await retype('Maximum sessions', '0');
  await retype('Maximum size', 'much');
  await user.click(button('Save'));
  expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual([
    '1 to 100000',
    '10 MB to 1000000 GB',
  ]);
  expect(inputsOf(host, 'settings.set')).toEqual([]);
  await retype('Maximum sessions', '5');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('closing saves nothing', async () => {
  const { user, retype, ...host } = await settings();
  await retype('Maximum sessions', '7');
  await user.click(button('Close'));
  expect(dialog()).toBeNull();
  expect(inputsOf(host, 'settings.set')).toEqual([]);
});

test('settings that cannot be saved stay in the dialog, which says why until that is dismissed', async () => {
  const { user } = await settings({ 'settings.set': () => fail('file', 'Could not write the settings') });
  await user.click(button('Save'));
  expect(await screen.findByText('Could not write the settings')).toBeTruthy();
  await user.click(button('Dismiss'));
  expect(screen.queryByText('Could not write the settings')).toBeNull();
  expect(button('Save').disabled).toBe(false);
});

test('settings are saved once at a time', async () => {
  const saved = Promise.withResolvers<void>();
  const { user } = await settings({
    'settings.set': async () => {
      await saved.promise;
      return ok(defaultSettings);
    },
  });
  await user.click(button('Save'));
  expect(button('Save').disabled).toBe(true);
  saved.resolve();
  await waitFor(() => expect(dialog()).toBeNull());
});

test('what saving would delete is said before, and what is kept now', async () => {
  const { retype } = await settings({}, [stored('a'), stored('b'), stored('c', { state: 'busy' })]);
  expect(screen.getByText(/^Currently 3 sessions, 6\.0 MB/)).toBeTruthy();
  expect(screen.queryByRole('status')).toBeNull();
  await retype('Maximum sessions', '1');
  expect(screen.getByRole('status').textContent).toBe('Saving deletes up to 2 sessions (4.0 MB), oldest first.');
});
