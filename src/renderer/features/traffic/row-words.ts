import type { RecordKind, SocketInfo } from '#shared/record/record.ts';
import { eventKindOf } from '#shared/socket/event.ts';
import { isObserved } from '#shared/socket/socket-facts.ts';
import { shortAddress } from '../../ui/address.ts';
import { strings } from './strings.ts';

/** Returns the direction of a message and its text; `undefined` for an event. */
export function directionOf(kind: RecordKind): { kind: 'in' | 'out'; text: string } | undefined {
  if (kind === 'in') return { kind, text: strings.grid.received };
  return kind === 'out' ? { kind, text: strings.grid.sent } : undefined;
}

/** Returns the emphasis of a row: less for lifecycle events than for messages, more for problems. */
export function toneOf(kind: RecordKind): 'plain' | 'event' | 'problem' | 'warning' {
  if (kind === 'in' || kind === 'out') return 'plain';
  return eventKindOf(kind).level ?? 'event';
}

/**
 * Returns the address of the peer, or the local address of a listener; for a connection that was only observed, both
 * addresses, the connecting side first. An address of this machine is shortened to its port.
 */
export function peerOf(info: SocketInfo | undefined): string {
  if (!info) return '';
  if (isObserved(info) && info.local !== '' && info.peer !== '') {
    const [from, to] = info.role === 'accepted' ? [info.peer, info.local] : [info.local, info.peer];
    return `${shortAddress(from)} → ${shortAddress(to)}`;
  }
  return shortAddress(info.role === 'listener' ? info.local : info.peer);
}
