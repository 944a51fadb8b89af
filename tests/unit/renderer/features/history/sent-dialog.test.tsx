import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { recordedSession, type Written } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import type { DiffProps } from '../../../../../src/renderer/features/history/comparison.tsx';
import type { ComposerCalls } from '../../../../../src/renderer/features/history/sent-actions.ts';
import { SentDialog } from '../../../../../src/renderer/features/history/sent-dialog.tsx';
import { draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

function Diff({ original, originalLabel, modified, modifiedLabel }: DiffProps) {
  return <pre>{`${originalLabel}: ${original} | ${modifiedLabel}: ${modified}`}</pre>;
}

const written: readonly Written[] = [
  { kind: 'out', preview: 'GET /one' },
  { kind: 'out', preview: 'tick' },
  { kind: 'out', preview: 'tick' },
  { kind: 'out', preview: 'evil ⟨U+202E⟩\u240d\u240a' },
];

interface Setup {
  readonly rows?: readonly Written[];
  readonly answers?: Answers;
  readonly composer?: Partial<ComposerCalls> | undefined;
  readonly state?: 'recording' | 'read-only';
}

/** The dialog over a session with `rows`; its composer is that of the endpoint `e1`. */
function sentDialog({ rows = written, answers = {}, composer = {}, state = 'recording' }: Setup = {}) {
  const recorded = recordedSession({
    rows,
    filters: {
      out: ({ kind }) => kind === 'out',
      'endpoint.id == "e1" && out': ({ kind }) => kind === 'out',
      'endpoint.id == "e1" && out && text contains "t"': ({ preview }) => preview.includes('t'),
    },
  });
  const host = fakeHost({ ...recorded.answers, ...answers });
  const { services } = host;
  const session = sessionView('s', { state, total: rows.length });
  show(services, { sessions: [session] });
  const calls = {
    tab: 't1',
    endpoint: 'e1',
    sendAgain: vi.fn<ComposerCalls['sendAgain']>(async ({ bytes }) => ({
      sockets: 2,
      bytes: bytes.length,
      failed: 0,
      failure: undefined,
    })),
    bytesToSend: vi.fn<ComposerCalls['bytesToSend']>(async () => ok(new TextEncoder().encode('GET /two'))),
    ...composer,
  };
  const isStored = state === 'read-only';
  const user = renderPart(
    services,
    <SentDialog session={session} composer={isStored ? undefined : calls} Diff={Diff} />,
  );
  return { ...host, ...calls, user, draft: () => draftOf(services.drafts.getState(), 't1') };
}

const rows = () => screen.findAllByRole('option');
const texts = async () => (await rows()).map(({ textContent }) => textContent);
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const list = () => screen.getByRole('listbox', { name: 'Sent messages, the last one first' });
const search = () => screen.getByRole('textbox', { name: 'Search' });

describe('the list of sent messages', () => {
  test('has the last one first, with its peer, its length and its hidden characters', async () => {
    sentDialog();
    const shown = await texts();
    expect(shown).toHaveLength(3);
    expect(shown[0]).toMatch(/^#3\d\d:\d\d:03\.000boiler :50001\d+evil ⟨U\+202E⟩\\r\\n$/);
    expect(shown[1]).toContain('× 2tick');
    expect(screen.getByText('4 messages')).toBeDefined();
    expect(button('Send again').disabled).toBe(true);
  });

  test('shows the first bytes of a binary message in hex', async () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, at) => (at === 0 ? 0xff : at));
    const answers: Answers = {
      'sessions.payload': ({ from, length }) => ok({ bytes: bytes.slice(from, from + length), total: 60 }),
    };
    sentDialog({ rows: [{ kind: 'out', preview: '\ufffd\u2401', length: 60, head: 1 }], answers });
    expect(await screen.findByText(/^hex 01 02 03 .* 2f 30 …$/)).toBeDefined();
  });

  test('is of the endpoint of the tab, or of all', async () => {
    const { user, calls } = sentDialog();
    await rows();
    await user.click(screen.getByRole('checkbox', { name: 'All endpoints' }));
    const queries = calls.filter(({ name }) => name === 'sessions.query').map(({ input }) => input);
    expect(queries).toEqual([
      { session: 's', filter: 'out', endpoint: 'e1' },
      { session: 's', filter: 'out', endpoint: undefined },
    ]);
  });

  test('is searched while the text is typed, and the focus moves to it by keys', async () => {
    const { user } = sentDialog();
    await rows();
    await user.type(search(), 't');
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(list());
    expect((await rows())[0]?.getAttribute('aria-selected')).toBe('true');
    expect(list().getAttribute('aria-activedescendant')).toBe((await rows())[0]?.id);
    await user.type(search(), 'zzz');
    await screen.findByText('No sent message matches');
  });

  test.each([
    ['recording', 'No messages sent yet'],
    ['read-only', 'No messages were sent in this session'],
  ] as const)('of a session (%s) without sent messages says so', async (state, text) => {
    sentDialog({ rows: [{ preview: 'received' }], state });
    await screen.findByText(text);
  });

  test('says why it cannot be read', async () => {
    sentDialog({ answers: { 'sessions.window': () => fail('file', 'Could not read “x”') } });
    expect((await screen.findByRole('alert')).textContent).toContain('Could not read “x”');
  });

  test('is closed with Escape', async () => {
    const { user, services } = sentDialog();
    act(() => services.dialogs.setState({ kind: 'sent-messages', tab: 't1' }, true));
    await rows();
    await user.keyboard('{Escape}');
    expect(services.dialogs.getState().kind).toBe('none');
  });
});

