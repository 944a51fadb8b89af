import { act, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { renderTabPart } from '#support/render.tsx';
import { changeDraft, draftOf, replaceDraft } from '../../../../../src/renderer/client/drafts-store.ts';
import { closeTab, openFormTab } from '../../../../../src/renderer/client/endpoint-commands.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { endpointHost } from '../../fake-endpoints.ts';
import type { fakeMonaco } from './fake-monaco.ts';

const fake = vi.hoisted(() => ({ made: undefined as ReturnType<typeof fakeMonaco> | undefined }));

vi.mock('../../../../../src/renderer/features/composer/monaco.ts', async () => {
  const { fakeMonaco: make } = await import('./fake-monaco.ts');
  fake.made = make();
  return { monaco: fake.made.monaco, applyTokens: fake.made.applyTokens };
});

/** The composer of a new server, with its editor loaded. */
async function editor(text = 'first') {
  const { services } = endpointHost();
  openFormTab(services, 'server');
  const { active } = services.tabs.getState();
  changeDraft(services.drafts, active, { text });
  const user = renderTabPart(services, (tab) => <Composer tab={tab} />);
  await vi.waitFor(() => expect(fake.made?.shown()?.text).toBe(text));
  const made = fake.made;
  if (!made) throw new Error('the editor was not loaded');
  const draft = (tab = active) => draftOf(services.drafts.getState(), tab);
  return { services, user, made, active, draft, model: () => made.shown() };
}

beforeEach(() => {
  fake.made?.reset();
});

describe('the payload’s editor', () => {
  // The first of this file: once it is loaded, it is there at once.
  test('shows the text while it is loaded', () => {
    const { services } = endpointHost();
    openFormTab(services, 'server');
    changeDraft(services.drafts, services.tabs.getState().active, { text: 'while loading' });
    renderTabPart(services, (tab) => <Composer tab={tab} />);
    expect(within(screen.getByRole('region', { name: 'Payload' })).getByText('while loading')).toBeTruthy();
  });

  test('has what is typed in the draft, which is changed then', async () => {
    const { made, draft } = await editor();
    act(() => made.type('{"a":1}'));
    expect(draft()).toMatchObject({ text: '{"a":1}', changed: true, format: 'json' });
  });

  test('follows the format with its language', async () => {
    const { services, active, model } = await editor();
    expect(model()?.language).toBe('plaintext');
    act(() => changeDraft(services.drafts, active, { format: 'xml' }));
    expect(model()?.language).toBe('xml');
  });

  test('takes a text from outside as an edit that undo takes back', async () => {
    const { services, active, model, draft } = await editor();
    act(() => replaceDraft(services.drafts, active, { format: 'json', text: '[]', changed: false }));
    expect(model()?.text).toBe('[]');
    expect(model()?.undoStops).toBe(2);
    expect(draft().changed).toBe(false);
  });

  test('marks what is not valid, and JSON leaves that to its language service', async () => {
    const { services, active, model } = await editor();
    act(() => changeDraft(services.drafts, active, { format: 'xml', text: '<a>' }));
    expect(model()?.markers).toHaveLength(1);
    act(() => changeDraft(services.drafts, active, { format: 'json', text: '{' }));
    expect(model()?.markers).toEqual([]);
  });

  test('keeps the text of each tab with its history, until the tab is closed', async () => {
    const { services, active, made, model } = await editor();
    const first = model();
    act(() => openFormTab(services, 'client'));
    expect(model()).not.toBe(first);
    act(() => services.tabs.setState({ active }));
    expect(model()).toBe(first);
    await act(() => closeTab(services, active));
    expect([first?.isDisposed, made.shown()?.isDisposed]).toEqual([true, false]);
  });

  test('is left with Escape, to the format while nothing can be sent', async () => {
    const { made } = await editor();
    act(() => made.press('Escape'));
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Payload format' }));
  });

  test('keeps Escape for several cursors', async () => {
    const { made } = await editor();
    made.selections = 2;
    act(() => made.press('Escape'));
    expect(document.activeElement).toBe(document.body);
  });

  test('follows the theme', async () => {
    const { services, made } = await editor();
    act(() => services.theme.setState({ shown: 'light' }));
    expect(made.applyTokens).toHaveBeenLastCalledWith('light');
  });
});
