import type { RecordKind, SocketInfo } from '#shared/record/record.ts';
import { eventKindOf } from '#shared/socket/event.ts';
import { isObserved } from '#shared/socket/socket-facts.ts';
import { shortAddress } from '../../ui/address.ts';

/** How the direction of a message is written: an arrow, a word and a colour. */
export function directionOf(kind: RecordKind): { kind: 'in' | 'out'; text: string } | undefined {
  if (kind === 'in') return { kind, text: '→ in' };
  return kind === 'out' ? { kind, text: 'out ←' } : undefined;
}

/** How a row stands out: lifecycle events are quieter than messages, problems louder. */
export function toneOf(kind: RecordKind): 'plain' | 'event' | 'problem' | 'warning' {
  if (kind === 'in' || kind === 'out') return 'plain';
  return eventKindOf(kind).level ?? 'event';
}

/**
 * Returns the other side of a socket, or where a listener listens; both sides of a connection that was only observed, the one
 * that connected first. The port alone where it is this machine.
 */
export function peerOf(info: SocketInfo | undefined): string {
  if (!info) return '';
  if (isObserved(info) && info.local !== '' && info.peer !== '') {
    const [from, to] = info.role === 'accepted' ? [info.peer, info.local] : [info.local, info.peer];
    return `${shortAddress(from)} → ${shortAddress(to)}`;
  }
  return shortAddress(info.role === 'listener' ? info.local : info.peer);
}
