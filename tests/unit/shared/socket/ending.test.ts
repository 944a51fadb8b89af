import { describe, expect, test } from 'vitest';
import type { Address } from '#shared/socket/address.ts';
import { type Ending, endingOf, endingText } from '#shared/socket/ending.ts';
import { reduce, type SocketEvent } from '#shared/socket/event.ts';
import { initialState } from '#shared/socket/state.ts';
import type { Transport } from '#shared/socket/transports.ts';

const peer: Address = { host: '127.0.0.1', port: 12_345, family: 4 };
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
