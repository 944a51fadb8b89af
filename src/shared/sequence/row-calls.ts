import type { Row, SocketInfo } from '../record/record.ts';
import { formatAddress } from '../socket/address.ts';
import type { SocketEvent } from '../socket/event.ts';
import type { CallOrigin, call } from '../socket/events/call.ts';
import { isObserved } from '../socket/state.ts';
import { callLabel } from './words.ts';

type CallEvent = Extract<SocketEvent, { kind: typeof call.kind }>;

/** The call that one row of a sequence shows. */
export interface RowCall {
  readonly name: string;
  readonly label: string;
  /** The socket whose lifeline it is in: of accept(), the listener. */
  readonly socket: number;
  readonly origin: CallOrigin;
  /** When it was called, milliseconds since the Unix epoch; undefined where it took no time that can be seen. */
  readonly startAt?: number;
  readonly durationMs?: number;
  /** It began when the socket's last call of one of these kinds of records had ended. */
  readonly since?: readonly Row['kind'][];
  readonly waits: boolean;
  readonly failed: boolean;
  /** What the two records of a call that waits have in common. */
  readonly key?: string;
}

/**
 * Returns the call of a row, or `undefined` for a row that is not a call. A traced program's calls are records; the messages and
 * events that follow from them are not calls. Of Wirebench's own sockets, messages and events represent the calls.
 */
export function rowCall(row: Row, info: SocketInfo | undefined): RowCall | undefined {
  if (row.event?.kind === 'call') return tracedCall(row, row.event);
  if (info?.program !== undefined || (info && isObserved(info))) return undefined;
  return madeCall(row, info);
}

function tracedCall({ socket, seq }: Row, event: CallEvent): RowCall {
  const { name, origin, startAt, durationMs, waits = false, errno, pid, number } = event;
  return {
    ...{ name, socket, origin, startAt, durationMs, waits, label: callLabel(event), failed: errno !== undefined },
    key: number === undefined ? `row ${seq}` : `${pid ?? 0} ${number}`,
  };
}

function madeCall(row: Row, info: SocketInfo | undefined): RowCall | undefined {
  const made = (name: string, label: string, more: Partial<RowCall> = {}): RowCall => ({
    ...{ name, label, socket: row.socket, origin: 'made', waits: false, failed: false },
    ...more,
  });
  const { kind, event, at } = row;
  const to = info?.transport === 'udp' && info.role !== 'outgoing' ? { send: 'sendto', recv: 'recvfrom' } : undefined;
  if (kind === 'out')
    return made(
      to?.send ?? 'send',
      callLabel({ name: to?.send ?? 'send', args: String(row.length), result: row.length }),
    );
  if (kind === 'in') return made(to?.recv ?? 'recv', callLabel({ name: to?.recv ?? 'recv', result: row.length }));
  switch (event?.kind) {
    case 'listening':
      return made(
        'listen',
        `socket() · ${callLabel({ name: 'bind', args: formatAddress(event.local) })} · listen(${event.backlog})`,
      );
    case 'bound':
      return made('bind', `socket() · ${callLabel({ name: 'bind', args: formatAddress(event.local) })}`);
    case 'resolved':
      return made('getaddrinfo', callLabel({ name: 'getaddrinfo', args: event.name }));
    case 'connecting':
      return made('socket', 'socket()');
    case 'opened':
      return made('connect', callLabel({ name: 'connect', args: formatAddress(event.peer) }), {
        ...{ startAt: at - event.elapsedMs, durationMs: event.elapsedMs },
      });
    case 'accepted':
      return made('accept', 'accept()', { socket: event.listener, since: ['listening', 'accepted'] });
    case 'shutdown':
      return made('shutdown', 'shutdown(SHUT_WR)');
    case 'ended':
      return made('recv', callLabel({ name: 'recv', result: 0 }));
    case 'failed':
      return made(event.call, callLabel({ name: event.call, errno: event.errno || 'failed' }), { failed: true });
    case 'closed':
      return made('close', 'close()');
    default:
      return undefined;
  }
}
