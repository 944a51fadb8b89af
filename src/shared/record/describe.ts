import { assertNever } from '../assert-never.ts';
import { formatAddress } from '../socket/address.ts';
import type { CloseCause, SocketEvent } from '../socket/event.ts';

/** A lifecycle event as one sentence in the words of the socket calls: what the table and the logs show. */
export function describeEvent(event: SocketEvent): string {
  switch (event.kind) {
    case 'listening':
      return `listening on ${formatAddress(event.local)}, backlog ${event.backlog}`;
    case 'resolved': {
      const { name, addresses } = event;
      if (addresses.length === 0) return `${name} has no address`;
      return `${name} is ${addresses.map((address) => address.host).join(', ')}`;
    }
    case 'connecting': {
      const tries = event.of > 1 ? ` (${event.attempt} of ${event.of})` : '';
      return `connecting to ${formatAddress(event.peer)}${tries}`;
    }
    case 'accepted':
      return `accepted ${formatAddress(event.peer)}`;
    case 'opened':
      return `connected to ${formatAddress(event.peer)} from ${formatAddress(event.local)} in ${duration(event.elapsedMs)}`;
    case 'shutdown':
      return 'ended our side (FIN): the peer can still send';
    case 'ended':
      return 'peer ended its side (FIN): recv() returns no more bytes';
    case 'paused':
      return event.reason === '' ? 'reading paused' : `reading paused: ${event.reason}`;
    case 'resumed':
      return 'reading goes on';
    case 'limited':
      return `limit ${event.limit}: ${event.text}`;
    case 'problem':
      return event.text;
    case 'failed': {
      const preposition = event.call === 'connect' ? ' to' : '';
      const where = event.address === undefined ? '' : `${preposition} ${formatAddress(event.address)}`;
      return `${event.call}${where} failed: ${[event.errno, event.text].filter(Boolean).join(', ')}`;
    }
    case 'closed': {
      const why = [event.errno, event.text].filter(Boolean).join(', ');
      const { bytesIn, bytesOut } = event;
      return `${causeWords[event.cause]}${why === '' ? '' : ` (${why})`} · ${byteCount(bytesIn)} in, ${byteCount(bytesOut)} out`;
    }
    default:
      return assertNever(event);
  }
}

const causeWords: Readonly<Record<CloseCause, string>> = {
  local: 'closed by us',
  peer: 'closed by peer',
  'reset-by-us': 'reset by us (RST)',
  'reset-by-peer': 'reset by peer (RST)',
  failed: 'closed after a failure',
  timeout: 'closed: time ran out',
  stopped: 'closed: stopped',
};

/** `bytes` with its unit, exact: `14 B`, `10 431 B`. */
export function byteCount(bytes: number): string {
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, '\u202f')} B`;
}

function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}
