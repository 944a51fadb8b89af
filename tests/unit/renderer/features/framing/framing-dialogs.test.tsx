import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SocketView } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { select } from '../../../../../src/renderer/state/selection.ts';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, endpointView, fakeHost, sessionView, socketView } from '../../fake-services.ts';

beforeAll(loadParts);

const button = (name: string) => screen.getByRole('button', { name });
const framing = () => screen.getByLabelText<HTMLSelectElement>('Framing');
const dialog = () => screen.queryByRole('dialog');

/** The dialog of the framing of the socket 7. */
function socketDialog(change: Partial<SocketView> = {}, answers: Answers = { 'sockets.frame': () => ok({}) }) {
  const host = fakeHost(answers);
  show(host.services, { sockets: [socketView(7, 'e1', change)] });
  const user = renderPart(host.services, <Dialogs />);
  act(() => showDialog(host.services.dialogs, { kind: 'frame-socket', socket: 7 }));
  return { ...host, user };
}

describe('the framing of a socket', () => {
  test('is at first what the socket has', () => {
    socketDialog({ framing: 'fixed:8', badFrame: 'stop' });
    expect(screen.getByRole('dialog', { name: 'Framing of 127.0.0.1:50007' })).toBeTruthy();
    expect(framing().value).toBe('fixed');
    expect(screen.getByLabelText<HTMLInputElement>('Length (bytes)').value).toBe('8');
    expect(screen.getByLabelText<HTMLSelectElement>('Malformed data').value).toBe('stop');
  });

  test('is applied with what is done after bytes that do not fit, and the dialog closes', async () => {
    const { user, ...host } = socketDialog();
    await user.selectOptions(framing(), 'json');
    await user.selectOptions(screen.getByLabelText('Malformed data'), 'stop');
    await user.click(button('Apply'));
    await waitFor(() => expect(dialog()).toBeNull());
    expect(inputsOf(host, 'sockets.frame')).toEqual([{ socket: 7, framing: { kind: 'json' }, badFrame: 'stop' }]);
  });

  test('is found by typing, with the values of the protocol', async () => {
    const { user, ...host } = socketDialog();
    await user.click(button('Search framings'));
    await user.keyboard('modbus{Enter}');
    expect(framing().value).toBe('length');
    expect(screen.getByLabelText<HTMLInputElement>('Length field offset (bytes)').value).toBe('4');
    await user.click(button('Apply'));
    await waitFor(() => expect(dialog()).toBeNull());
    expect(inputsOf(host, 'sockets.frame')).toMatchObject([{ framing: { kind: 'length', size: 2, offset: 4 } }]);
  });

  test('has nothing that does not fit where it is raw', () => {
    socketDialog();
    expect(framing().value).toBe('raw');
    expect(screen.queryByLabelText('Malformed data')).toBeNull();
  });

  test('that has stopped says that it begins again', () => {
    socketDialog({ framing: 'json', framingStopped: true });
    expect(dialog()?.textContent).toMatch(/Framing stopped at bytes that do not match it/);
  });

  test('that is wrong is not applied, and its field says why until it changes', async () => {
    const { user, calls } = socketDialog({ framing: 'fixed:8' });
    const size = screen.getByLabelText('Length (bytes)');
    await user.clear(size);
    await user.click(button('Apply'));
    expect(screen.getByRole('alert').textContent).toBe('a whole number is required');
    expect(calls).toEqual([]);
    await user.type(size, '9');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('that the engine refuses stays in the dialog, which says why', async () => {
    const { user } = socketDialog({}, { 'sockets.frame': () => fail('not-found', 'The socket is closed') });
    await user.click(button('Apply'));
    expect(await screen.findByText('The socket is closed')).toBeTruthy();
    expect(dialog()).toBeTruthy();
  });

  test('stays as it is where that is cancelled', async () => {
    const { user, calls } = socketDialog();
    await user.selectOptions(framing(), 'json');
    await user.click(button('Cancel'));
    expect([dialog(), calls]).toEqual([null, []]);
  });
});

describe('the bytes so far of an incomplete message', () => {
  const shown = (answers: Answers) => {
    const host = fakeHost(answers);
    show(host.services, { sockets: [socketView(7, 'e1')] });
    const user = renderPart(host.services, <Dialogs />);
    act(() => showDialog(host.services.dialogs, { kind: 'waiting-bytes', socket: 7 }));
    return { ...host, user };
  };

  test('are text and hex, as they were when they were asked for', async () => {
    let bytes = new Uint8Array([72, 105, 13, 10, 0]);
    const { user } = shown({ 'sockets.waiting': () => ok({ bytes, length: 20_000 }) });
    expect((await screen.findByText('Text')).nextElementSibling?.textContent).toBe('Hi\\r\n\\0');
    expect(screen.getByText('Hex').nextElementSibling?.textContent).toBe(`0000  ${'48 69 0d 0a 00'.padEnd(47)}  Hi···`);
    screen.getByText(/^First 5 B of 20\s000 B received/);
    bytes = new Uint8Array([72]);
    await user.click(button('Refresh'));
    await waitFor(() => expect(screen.getByText('Text').nextElementSibling?.textContent).toBe('H'));
  });

  test('are none where the message has ended meanwhile, and a failure says why there are none', async () => {
    let answer: Result<{ bytes: Uint8Array; length: number }> = ok({ bytes: new Uint8Array(0), length: 0 });
    const { user } = shown({ 'sockets.waiting': () => answer });
    await screen.findByText('No incomplete message.');
    answer = fail('wrong-state', 'The socket is closed');
    await user.click(button('Refresh'));
    await screen.findByText('The socket is closed');
  });
});

describe('another framing of a recorded session', () => {
  const made = sessionView('made', { state: 'read-only' });

  interface Setup {
    readonly socket?: number;
    readonly endpoint?: string;
    readonly framing?: FramingSpec;
    readonly selected?: boolean;
    readonly answers?: Answers;
  }

  function sessionDialog({ selected = false, answers = {}, ...wanted }: Setup = {}) {
    const host = fakeHost({ 'sessions.reframe': () => ok(made), ...answers });
    const { services } = host;
    show(services, { sessions: [sessionView('first')], endpoints: [endpointView('e1')] });
    if (selected) {
      const row = {
        seq: 1,
        at: 0,
        kind: 'in',
        socket: 7,
        offset: 0,
        length: 1,
        head: 0,
        tail: 0,
        flags: 0,
        preview: '',
      } as const;
      const info = { id: 7, name: 'server', framing: 'json', peer: '127.0.0.1:50007' };
      select(services.selection, services.tabs.getState().active, { session: 'first', row, info: Object(info) });
    }
    const user = renderPart(services, <Dialogs />);
    act(() => showDialog(services.dialogs, { kind: 'reframe', session: 'first', ...wanted }));
    return { ...host, user };
  }

  const make = () => button('Create session');

  test('makes a session of all of its streams, and shows it', async () => {
    const { user, services, ...host } = sessionDialog();
    expect(screen.queryByRole('radio')).toBeNull();
    await user.selectOptions(framing(), 'json');
    await user.click(make());
    await waitFor(() => expect(activeTab(services.tabs.getState())).toMatchObject({ session: 'made' }));
    expect(inputsOf(host, 'sessions.reframe')).toEqual([
      { session: 'first', framing: { kind: 'json' }, job: expect.any(String) },
    ]);
  });

  test('is guessed from the recorded data: a guess says how many messages it gives, and fills the fields', async () => {
    const guess = { framing: 'len:2be:at4', protocols: ['modbus'], messages: 6, malformed: 0, unfinished: 0 };
    const flow = { socket: 7, peer: '', bytes: 79 };
    const flows = [
      { ...flow, direction: 'in' as const, guesses: [guess] },
      {
        ...flow,
        direction: 'out' as const,
        guesses: [{ ...guess, framing: 'line', protocols: [], messages: 1 }, guess],
      },
    ];
    const answers: Answers = { 'sessions.guessFramings': () => ok({ flows }) };
    const { user, ...host } = sessionDialog({ socket: 7, answers });
    await user.click(button('Guess from recorded data'));
    await screen.findByRole('table', { name: 'Matching framings' });
    const rows = screen.getAllByRole('row').map((row) => within(row).queryAllByRole('cell').slice(0, 4));
    expect(rows.slice(1).map((cells) => cells.map(({ textContent }) => textContent))).toEqual([
      ['modbus', 'len:2be:at4', '12', 'in, out'],
      ['LF-terminated lines', 'line', '1', 'out'],
    ]);
    expect(inputsOf(host, 'sessions.guessFramings')).toMatchObject([{ session: 'first', sockets: [7] }]);
    await user.click(button('Use modbus (len:2be:at4)'));
    await user.click(make());
    expect(inputsOf(host, 'sessions.reframe')).toMatchObject([{ framing: { kind: 'length', size: 2, offset: 4 } }]);
  });

  test('is guessed from the streams that are selected, and the guess for other streams goes', async () => {
    const answers: Answers = { 'sessions.guessFramings': () => ok({ flows: [] }) };
    const { user, ...host } = sessionDialog({ endpoint: 'e1', framing: { kind: 'json' }, answers });
    await user.click(button('Guess from recorded data'));
    await screen.findByRole('status');
    await user.click(screen.getByRole('radio', { name: /^All sockets/ }));
    expect(screen.queryByRole('status')).toBeNull();
    await user.click(button('Guess from recorded data'));
    expect(inputsOf(host, 'sessions.guessFramings')).toEqual([
      { session: 'first', job: expect.any(String), endpoint: 'e1' },
      { session: 'first', job: expect.any(String) },
    ]);
  });

  test('calls raw what one read brought, and no message', () => {
    sessionDialog();
    screen.getByRole('option', { name: 'None: one row per recv()' });
  });

  test('says where no framing fits, and why nothing could be guessed', async () => {
    let answer: ReturnType<NonNullable<Answers['sessions.guessFramings']>> = ok({ flows: [] });
    const { user } = sessionDialog({ answers: { 'sessions.guessFramings': () => answer } });
    await user.click(button('Guess from recorded data'));
    expect((await screen.findByRole('status')).textContent).toBe('No framing matches the recorded data.');
    answer = fail('file', 'Could not read the session');
    await user.click(button('Guess from recorded data'));
    expect(await screen.findByText(/Could not read the session/)).toBeTruthy();
  });

  test('is of one socket where it was asked for from its record', async () => {
    const { user, ...host } = sessionDialog({ socket: 7 });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Only socket 7' }).checked).toBe(true);
    await user.click(make());
    expect(inputsOf(host, 'sessions.reframe')).toMatchObject([{ sockets: [7] }]);
  });

  test('begins with the framing of the selected record’s socket, and offers it alone or all of them', async () => {
    const { user, ...host } = sessionDialog({ selected: true });
    expect(framing().value).toBe('json');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^All sockets/ }).checked).toBe(true);
    await user.click(screen.getByRole('radio', { name: 'Only socket 7 (server 127.0.0.1:50007)' }));
    await user.click(make());
    expect(inputsOf(host, 'sessions.reframe')).toMatchObject([{ sockets: [7], framing: { kind: 'json' } }]);
  });

  test('is the endpoint’s and its own where it was offered for an endpoint', async () => {
    const { user, ...host } = sessionDialog({ endpoint: 'e1', framing: { kind: 'json' }, selected: true });
    expect(framing().value).toBe('json');
    expect(screen.getAllByRole('radio')).toHaveLength(2);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /^Only endpoint/ }).checked).toBe(true);
    await user.click(make());
    expect(inputsOf(host, 'sessions.reframe')).toMatchObject([{ endpoint: 'e1', framing: { kind: 'json' } }]);
  });

  test('that is wrong is not begun', async () => {
    const { user, calls } = sessionDialog();
    await user.selectOptions(framing(), 'gap');
    await user.clear(screen.getByLabelText('Idle gap (ms)'));
    await user.click(make());
    expect(screen.getByRole('alert')).toBeTruthy();
    expect(calls).toEqual([]);
  });

  test('is not made where that is cancelled', async () => {
    const { user, calls } = sessionDialog();
    await user.keyboard('{Escape}');
    expect([dialog(), calls]).toEqual([null, []]);
  });
});
