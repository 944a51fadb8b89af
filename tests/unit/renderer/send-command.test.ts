import { describe, expect, test } from 'vitest';
import { defaultClient, defaultServer } from '#shared/contract/endpoint-config.ts';
import { fail, ok } from '#shared/contract/failure.ts';
import { changeDraft, type Draft, draftOf } from '../../../src/renderer/client/drafts-store.ts';
import { formOf } from '../../../src/renderer/client/endpoint-form.ts';
import { applySnapshot } from '../../../src/renderer/client/live-store.ts';
import { formatDraft, sendDraft, targetsOf } from '../../../src/renderer/client/send-command.ts';
import { endpointTab } from '../../../src/renderer/client/tabs-store.ts';
import { clientView, endpointView, fakeHost, socketView } from './fake-services.ts';

function server(draft: Partial<Omit<Draft, 'problem'>>) {
  const host = fakeHost({
    'sockets.send': ({ sockets, bytes }) =>
      ok({
        sent: sockets.map((socket) =>
          socket === 3
            ? { socket, bytes: 0, error: fail('reset', 'Could not send').error }
            : { socket, bytes: bytes?.length ?? 0 },
        ),
      }),
  });
  const { services } = host;
  services.live.setState((state) =>
    applySnapshot(state, {
      endpoints: [endpointView('a', { state: 'listening' })],
      sockets: [socketView(1, 'a'), socketView(2, 'a'), socketView(3, 'a'), socketView(4, 'a', { writeEnded: true })],
      sessions: [],
    }),
  );
  const tab = endpointTab(formOf(defaultServer), 'a');
  services.tabs.setState({ tabs: [tab], active: tab.id });
  changeDraft(services.drafts, tab.id, draft);
  const send = (anyway = false) => sendDraft(services, tab.id, { anyway });
  return { ...host, tab, send, draft: () => draftOf(services.drafts.getState(), tab.id) };
}

describe('sending', () => {
  test('goes to all peers that can still be sent to', async () => {
    const { send, calls, draft } = server({ format: 'text', text: 'hé' });
    await send();
    expect(calls).toEqual([
      {
        name: 'sockets.send',
        input: { sockets: [1, 2, 3], bytes: new Uint8Array([0x68, 0xc3, 0xa9]), frame: true, task: expect.any(String) },
      },
    ]);
    expect(draft().outcome).toMatchObject({ sockets: 2, bytes: 6, failed: 1, failure: { code: 'reset' } });
    expect(draft().sending).toBeUndefined();
  });

  test('goes to those that are chosen', async () => {
    const { send, calls } = server({ format: 'hex', text: 'ff 00', target: { kind: 'some', sockets: [2, 4] } });
    await send();
    expect(calls[0]?.input).toMatchObject({ sockets: [2], bytes: new Uint8Array([255, 0]) });
  });

  test('of an invalid payload is refused with line and reason, and done when it is meant', async () => {
    const { send, calls, draft } = server({ format: 'json', text: '{"a":}' });
    expect(draft().problem?.column).toBe(6);
    await send();
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure).toMatchObject({
      message: 'This is not valid JSON',
      system: 'line 1, column 6: a value is expected, found “}”',
    });
    await send(true);
    expect(calls).toHaveLength(1);
  });

  test('of what is not hex sends nothing, even when it is meant', async () => {
    const { send, calls, draft } = server({ format: 'hex', text: 'zz' });
    await send(true);
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure?.message).toContain('not hex');
  });

  test('of nothing, or to nobody, says so', async () => {
    const empty = server({ format: 'text', text: '' });
    await empty.send();
    expect(empty.draft().outcome?.failure?.message).toBe('There is nothing to send');
    const nobody = server({ format: 'text', text: 'x', target: { kind: 'some', sockets: [] } });
    await nobody.send();
    expect(nobody.draft().outcome?.failure?.message).toBe('There is no open connection to send to');
  });

  test('by a client uses its own connection, as soon as the endpoint says it is connected', () => {
    const target = { target: { kind: 'all' } } as const;
    const view = clientView('c', { config: defaultClient, state: 'connected', socket: 7 });
    const stale = new Map([[7, socketView(7, 'c', { role: 'outgoing', state: 'connecting' })]]);
    expect(targetsOf({ sockets: stale }, view, target)).toEqual([7]);
    expect(targetsOf({ sockets: new Map() }, { ...view, state: 'connecting' }, target)).toEqual([]);
    const ended = new Map([[7, socketView(7, 'c', { writeEnded: true })]]);
    expect(targetsOf({ sockets: ended }, view, target)).toEqual([]);
  });

  test('is preceded by Format without a change of what the payload means', () => {
    const { services, tab, draft } = server({ format: 'json', text: '{"n":12345678901234567890}' });
    const { revision } = draft();
    formatDraft(services, tab.id);
    expect(draft()).toMatchObject({ text: '{\n  "n": 12345678901234567890\n}', revision: revision + 1 });
    changeDraft(services.drafts, tab.id, { text: '{' });
    formatDraft(services, tab.id);
    expect(draft().text).toBe('{');
  });
});
