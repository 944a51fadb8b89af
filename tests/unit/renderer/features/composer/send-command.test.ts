import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { readHandle } from '#support/file-handles.ts';
import { applySnapshot } from '../../../../../src/renderer/bridge/live-store.ts';
import {
  cancelSend,
  hasTarget,
  sendDraft,
  targetsOf,
} from '../../../../../src/renderer/features/composer/send-command.ts';
import { changeDraft, type Draft, draftOf, noPace, progressSend } from '../../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { clientView, endpointView, fakeHost, socketView } from '../../fake-services.ts';

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
      jobs: [],
      programs: [],
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
        input: { sockets: [1, 2, 3], bytes: new Uint8Array([0x68, 0xc3, 0xa9]), frame: true, job: expect.any(String) },
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
    await send();
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure).toMatchObject({
      message: 'The payload was not sent: it is not valid JSON',
      system: 'line 1, column 6: Unexpected `}`: a value is expected',
    });
    await send(true);
    expect(calls).toHaveLength(1);
  });

  test('of XML is checked strictly: what only looks like a document is refused', async () => {
    const { send, calls, draft } = server({ format: 'xml', text: '<a>]]></a>' });
    await send();
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure?.system).toBe('line 1, column 6: `]]>` in text is written `]]&gt;`');
    await send(true);
    expect(calls).toHaveLength(1);
  });

  test('of what is not hex sends nothing, even when it is meant', async () => {
    const { send, calls, draft } = server({ format: 'hex', text: 'zz' });
    await send(true);
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure?.message).toContain('not valid hex');
  });

  test('of nothing, or to nobody, says so', async () => {
    const empty = server({ format: 'text', text: '' });
    await empty.send();
    expect(empty.draft().outcome?.failure?.message).toBe('The payload was not sent: it is empty');
    const nobody = server({ format: 'text', text: 'x', target: { kind: 'some', sockets: [] } });
    await nobody.send();
    expect(nobody.draft().outcome?.failure?.message).toBe('The payload was not sent: there is no open connection');
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

  test('tells how far it is, and can be cancelled: what went is said', async () => {
    let end = (_value: unknown) => {};
    const host = fakeHost({
      'sockets.send': () =>
        new Promise((resolve) => {
          end = resolve as typeof end;
        }),
      'jobs.cancel': () => ok({}),
    });
    const { services, calls } = host;
    services.live.setState((state) =>
      applySnapshot(state, {
        endpoints: [endpointView('a', { state: 'listening' })],
        sockets: [socketView(1, 'a')],
        sessions: [],
        jobs: [],
        programs: [],
      }),
    );
    const tab = endpointTab(formOf(defaultServer), 'a');
    services.tabs.setState({ tabs: [tab], active: tab.id });
    const draft = () => draftOf(services.drafts.getState(), tab.id);
    changeDraft(services.drafts, tab.id, { pace: { ...noPace, bytesPerSecond: '1' } });
    const sending = sendDraft(services, tab.id, { anyway: false });
    const job = draft().sending?.job ?? '';
    progressSend(services.drafts, job, 3, 14);
    expect(draft().sending).toEqual({ job, done: 3, total: 14 });
    await cancelSend(services, tab.id);
    expect(calls.at(-1)).toEqual({ name: 'jobs.cancel', input: { job } });
    end(ok({ sent: [{ socket: 1, bytes: 3, error: fail('cancelled', 'Could not send').error }] }));
    await sending;
    expect(draft()).toMatchObject({ sending: undefined, outcome: { bytes: 3, cancelled: true, failure: undefined } });
    expect(calls.find(({ name }) => name === 'sockets.send')?.input).toMatchObject({ pace: { bytesPerSecond: 1 } });
  });

  test('of a file hands over its path, whatever the text is', async () => {
    const { send, calls } = server({
      format: 'hex',
      text: 'zz',
      file: { handle: readHandle('big.bin'), name: 'big.bin' },
    });
    await send();
    expect(calls[0]?.input).toMatchObject({ file: readHandle('big.bin'), sockets: [1, 2, 3] });
    expect(calls[0]?.input).not.toHaveProperty('bytes');
  });

  test('is not begun at a pace that is none', async () => {
    const { send, calls, draft } = server({ pace: { ...noPace, delayMs: 'x' } });
    await send();
    expect(calls).toEqual([]);
    expect(draft().outcome?.failure?.message).toBe('The payload was not sent: invalid send timing');
  });

  test('has a target exactly where there are sockets to send to', () => {
    const view = endpointView('a', { state: 'listening' });
    const states = fc.record({ id: fc.integer({ min: 1, max: 6 }), mine: fc.boolean(), writeEnded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(states), fc.option(fc.array(fc.integer({ min: 1, max: 6 }))), (list, chosen) => {
        const sockets = new Map(
          list.map(({ id, mine, writeEnded }) => [id, socketView(id, mine ? 'a' : 'b', { writeEnded })]),
        );
        const target = chosen === null ? ({ kind: 'all' } as const) : ({ kind: 'some', sockets: chosen } as const);
        expect(hasTarget({ sockets }, view, { target })).toBe(targetsOf({ sockets }, view, { target }).length > 0);
      }),
    );
  });
});
