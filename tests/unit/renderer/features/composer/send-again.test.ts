import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { applySnapshot } from '../../../../../src/renderer/bridge/live-store.ts';
import { bytesToSend, sendAgain } from '../../../../../src/renderer/features/composer/send-again.ts';
import { changeDraft, type Draft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { type Answers, endpointView, fakeHost, socketView } from '../../fake-services.ts';

const bytes = new TextEncoder().encode('hi\n');
const body = new TextEncoder().encode('hi');
const message = { bytes, body, framing: 'line', tried: 'Record 7 was not sent again' };

/** The tab of a server whose peers have these framings: the sockets 1, 2 … */
function server(framings: readonly string[], draft: Partial<Omit<Draft, 'problem'>> = {}, answers: Answers = {}) {
  const host = fakeHost({
    'sockets.send': ({ sockets, bytes: sent }) =>
      ok({ sent: sockets.map((socket) => ({ socket, bytes: sent?.length ?? 0 })) }),
    ...answers,
  });
  const { services } = host;
  services.live.setState((state) =>
    applySnapshot(state, {
      endpoints: [endpointView('a', { state: 'listening' })],
      sockets: framings.map((framing, at) => socketView(at + 1, 'a', { framing })),
      sessions: [],
      jobs: [],
      programs: [],
    }),
  );
  const tab = endpointTab(formOf(defaultServer), 'a');
  services.tabs.setState({ tabs: [tab], active: tab.id });
  changeDraft(services.drafts, tab.id, draft);
  const sent = () => host.calls.filter(({ name }) => name === 'sockets.send').map(({ input }) => input);
  return { ...host, tab, sent, draft: () => draftOf(services.drafts.getState(), tab.id) };
}

describe('a recorded message', () => {
  test('is sent as it was to a peer with its framing, and in their own framing to the others', async () => {
    const { services, tab, sent, draft } = server(['line', 'len:4be', 'line'], {
      checksum: { name: 'crc-32' } as never,
    });
    const outcome = await sendAgain(services, tab.id, message);
    const job = expect.any(String);
    expect(sent()).toEqual([
      { sockets: [1, 3], bytes, frame: false, job },
      { sockets: [2], bytes: body, frame: true, job },
    ]);
    expect(outcome).toMatchObject({ sockets: 3, bytes: 8, failed: 0, failure: undefined });
    expect(draft()).toMatchObject({ outcome, sending: undefined });
  });

  test('goes to the selected peers alone', async () => {
    const { services, tab, sent } = server(['line', 'line'], { target: { kind: 'some', sockets: [2] } });
    await sendAgain(services, tab.id, message);
    expect(sent()).toMatchObject([{ sockets: [2] }]);
  });

  test('is not sent without a connection: the failure says what to do', async () => {
    const { services, tab, sent } = server([]);
    expect(await sendAgain(services, tab.id, message)).toMatchObject({
      sockets: 0,
      failure: { message: message.tried, system: 'there is no open connection', hint: expect.stringContaining('Wait') },
    });
    expect(sent()).toEqual([]);
  });

  test('is not sent while something else is sent, or from a tab that is closed', async () => {
    const { services, tab, sent } = server(['line'], { sending: { job: 'j', done: 0, total: 0 } });
    expect(await sendAgain(services, tab.id, message)).toBeUndefined();
    expect(await sendAgain(services, 'gone', message)).toBeUndefined();
    expect(sent()).toEqual([]);
  });

  test('is not sent to the rest after it was cancelled', async () => {
    const { error } = fail('cancelled', 'Sending was cancelled');
    const { services, tab, sent } = server(
      ['line', 'raw'],
      {},
      { 'sockets.send': ({ sockets }) => ok({ sent: sockets.map((socket) => ({ socket, bytes: 1, error })) }) },
    );
    expect(await sendAgain(services, tab.id, message)).toMatchObject({ cancelled: true, bytes: 1, failure: undefined });
    expect(sent()).toHaveLength(1);
  });

  test('that is refused on some peers was sent to the others', async () => {
    const { services, tab } = server(
      ['line', 'raw'],
      {},
      {
        'sockets.send': ({ sockets, frame }) =>
          frame ? fail('bad-input', 'Could not send') : ok({ sent: sockets.map((socket) => ({ socket, bytes: 3 })) }),
      },
    );
    const outcome = await sendAgain(services, tab.id, message);
    expect(outcome).toMatchObject({ sockets: 1, bytes: 3, failed: 1, failure: { code: 'bad-input' } });
  });
});

describe('the bytes that Send would send', () => {
  const preview = (length: number) => ({
    'payloads.preview': () => ok({ bytes: Uint8Array.of(1, 2), length, usesSecret: false }),
  });

  test.each([
    ['a text', { format: 'text', text: 'é\r\n' }, 'c3a90d0a'],
    ['hex', { format: 'hex', text: 'ff 00' }, 'ff00'],
    ['another encoding', { format: 'text', text: 'é', encoding: 'iso-8859-1' }, 'e9'],
    ['a template', { format: 'text', text: '{{ counter }}', template: true }, '0102'],
  ] as const)('are those of %s', async (_, draft, hex) => {
    const { services, tab } = server(['raw'], draft, preview(2));
    const made = await bytesToSend(services, tab.id);
    expect(made.ok && Buffer.from(made.value).toString('hex')).toBe(hex);
  });

  test.each([
    ['hex that is wrong', { format: 'hex', text: '0g' }, 'bad-input'],
    ['a character that the encoding does not have', { format: 'text', text: '€', encoding: 'iso-8859-1' }, 'bad-input'],
    ['a template that makes too much', { format: 'text', text: 'x', template: true }, 'too-large'],
    ['a file', { file: { handle: readHandle('f'), name: 'f' } }, 'unsupported'],
  ] as const)('cannot be made of %s', async (_, draft, code) => {
    const { services, tab } = server(['raw'], draft as never, preview(70_000));
    expect(await bytesToSend(services, tab.id)).toMatchObject({ ok: false, error: { code } });
  });
});
