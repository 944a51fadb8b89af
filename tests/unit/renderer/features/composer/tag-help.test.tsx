import { act, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { caretPlace, linkedAt, shownModel, typeAt } from '#support/fake-monaco.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { composeOnServer } from './compose-on.tsx';

/** The composer with an XML payload, or another one, in its editor. */
async function editor(text: string, format: 'xml' | 'text' = 'xml') {
  const host = composeOnServer((tab) => <Composer tab={tab} />, { draft: { format, formatChosen: true, text } });
  await waitFor(() => expect(shownModel()?.text).toBe(text.replaceAll('\r\n', '\n')));
  const type = async (line: number, column: number, typed: string) => {
    await act(async () => typeAt(line, column, typed));
    return host.draft().text;
  };
  return { ...host, type };
}

describe('the closing tag', () => {
  test('is completed after `>`, with the cursor between the tags, and undo removes it alone', async () => {
    const { type, draft } = await editor('<a>\r\n<b\r\n</a>');
    expect(await type(2, 3, '>')).toBe('<a>\r\n<b></b>\r\n</a>');
    expect(caretPlace()).toEqual({ lineNumber: 2, column: 4 });
    act(() => shownModel()?.undo());
    expect(draft().text).toBe('<a>\r\n<b>\r\n</a>');
  });

  test('is completed after `</`, with the cursor after it', async () => {
    const { type } = await editor('<order><');
    expect(await type(1, 9, '/')).toBe('<order></order>');
    expect(caretPlace()).toEqual({ lineNumber: 1, column: 16 });
  });

  test('that is there is not written twice', async () => {
    const { type } = await editor('<a>t<</a>');
    expect(await type(1, 6, '/')).toBe('<a>t</a>');
  });

  test('is not completed in text, and not where the tag is closed', async () => {
    const { type, change } = await editor('<a', 'text');
    expect(await type(1, 3, '>')).toBe('<a>');
    change({ format: 'xml' });
    expect(await type(1, 4, '</a')).toBe('<a></a');
    expect(await type(1, 8, '>')).toBe('<a></a>');
  });
});

test('the names of both tags are edited together', async () => {
  await editor('<a>\n<bc x="1">t</bc></a>');
  expect(linkedAt(2, 3)).toEqual(['bc', 'bc']);
  expect(linkedAt(2, 6)).toBeUndefined();
});