describe('a sent message', () => {
  test('is sent again with Enter: its bytes with and without framing', async () => {
    const { user, sendAgain } = sentDialog({ rows: [{ kind: 'out', preview: 'hello\n', tail: 1 }] });
    await rows();
    await user.type(search(), '{Enter}{Enter}');
    await screen.findByText('sent 6 B to 2 peers');
    expect(sendAgain).toHaveBeenCalledExactlyOnceWith({
      bytes: new TextEncoder().encode('hello\n'),
      body: new TextEncoder().encode('hello'),
      framing: 'line',
      tried: 'Record 0 was not sent again',
    });
  });

  test('that could not be sent says why', async () => {
    const failure = fail('closed', 'Could not send', { hint: 'Connect first.' }).error;
    const { user } = sentDialog({
      composer: { sendAgain: async () => ({ sockets: 0, bytes: 0, failed: 1, failure }) },
    });
    await rows();
    await user.type(search(), '{Enter}{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Connect first.');
  });

  test('that is a part of a file is not sent again', async () => {
    const { user, sendAgain } = sentDialog({ rows: [{ kind: 'out', preview: 'x', flags: messageFlags.part }] });
    await rows();
    await user.type(search(), '{Enter}{Enter}');
    expect(button('Send again').title).toContain('send the file again');
    expect(button('Send again').disabled).toBe(true);
    expect(sendAgain).not.toHaveBeenCalled();
  });

  test('is used as the payload of the composer, without its framing', async () => {
    const { user, draft, services } = sentDialog({ rows: [{ kind: 'out', preview: '{"a":1}\n', tail: 1 }] });
    act(() => services.dialogs.setState({ kind: 'sent-messages', tab: 't1' }, true));
    await user.click((await rows())[0] as HTMLElement);
    await user.click(button('Use as payload'));
    await waitFor(() => expect(draft()).toMatchObject({ format: 'json', text: '{"a":1}', name: 'from #0' }));
    expect(services.dialogs.getState().kind).toBe('none');
  });

  test('that the session has lost is neither sent nor used', async () => {
    const answers: Answers = { 'sessions.payload': () => ok({ bytes: new Uint8Array(0), total: 0 }) };
    const { user, draft, sendAgain } = sentDialog({ answers });
    await user.click((await rows())[0] as HTMLElement);
    for (const name of ['Use as payload', 'Send again']) {
      await user.click(button(name));
      expect((await screen.findByRole('alert')).textContent).toContain('The session file is damaged there.');
    }
    expect(draft().name).toBe('untitled');
    expect(sendAgain).not.toHaveBeenCalled();
  });
});

describe('the comparison of sent messages', () => {
  test('is with the editor, and Escape returns to the list', async () => {
    const { user } = sentDialog();
    await rows();
    await user.type(search(), '{ArrowDown}');
    await user.keyboard('{End}');
    await user.click(button('Compare with editor'));
    await screen.findByText('Record 0: GET /one | Editor: GET /two');
    await waitFor(() => expect(document.activeElement).toBe(button('Back to the list')));
    // Also the second time, which a browser would not let the page prevent.
    for (let round = 0; round < 2; round += 1) {
      await user.keyboard('{Escape}');
      await waitFor(() => expect(document.activeElement).toBe(list()));
      expect(screen.getByRole<HTMLDialogElement>('dialog').open).toBe(true);
      if (round === 0) await user.click(button('Compare with editor'));
      if (round === 0) await screen.findByText(/^Record 0: GET/);
    }
    expect((await rows()).at(-1)?.getAttribute('aria-selected')).toBe('true');
  });

  test('is of two messages that are selected with keys, the older one on the left', async () => {
    const { user } = sentDialog();
    await rows();
    await user.type(search(), '{ArrowDown}');
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    await user.click(button('Compare'));
    await screen.findByText(/^Record 2: tick \| Record 3: evil/);
  });

  test('says that two messages are equal', async () => {
    const { user } = sentDialog({ rows: ['x', 'y', 'x'].map((preview) => ({ kind: 'out', preview })) });
    const [newest, , oldest] = await rows();
    await user.click(newest as HTMLElement);
    await user.keyboard('{Control>}');
    await user.click(oldest as HTMLElement);
    await user.keyboard('{/Control}');
    await user.click(button('Compare'));
    await screen.findByText('The bytes are equal');
  });

  test('takes a third selected message in place of the first, and Space removes one', async () => {
    const { user } = sentDialog();
    await rows();
    await user.type(search(), '{ArrowDown}');
    await user.keyboard('{Control>}{ArrowDown}{/Control} {Control>}{ArrowDown}{/Control} ');
    const selected = async () => (await rows()).map((row) => row.getAttribute('aria-selected'));
    expect(await selected()).toEqual(['false', 'true', 'true']);
    await user.keyboard(' ');
    expect(await selected()).toEqual(['false', 'true', 'false']);
  });

  test('with the editor shows the reason when it is not possible', async () => {
    const bytesToSend = async () => fail('bad-input', 'The payload in the editor could not be compared');
    const { user } = sentDialog({ composer: { bytesToSend } });
    await user.click((await rows())[0] as HTMLElement);
    await user.click(button('Compare with editor'));
    expect((await screen.findByRole('alert')).textContent).toContain('could not be compared');
  });
});

test('a stored session offers only the comparison of two', async () => {
  sentDialog({ state: 'read-only' });
  await rows();
  const names = within(screen.getByRole('dialog'))
    .getAllByRole('button')
    .map(({ textContent }) => textContent);
  expect(names).toEqual(['Compare', 'Close']);
  expect(screen.queryByRole('checkbox')).toBeNull();
});
