import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { recordedSession, row, startAt } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { around, windowBytes } from '../../../../../src/renderer/features/framing/lens-data.ts';
import { LensDialog } from '../../../../../src/renderer/features/framing/lens-dialog.tsx';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

const rows = [
  { preview: 'one\ntw', offset: 0 },
  { preview: 'o\nthree\n', offset: 6 },
] as const;

function lens(answers: Answers = {}, direction: 'in' | 'out' = 'in') {
  const recorded = recordedSession({
    rows: rows.map((one) => ({ ...one, kind: direction })),
    filters: { [`socket == 1 && ${direction}`]: () => true },
  });
  const host = fakeHost({ ...recorded.answers, ...answers });
  const session = sessionView('s1', { state: 'read-only' });
  show(host.services, { sessions: [session] });
  const user = renderPart(
    host.services,
    <LensDialog session={session} framing="raw" flow={{ socket: 1, direction, seq: 1 }} />,
  );
  return { ...host, user };
}

const table = async () => within(await screen.findByRole('table', { name: /^Byte at offset/ }));
const chooseLines = (user: ReturnType<typeof lens>['user']) =>
  user.selectOptions(screen.getByRole('combobox', { name: 'Framing' }), 'lf');

test('each read is a message without framing, and another framing moves the boundaries at once', async () => {
  const host = lens();
  await screen.findByText('2 reads, 2 messages with this framing.');
  screen.getByText(/^TCP keeps the order of the bytes, not the boundaries of the calls/);
  expect(screen.getByRole('button', { name: 'Apply' }).hasAttribute('disabled')).toBe(true);
  await chooseLines(host.user);
  await screen.findByText('2 reads, 3 messages with this framing.');
  expect(inputsOf(host, 'sessions.reframe')).toEqual([]);
});

test('the byte that the keys move to is found in its read and in its message', async () => {
  const { user } = lens();
  await screen.findByText('2 reads, 2 messages with this framing.');
  await chooseLines(user);
  const ribbon = screen.getByRole('slider', { name: 'Bytes, with the reads above and the messages below' });
  expect(ribbon.getAttribute('aria-valuetext')).toBe('byte 6, recv 2, message 2');
  ribbon.focus();
  await user.keyboard('{ArrowLeft}');
  expect(ribbon.getAttribute('aria-valuetext')).toBe('byte 5, recv 1, message 2');
  (await table()).getByText('in 2 calls, 1 B framing');
  await user.keyboard('{PageDown}');
  expect(ribbon.getAttribute('aria-valuetext')).toBe('byte 8, recv 2, message 3');
  await user.keyboard('{Home}{End}');
  expect(ribbon.getAttribute('aria-valuetext')).toBe('byte 13, recv 2, message 3');
});

test('the recorded reads are used where they are known', async () => {
  lens({ 'sessions.reads': () => ok({ reads: [0, 7, 14].map((offset) => ({ offset, length: 7, at: startAt })) }) });
  await screen.findByText('2 reads, 2 messages with this framing.');
});

test('Apply re-frames the socket into a new session', async () => {
  const framed = sessionView('s2', { state: 'read-only' });
  const host = lens({ 'sessions.reframe': () => ok(framed) });
  await screen.findByText('2 reads, 2 messages with this framing.');
  await chooseLines(host.user);
  await host.user.click(screen.getByRole('button', { name: 'Apply' }));
  expect(inputsOf(host, 'sessions.reframe')).toMatchObject([
    { session: 's1', sockets: [1], framing: { kind: 'delimiter' } },
  ]);
});

test('of a sent flow the writes are shown', async () => {
  lens({}, 'out');
  await screen.findByText('2 writes, 2 messages with this framing.');
  (await table()).getByRole('rowheader', { name: 'send' });
});

test('a window that cannot be read says why', async () => {
  lens({ 'sessions.payload': () => fail('not-found', 'Could not read', { system: 'gone', hint: 'Try again.' }) });
  await screen.findByText('gone');
});

test('a window has the records around one whose bytes fit, without a gap', () => {
  const length = windowBytes / 4;
  const at = (seq: number, offset: number) => row(seq, { preview: '', length, offset });
  const many = Array.from({ length: 20 }, (_, seq) => at(seq, seq * length));
  const chosen = around(many, 10).map(({ seq }) => seq);
  expect(chosen).toContain(10);
  expect(chosen).toHaveLength(4);
  expect(around([at(0, 0), at(1, length), at(2, length * 5)], 1).map(({ seq }) => seq)).toEqual([0, 1]);
  expect(around([], 1)).toEqual([]);
});
