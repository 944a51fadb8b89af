import { expect, test } from 'vitest';
import { messageFlags } from '#shared/message/flags.ts';
import { messageFlagWords } from '../../../../src/renderer/state/message-flag-words.ts';

const wordsOf = (flags: number) => messageFlagWords(flags).map(({ word }) => word);

test('a part of a file that was sent is not said to be truncated, and nothing is wrong with it', () => {
  expect(wordsOf(messageFlags.part)).toEqual(['part']);
  expect(messageFlagWords(messageFlags.part)[0]?.quiet).toBe(true);
  expect(wordsOf(messageFlags.truncated)).toEqual(['truncated']);
});

test('every flag has its word, but the type of a WebSocket message, which is shown in its place', () => {
  const all = Object.values(messageFlags).reduce((sum, flag) => sum | flag, 0);
  expect(wordsOf(all)).toEqual(['truncated', 'part', 'incomplete', 'malformed', 'filler']);
  expect(wordsOf(messageFlags.text)).toEqual([]);
  expect(wordsOf(0)).toEqual([]);
});
