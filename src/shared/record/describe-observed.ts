import type { SocketEvent } from '../socket/event.ts';
import type { SocketInfo } from './record.ts';

/** Returns true for a socket of no endpoint: an import only observed its traffic. */
export function isObserved({ endpoint }: Pick<SocketInfo, 'endpoint'>): boolean {
  return endpoint === '';
}

/**
 * Returns what happened to an observed connection, naming the address of the side that did it, or `undefined` where the
 * wording for our own sockets is correct as well.
 */
export function observedText(event: SocketEvent, { local, peer, transport }: SocketInfo): string | undefined {
  if (local === '' || peer === '') return undefined;
  switch (event.kind) {
    case 'shutdown':
      return `${local} sent FIN: ${peer} can still send`;
    case 'ended':
      return `${peer} sent FIN: ${local} can still send`;
    case 'closed':
      return closingText(event, local, peer, transport === 'udp');
    default:
      return undefined;
  }
}

function closingText(
  { cause, text }: Extract<SocketEvent, { kind: 'closed' }>,
  local: string,
  peer: string,
  isUdp: boolean,
): string | undefined {
  switch (cause) {
    case 'local':
      return `${local} closed the connection`;
    case 'peer':
      return `${peer} closed the connection`;
    case 'reset-by-us':
      return `${local} reset the connection (RST)`;
    case 'reset-by-peer':
      return `${peer} reset the connection (RST)`;
    case 'stopped':
      if (!text) return undefined;
      return isUdp ? text : `${text} while the connection was open`;
    default:
      return undefined;
  }
}
