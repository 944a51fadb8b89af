import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '#shared/socket/address.ts';
import { reduce, type SocketEvent } from '#shared/socket/event.ts';
import { type Ending, endingOf, endingText, initialState } from '#shared/socket/state.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import type { Transport } from '#shared/socket/transports.ts';

const local: Address = { host: '127.0.0.1', port: 12_345, family: 4 };
const peer: Address = { host: '::1', port: 51_422, family: 6 };
const closed = (cause: CloseCause): SocketEvent => ({ kind: 'closed', cause, bytesIn: 0, bytesOut: 0 });

const anyEvent: fc.Arbitrary<SocketEvent> = fc.oneof(
  fc.constant<SocketEvent>({ kind: 'listening', local, backlog: 5 }),
  fc.constant<SocketEvent>({ kind: 'resolved', name: 'localhost', addresses: [local, peer] }),
  fc.constant<SocketEvent>({ kind: 'connecting', peer, attempt: 1, of: 2 }),
  fc.constant<SocketEvent>({ kind: 'accepted', local, peer, listener: 1 }),
  fc.constant<SocketEvent>({ kind: 'opened', local, peer, elapsedMs: 1 }),
  fc.constantFrom<SocketEvent>({ kind: 'shutdown' }, { kind: 'ended' }, { kind: 'resumed' }),
  fc.constant<SocketEvent>({ kind: 'paused', reason: 'the log' }),
  fc.constant<SocketEvent>({ kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: '' }),
  fc
    .constantFrom<CloseCause>('local', 'peer', 'reset-by-us', 'reset-by-peer', 'failed', 'timeout', 'stopped')
    .map(closed),
);

function run(events: readonly SocketEvent[]) {
  return events.reduce(reduce, initialState);
}

describe('the state of a socket', () => {
  test('follows a client through two addresses to an orderly end', () => {
    const words = [
      { kind: 'resolved', name: 'localhost', addresses: [peer, local] },
      { kind: 'connecting', peer, attempt: 1, of: 2 },
      { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: '' },
      { kind: 'connecting', peer: local, attempt: 2, of: 2 },
      { kind: 'opened', local: peer, peer: local, elapsedMs: 3 },
      { kind: 'shutdown' },
      { kind: 'ended' },
      closed('local'),
    ] satisfies SocketEvent[];
    const seen = words.map((_, index) => run(words.slice(0, index + 1)).word);
    expect(seen).toEqual([
      'opening',
      'connecting',
      'connecting',
      'connecting',
      'connected',
      'half-closed',
      'half-closed',
      'closed',
    ]);
    expect(run(words)).toMatchObject({
      local: '[::1]:51422',
      peer: '127.0.0.1:12345',
      writeEnded: true,
      readEnded: true,
    });
  });

  test.each([
    ['reset-by-peer', 'reset'],
    ['timeout', 'failed'],
    ['stopped', 'closed'],
  ] as const)('after an end by %s the word is %s', (cause, word) => {
    expect(run([{ kind: 'accepted', local, peer, listener: 1 }, closed(cause)]).word).toBe(word);
  });

  test('never changes after the terminal event, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.array(anyEvent), (before, after) => {
        const ended = run([...before, closed('local')]);
        expect(after.reduce(reduce, ended)).toBe(ended);
      }),
    );
  });

  test('has a cause exactly when a closed event came', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const first = events.find((event) => event.kind === 'closed');
        expect(run(events).cause).toBe(first?.kind === 'closed' ? first.cause : undefined);
      }),
    );
  });
});

const refused: SocketEvent = { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: '' };
const counts = { bytesIn: 0, bytesOut: 0 };
const stateAfter = (...events: readonly SocketEvent[]) => endingOf(events.reduce(reduce, initialState));

describe('how a socket has ended', () => {
  test('is not known while it is open', () => {
    expect(stateAfter({ kind: 'connecting', peer, attempt: 1, of: 1 }, refused)).toBeUndefined();
  });

  test('is the call that failed, with what the system said', () => {
    expect(stateAfter(refused, { kind: 'closed', cause: 'failed', errno: 'ECONNREFUSED', ...counts })).toEqual({
      cause: 'failed',
      errno: 'ECONNREFUSED',
      call: 'connect',
    });
  });

  test('is not the failure of an address that was tried before', () => {
    const opened: SocketEvent = { kind: 'opened', local: peer, peer, elapsedMs: 1 };
    expect(stateAfter(refused, opened, { kind: 'closed', cause: 'peer', ...counts })).toEqual({ cause: 'peer' });
    const reset: SocketEvent = { kind: 'closed', cause: 'reset-by-peer', errno: 'ECONNRESET', ...counts };
    expect(stateAfter(refused, opened, reset)).toEqual({ cause: 'reset-by-peer', errno: 'ECONNRESET' });
  });

  test.each<[Ending, Transport, string]>([
    [{ cause: 'local' }, 'tcp', 'locally'],
    [{ cause: 'peer' }, 'tcp', 'by the peer (FIN)'],
    [{ cause: 'peer', text: 'code 1001' }, 'ws', 'by the peer (code 1001)'],
    [{ cause: 'peer' }, 'udp', 'by the peer'],
    [{ cause: 'stopped' }, 'tcp', 'because the server was stopped'],
    [{ cause: 'reset-by-us' }, 'tls', 'locally (RST)'],
    [{ cause: 'reset-by-peer', errno: 'ECONNRESET', call: 'recv' }, 'tcp', 'by the peer (RST, recv(): ECONNRESET)'],
    [{ cause: 'reset-by-peer', errno: 'EPIPE', call: 'send' }, 'local', 'by the peer (send(): EPIPE)'],
    [{ cause: 'failed', errno: 'ECONNREFUSED', call: 'connect' }, 'tcp', 'in connect(): ECONNREFUSED'],
    [{ cause: 'failed' }, 'tcp', ''],
    [{ cause: 'timeout' }, 'tcp', 'because a time limit expired'],
    [
      { cause: 'timeout', errno: 'ETIMEDOUT', call: 'connect' },
      'tcp',
      'because a time limit expired (connect(): ETIMEDOUT)',
    ],
  ])('%j over %s reads: %s', (ending, transport, text) => {
    expect(endingText(ending, transport)).toBe(text);
  });
});
