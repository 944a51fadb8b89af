import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { fail, ok } from '#shared/failure.ts';
import type { Written } from '#support/recorded-session.ts';
import { renderInspector } from '#support/render-traffic.tsx';
import type { Answers } from '../../fake-services.ts';

const text = 'a needle, and another needle';

/** Looks for the bytes in the text, as the engine does. */
const search: Answers = {
  'sessions.search': ({ needle, from, backward }) => {
    const wanted = new TextDecoder().decode(needle);
    const at = backward ? (from === 0 ? -1 : text.lastIndexOf(wanted, from - 1)) : text.indexOf(wanted, from);
    return ok({ at: at < 0 ? null : at });
  },
};

async function findIn(written: Written = { preview: text }, answers = search) {
  const rendered = renderInspector({ written, answers });
  await rendered.user.click(screen.getByRole('button', { name: 'Find in the message' }));
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Find in the message' });
  const said = () => screen.getByRole('status').textContent;
  const searches = () =>
    rendered.calls
      .filter(({ name }) => name === 'sessions.search')
      .map(({ input }) => input as CallInput<'sessions.search'>);
  return { ...rendered, field, said, searches };
}

test('the bar takes the focus when it is asked for', async () => {
  const { field } = await findIn();
  expect(document.activeElement).toBe(field);
});

test('Ctrl+F in the inspector opens the bar', async () => {
  const { user } = renderInspector({ written: { preview: text } });
  screen.getByRole('tab', { name: 'Pretty' }).focus();
  await user.keyboard('{Control>}f{/Control}');
  screen.getByRole('textbox', { name: 'Find in the message' });
});

test('Enter goes to the next match, and wraps around to the first one', async () => {
  const { said, user } = await findIn();
  await user.keyboard('needle{Enter}');
  await waitFor(() => expect(said()).toBe('at offset 2'));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(said()).toBe('at offset 22'));
  await user.keyboard('{Enter}');
  await waitFor(() => expect(said()).toBe('Wrapped to first match'));
});

test('Shift+Enter goes to the previous match, and wraps around to the last one', async () => {
  const { said, user } = await findIn();
  await user.keyboard('needle{Shift>}{Enter}{/Shift}');
  await waitFor(() => expect(said()).toBe('at offset 22'));
  await user.click(screen.getByRole('button', { name: 'Previous' }));
  await waitFor(() => expect(said()).toBe('at offset 2'));
  await user.click(screen.getByRole('button', { name: 'Previous' }));
  await waitFor(() => expect(said()).toBe('Wrapped to last match'));
});

test('a match is marked in the text, which is shown for it', async () => {
  const { user } = await findIn();
  screen.getByRole('tabpanel', { name: 'Pretty' });
  await user.keyboard('needle{Enter}');
  await screen.findByRole('tabpanel', { name: 'Text' });
  const region = await screen.findByRole('region', { name: 'Message as text' });
  await waitFor(() => expect(region.querySelector('mark')?.textContent).toBe('needle'));
});

test('a match in a message too large for the text is shown in hex', async () => {
  const at = 5_000_000;
  const { said, user } = await findIn(
    { preview: 'x', length: 6_000_000 },
    {
      'sessions.search': () => ok({ at }),
      'sessions.payload': ({ length }) => ok({ bytes: new Uint8Array(length), total: 6_000_000 }),
    },
  );
  await user.keyboard('needle{Enter}');
  await screen.findByRole('tabpanel', { name: 'Hex' });
  await waitFor(() => expect(said()).toMatch(/^at offset 5\s000\s000$/));
});

test('bytes are looked for in hex', async () => {
  const { said, searches, user } = await findIn();
  await user.click(screen.getByRole('radio', { name: 'Hex' }));
  await user.click(screen.getByRole('textbox', { name: 'Find in the message' }));
  await user.keyboard('6e 65{Enter}');
  await waitFor(() => expect(said()).toBe('at offset 2'));
  expect(searches().map(({ needle }) => [...needle])).toEqual([[0x6e, 0x65]]);
});

test('invalid hex is reported and not searched for', async () => {
  const { said, searches, user } = await findIn();
  await user.click(screen.getByRole('radio', { name: 'Hex' }));
  await user.click(screen.getByRole('textbox', { name: 'Find in the message' }));
  await user.keyboard('xy{Enter}');
  expect(said()).toMatch(/not a hex digit/);
  expect(searches()).toEqual([]);
});

test('a search without a match says so until the text changes', async () => {
  const { said, user } = await findIn();
  await user.keyboard('pin{Enter}');
  await waitFor(() => expect(said()).toBe('Not found'));
  await user.keyboard('s');
  expect(said()).toBe('');
});

test('nothing is searched for before something is written', async () => {
  const { searches, user } = await findIn();
  await user.keyboard('{Enter}');
  expect(searches()).toEqual([]);
});

test('a search that failed says why', async () => {
  const refuse: Answers = { 'sessions.search': () => fail('file', 'Could not read the session') };
  const { said, user } = await findIn({ preview: text }, refuse);
  await user.keyboard('needle{Enter}');
  await waitFor(() => expect(said()).toBe('Could not read the session'));
});

test('Escape closes the bar, removes the mark and returns the focus', async () => {
  const { user } = await findIn();
  await user.keyboard('needle{Enter}');
  await screen.findByText('needle', { selector: 'mark' });
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(screen.queryByText('needle', { selector: 'mark' })).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Find in the message' }));
});

test('text in a tree is found there, from match to match, in branches that were closed too', async () => {
  const preview = '{"city":"Z\\u00fcrich","deep":{"a":{"b":{"c":{"town":"Zürich"}}}},"x":1}';
  const { said, searches, user } = await findIn({ preview });
  await user.keyboard('Zürich{Enter}');
  const selected = () => screen.getByRole('treeitem', { selected: true }).textContent;
  await waitFor(() => expect(said()).toBe('1 of 2'));
  expect(selected()).toBe('city"Zürich"');
  await user.keyboard('{Enter}');
  expect([said(), selected()]).toEqual(['2 of 2', 'town"Zürich"']);
  await user.keyboard('{Shift>}{Enter}{/Shift}');
  expect([said(), selected()]).toEqual(['1 of 2', 'city"Zürich"']);
  expect(screen.getAllByText('Zürich', { selector: 'mark' })).toHaveLength(2);
  screen.getByRole('tabpanel', { name: 'Pretty' });
  expect(searches()).toEqual([]);
});

test('text that a tree does not have is reported, and the tree stays', async () => {
  const { said, user } = await findIn({ preview: '{"a":1}' });
  await screen.findByRole('tree');
  await user.keyboard('nothing{Enter}');
  expect(said()).toBe('Not found in the tree');
  screen.getByRole('tabpanel', { name: 'Pretty' });
});
