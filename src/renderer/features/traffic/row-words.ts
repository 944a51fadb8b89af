import type { RecordKind, SocketInfo } from '#shared/record/record.ts';
import { shortAddress } from '../../ui/address.ts';

/** How the direction of a message is written: an arrow, a word and a colour. */
export function directionOf(kind: RecordKind): { kind: 'in' | 'out'; text: string } | undefined {
  if (kind === 'in') return { kind, text: '→ in' };
  return kind === 'out' ? { kind, text: 'out ←' } : undefined;
}

/** How a row stands out: lifecycle events are quieter than messages, problems louder. */
export function toneOf(kind: RecordKind): 'plain' | 'event' | 'problem' | 'warning' {
  switch (kind) {
    case 'in':
    case 'out':
      return 'plain';
    case 'failed':
    case 'problem':
    case 'malformed':
      return 'problem';
    case 'limited':
    case 'paused':
    case 'waiting':
      return 'warning';
    default:
      return 'event';
  }
}

/** The other side of a socket, or where a listener listens; the port alone where it is this machine. */
export function peerOf(info: SocketInfo | undefined): string {
  if (!info) return '';
  return shortAddress(info.role === 'listener' ? info.local : info.peer);
}
