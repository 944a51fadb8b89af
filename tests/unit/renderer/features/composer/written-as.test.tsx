import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { paste, shownLineEnds, shownModel, typeAt } from '#support/fake-monaco.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { replaceDraft } from '../../../../../src/renderer/state/drafts.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { composeOnServer } from './compose-on.tsx';

async function composer(text: string, format: 'json' | 'xml' | 'text' | 'hex' = 'text') {
  const made = composeOnServer((tab) => <Composer tab={tab} />, {
    draft: { text, format, formatChosen: true },
    answers: { 'sockets.send': () => ok({ sent: [] }) },
  });
  await waitFor(() => expect(shownModel()).toBeTruthy());
  const sent = async () => {
    await made.user.click(screen.getByRole('button', { name: 'Send' }));
    const { bytes } = Object(inputsOf(made, 'sockets.send').at(-1));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  };
  return { ...made, sent };
}

const chooser = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name });
const shown = (name: string) => [...chooser(name).options].find(({ value }) => value === chooser(name).value)?.text;

describe('the line ends of a payload', () => {
  test.each([
    ['a\nb\n', 'LF'],
    ['a\r\nb', 'CRLF'],
    ['MSH|A\rPID|1\r', 'CR'],
    ['a\r\nb\n', 'Mixed'],
    ['no line end', 'LF'],
  ])('of %j are shown as %s, and sent as they are', async (text, kind) => {
    const { sent } = await composer(text);
    expect(shown('Line ends')).toBe(kind);
    expect(await sent()).toBe(text);
  });

  test('are selected for all lines, and undo gives back what was', async () => {
    const { user, draft, sent } = await composer('a\r\nb\nc ');
    await user.selectOptions(chooser('Line ends'), 'CR');
    expect(await sent()).toBe('a\rb\rc ');
    expect(draft().changed).toBe(true);
    act(() => shownModel()?.undo());
    expect(draft().text).toBe('a\r\nb\nc ');
    expect(shown('Line ends')).toBe('Mixed');
  });

  test('are shown as marks while they are mixed, and only then', async () => {
    const { user } = await composer('a\r\nb\nc\rd');
    expect(shownLineEnds()).toEqual(['\\r\\n', '\\n', '\\r']);
    await user.selectOptions(chooser('Line ends'), 'LF');
    expect(shownLineEnds()).toEqual([]);
  });

  test('are those that a paste brings', async () => {
    const { draft, sent } = await composer('old\r\n');
    act(() => paste('{"a":1}\n{"b":2}\n'));
    expect(shown('Line ends')).toBe('LF');
    act(() => paste('<a>\r\n  <b/>\r\n</a>\t '));
    expect(shown('Line ends')).toBe('CRLF');
    expect(await sent()).toBe('<a>\r\n  <b/>\r\n</a>\t ');
    expect(draft().lineEnd).toBe('crlf');
  });

  test('are those that were selected, where the first one is typed', async () => {
    const { user, sent } = await composer('one');
    await user.selectOptions(chooser('Line ends'), 'CRLF');
    expect(shown('Line ends')).toBe('CRLF');
    act(() => typeAt(1, 4, '\n'));
    expect(await sent()).toBe('one\r\n');
  });

  test('stay when a record or a sample takes the place of the text', async () => {
    const { sent, services } = await composer('one');
    const { active } = services.tabs.getState();
    act(() => replaceDraft(services.drafts, active, { format: 'text', text: '\ufeffa\rb\r', changed: false }));
    expect([shown('Line ends'), shown('Encoding')]).toEqual(['CR', 'UTF-8 with BOM']);
    expect(shownModel()?.text).toBe('a\nb\n');
    expect(await sent()).toBe('\ufeffa\rb\r');
  });

  test('stay when the document is laid out', async () => {
    const { user, draft } = await composer('{"a":1,\r\n"b":2}\r\n', 'json');
    await user.click(screen.getByRole('button', { name: 'Format' }));
    expect(draft().text).toBe('{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n');
  });
});

describe('the byte order mark of a payload', () => {
  test('is selected, counted and sent, and undo takes it back', async () => {
    const { user, draft, sent } = await composer('<a/>', 'xml');
    expect(shown('Encoding')).toBe('UTF-8');
    await user.selectOptions(chooser('Encoding'), 'UTF-8 with BOM');
    expect(screen.getByText('7 B')).toBeTruthy();
    expect(await sent()).toBe('\ufeff<a/>');
    act(() => shownModel()?.undo());
    expect(draft().text).toBe('<a/>');
    expect(shown('Encoding')).toBe('UTF-8');
  });

  test('is not offered for hex, whose text is not what is sent', async () => {
    await composer('00 0d\r\n0a', 'hex');
    expect(screen.queryByRole('combobox', { name: 'Encoding' })).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'Line ends' })).toBeNull();
  });
});
