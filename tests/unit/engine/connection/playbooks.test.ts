import { expect, test } from 'vitest';
import { transitions } from '#shared/socket/transitions.ts';
import { play } from './playbook.ts';
import { ending } from './playbooks-ending.ts';
import { opening } from './playbooks-opening.ts';
import { receiving } from './playbooks-receiving.ts';

const playbooks = [...opening, ...receiving, ...ending];

test.each(playbooks)('$name', (book) => {
  const { expected, played } = play(book);
  expect(played).toEqual(expected);
});

test('every row of the transition table has a playbook', () => {
  const met = new Set(playbooks.flatMap((book) => [...play(book).dialogue.met]));
  const missing = transitions.filter(({ from, events }) => {
    return !from.some((state) => events.some((event) => met.has(`${state} ${event}`)));
  });
  expect(missing).toEqual([]);
});
