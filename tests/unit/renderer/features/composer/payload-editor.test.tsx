import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { applyTokens, press, shownLineEnds, shownModel, shownOptions, type } from '#support/fake-monaco.ts';
import { renderTabPart } from '#support/render.tsx';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { changeDraft, draftOf, replaceDraft } from '../../../../../src/renderer/state/drafts.ts';
import { closeTab, openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { endpointHost } from '../../fake-endpoints.ts';

/** The composer of a new server, with its editor loaded. */
async function editor(text = 'first') {
  const { services } = endpointHost();
  openFormTab(services, 'server');
  const { active } = services.tabs.getState();
  changeDraft(services.drafts, active, { text });
  const user = renderTabPart(services, (tab) => <Composer tab={tab} />);
  await waitFor(() => expect(shownModel()?.text).toBe(text));
  const draft = (tab = active) => draftOf(services.drafts.getState(), tab);
  return { services, user, active, draft };
}

/** The composer as it is before it has loaded its editor: another file of this process may have loaded it. */
const unloadedComposer = (): Promise<{ readonly Composer: typeof Composer }> => {
  const again = '../../../../../src/renderer/features/composer/composer.tsx?unloaded';
  return import(again);
};

describe('the editor of hex', () => {
  async function hex(text: string) {
    const shown = await editor(text);
    act(() => changeDraft(shown.services.drafts, shown.active, { format: 'hex' }));
    return shown;
  }

  test('has the characters of its bytes beside each line, in one column', async () => {
    const { services, active } = await hex('48 69 0a\nxx\n\n31');
    const [first = '', second = '', ...more] = shownLineEnds();
    expect([first.trim(), second.trim(), ...more]).toEqual(['Hi·', '1']);
    expect(first.indexOf('Hi') + '48 69 0a'.length).toBe(second.indexOf('1') + '31'.length);
    act(() => type('41 42'));
    expect(shownLineEnds().map((one) => one.trim())).toEqual(['AB']);
    act(() => changeDraft(services.drafts, active, { format: 'text' }));
    expect(shownLineEnds()).toEqual([]);
  });

  test.each([
    ['G1s=', '1b 5b'],
    ['SGVs\nbG8h', '48 65 6c 6c 6f 21'],
    ['1b5b', undefined],
    ['G1s', undefined],
    ['not hex', undefined],
  ])('takes %j from a paste as %s', async (pasted, expected) => {
    const { draft } = await hex('00');
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    act(() => void document.querySelector('[data-focus="payload"]')?.dispatchEvent(event));
    expect(event.defaultPrevented).toBe(expected !== undefined);
    expect(draft().text).toBe(expected ?? '00');
  });
});

describe('the payload’s editor', () => {
  test('shows the text while it is loaded', async () => {
    const { Composer: Unloaded } = await unloadedComposer();
    const { services } = endpointHost();
    openFormTab(services, 'server');
    changeDraft(services.drafts, services.tabs.getState().active, { text: 'while loading' });
    renderTabPart(services, (tab) => <Unloaded tab={tab} />);
    expect(within(screen.getByRole('region', { name: 'Payload' })).getByText('while loading')).toBeTruthy();
  });

  test('has what is typed in the draft, which is changed then', async () => {
    const { draft } = await editor();
    act(() => type('{"a":1}'));
    expect(draft()).toMatchObject({ text: '{"a":1}', changed: true, format: 'json' });
  });

  test('follows the format with its language', async () => {
    const { services, active } = await editor();
    expect(shownModel()?.language).toBe('plaintext');
    act(() => changeDraft(services.drafts, active, { format: 'xml' }));
    expect(shownModel()?.language).toBe('xml');
  });

  test('takes a text from outside as an edit that undo takes back', async () => {
    const { services, active, draft } = await editor();
    act(() => replaceDraft(services.drafts, active, { format: 'json', text: '[]', changed: false }));
    expect(shownModel()?.text).toBe('[]');
    expect(shownModel()?.undoStops).toBe(2);
    expect(draft().changed).toBe(false);
  });

  test('does not wrap a text of more than 1 MiB, and says so', async () => {
    const { services, active } = await editor();
    expect(shownOptions()).toMatchObject({ wordWrap: 'on', folding: true });
    expect(screen.queryByText('lines are not wrapped')).toBeNull();
    act(() => type('lorem ipsum '.repeat(100_000)));
    expect(shownOptions()).toMatchObject({ wordWrap: 'off', folding: false });
    expect(screen.getByText('lines are not wrapped')).toBeTruthy();
    act(() => replaceDraft(services.drafts, active, { format: 'text', text: 'short', changed: false }));
    expect(shownOptions()).toMatchObject({ wordWrap: 'on', folding: true });
    expect(screen.queryByText('lines are not wrapped')).toBeNull();
  });

  test('marks every mistake, and warns of what may surprise', async () => {
    const { services, active } = await editor();
    act(() => changeDraft(services.drafts, active, { format: 'xml', text: '<a>' }));
    await waitFor(() => expect(shownModel()?.markers).toHaveLength(1));
    const text = '\ufeff{\'a\': True,\n"b": None, "b": 1}';
    act(() => changeDraft(services.drafts, active, { format: 'json', text }));
    expect(shownModel()?.markers).toMatchObject([
      { severity: 4, startLineNumber: 1, startColumn: 1 },
      { severity: 8, startLineNumber: 1, startColumn: 2, message: "Unexpected `'`: JSON keys use double quotes" },
      { severity: 8, startLineNumber: 1, startColumn: 7, message: 'Unexpected `True`: JSON uses `true`' },
      { severity: 8, startLineNumber: 2, startColumn: 6, message: 'Unexpected `None`: JSON uses `null`' },
      { severity: 4, startLineNumber: 2, startColumn: 12 },
    ]);
  });

  test('keeps the text of each tab with its history, until the tab is closed', async () => {
    const { services, active } = await editor();
    const first = shownModel();
    act(() => openFormTab(services, 'client'));
    expect(shownModel()).not.toBe(first);
    act(() => services.tabs.setState({ active }));
    expect(shownModel()).toBe(first);
    await act(() => closeTab(services, active));
    expect([first?.hasBeenDisposed, shownModel()?.hasBeenDisposed]).toEqual([true, false]);
  });

  test('is left with Escape, to the format while nothing can be sent', async () => {
    await editor();
    act(() => press('Escape'));
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Payload format' }));
  });

  test('keeps Escape for several cursors', async () => {
    await editor();
    act(() => press('Escape', 2));
    expect(document.activeElement).toBe(document.body);
  });

  test('follows the theme', async () => {
    const { services } = await editor();
    act(() => services.theme.setState({ shown: 'light' }));
    expect(applyTokens).toHaveBeenLastCalledWith('light');
  });
});
