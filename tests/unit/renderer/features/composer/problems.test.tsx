import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { cursorPlace, shownModel, type } from '#support/fake-monaco.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { replaceDraft } from '../../../../../src/renderer/state/drafts.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { composeOnServer } from './compose-on.tsx';

const python = "{'user': 42, 'ok': True,\r\n 'none': None,}";

async function composer(text: string, format?: 'json' | 'xml') {
  const made = composeOnServer((tab) => <Composer tab={tab} />, {
    draft: { text, ...(format && { format, formatChosen: true }) },
    answers: { 'sockets.send': () => ok({ sent: [] }) },
  });
  await waitFor(() => expect(shownModel()).toBeTruthy());
  return made;
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('a Python dict', () => {
  test('typed after a JSON document was loaded stays JSON, is marked, and does not leave with Send', async () => {
    const { user, draft, services, ...host } = await composer('x');
    const { active } = services.tabs.getState();
    act(() =>
      replaceDraft(services.drafts, active, { name: 'data.json', format: 'json', text: '{"a":1}', changed: false }),
    );
    act(() => type(python));
    expect(draft().format).toBe('json');
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Invalid JSON: line 1, column 2/);
    await waitFor(() => expect(shownModel()?.markers).toHaveLength(6));
    await user.click(button('Send'));
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
    expect(button('Send anyway')).toBeTruthy();
  });

  test('typed into an empty payload is JSON with mistakes', async () => {
    const { draft } = await composer('');
    act(() => type("{'user': 42}"));
    expect(draft().format).toBe('json');
  });

  test('is converted to JSON, with its line ends and byte order mark, and undo gives it back', async () => {
    const { user, draft } = await composer(`\ufeff${python}`, 'json');
    await user.click(await screen.findByRole('button', { name: 'Convert to JSON' }));
    await waitFor(() => expect(draft().text.startsWith('\ufeff{"user": 42, "ok": true,\r\n')).toBe(true));
    expect(screen.queryByText(/Looks like a Python dict/)).toBeNull();
    act(() => shownModel()?.undo());
    expect(draft().text).toBe(`\ufeff${python}`);
  });
});

describe('the problems of a payload', () => {
  test('are listed, and each leads to its place', async () => {
    const { user } = await composer('{"a": True,\n"b": None}', 'json');
    await user.click(await screen.findByRole('button', { name: '2 errors' }));
    await user.click(button(/2:6.*Unexpected `None`: JSON uses `null`/));
    expect(cursorPlace()).toEqual({ lineNumber: 2, column: 6 });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('of a text that is too long to check while it is typed are not denied', async () => {
    const text = `[${'100,'.repeat(140_000)}`;
    const { user, draft } = await composer(text, 'json');
    await user.click(button('Send'));
    await waitFor(() =>
      expect(draft().outcome?.failure?.message).toBe('The payload was not sent: it is not valid JSON'),
    );
    expect(screen.queryByText('valid JSON')).toBeNull();
    expect(screen.getByText('checked when it is sent')).toBeTruthy();
  });

  test('of a text that is too long to check at all are not promised', async () => {
    await composer(`[${'100,'.repeat(2_100_000)}`, 'json');
    expect(screen.getByText('too long to check')).toBeTruthy();
  });

  test('that are warnings only leave the payload valid', async () => {
    const { user } = await composer('{"a":1,"a":2}', 'json');
    await user.click(await screen.findByRole('button', { name: '1 warning' }));
    expect(button(/Duplicate key `a`/)).toBeTruthy();
    expect(screen.getByText('valid JSON')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send anyway' })).toBeNull();
  });

  test('that only the strict reading of XML finds keep it from leaving, but for on purpose', async () => {
    const { user, ...host } = await composer('<a>&undeclared;</a>', 'xml');
    await screen.findByRole('button', { name: 'Send anyway' });
    await user.click(button('Send'));
    expect(await screen.findByText('The payload was not sent: it is not valid XML')).toBeTruthy();
    expect(inputsOf(host, 'sockets.send')).toEqual([]);
    await user.click(button('Send anyway'));
    expect(inputsOf(host, 'sockets.send')).toHaveLength(1);
  });
});
