import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { cursorPlace } from '#support/fake-monaco.ts';
import { Dialogs } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import type { Draft } from '../../../../../src/renderer/state/drafts.ts';
import { composeOnServer } from './compose-on.tsx';

function composer(draft: Pick<Draft, 'format' | 'text'>) {
  const both = (tab: Parameters<typeof Composer>[0]['tab']) => (
    <>
      <Composer tab={tab} />
      <Dialogs />
    </>
  );
  const { user, ...host } = composeOnServer(both, { draft: { ...draft, formatChosen: true } });
  const select = async (label: string | RegExp) => {
    await user.click(screen.getByRole('button', { name: 'More edits' }));
    await user.click(within(screen.getByRole('menu')).getByRole('menuitem', { name: label }));
  };
  return { ...host, user, select };
}

describe('the menu of edits', () => {
  test('has what the format of the payload has', async () => {
    const { user, change, draft, select } = composer({ format: 'json', text: '{"b": 1, "a": 2}' });
    await user.click(screen.getByRole('button', { name: 'More edits' }));
    const names = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent);
    expect(names()).toContain('Sort keys of payload');
    expect(names()).not.toContain('Decode base64');
    await user.click(screen.getByRole('menuitem', { name: 'Sort keys of payload' }));
    expect(draft().text).toBe('{"a": 2, "b": 1}');
    change({ format: 'text', text: 'aGk=' });
    await select('Decode base64');
    expect(draft().text).toBe('hi');
  });
});

describe('a conversion', () => {
  test('that loses something lists it with its line first', async () => {
    const { user, draft, select } = composer({ format: 'json', text: '{"a": {\n"b": null}}' });
    await select('Convert payload to XML');
    const dialog = within(await screen.findByRole('dialog', { name: 'Convert to XML' }));
    expect(dialog.getByText(/`null` becomes an empty element/).textContent).toContain('(line 2)');
    expect(draft().format).toBe('json');
    await user.click(dialog.getByRole('button', { name: 'Convert' }));
    expect(draft()).toMatchObject({ format: 'xml', changed: true });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('a query', () => {
  test('by XPath lists values with their lines, and a selected one gets the cursor', async () => {
    const { user, select } = composer({ format: 'xml', text: '<a>\n  <b id="1">x</b>\n  <b id="2">y</b>\n</a>' });
    await select('Find by XPath…');
    const field = await screen.findByRole('textbox', { name: 'XPath' });
    await user.type(field, '//b[[@id="2"]');
    const results = within(await screen.findByRole('list', { name: 'Results' }));
    await user.click(results.getByRole('button', { name: /3:3.*y/ }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await waitFor(() => expect(cursorPlace()).toEqual({ lineNumber: 3, column: 3 }));
  });

  test('by JSON path says in words what is wrong', async () => {
    const { user, select } = composer({ format: 'json', text: '{"a": [1, 2]}' });
    await select('Find by JSON path…');
    const field = await screen.findByRole('textbox', { name: 'JSON path' });
    await user.type(field, 'a');
    expect(await screen.findByText(/^Invalid query: A JSON path begins with/)).toBeTruthy();
    await user.clear(field);
    await user.type(field, '$.a[[*]');
    expect(await screen.findByText('2 results')).toBeTruthy();
    await user.clear(field);
    await user.type(field, '$.b');
    expect(await screen.findByText('No results')).toBeTruthy();
  });
});
