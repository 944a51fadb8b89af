import { duration } from '../../bytes/units.ts';
import { type Address, formatAddress } from '../address.ts';
import { wordBefore } from '../connection-states.ts';
import { tuple, variableOf } from '../python-words.ts';
import type { SocketFacts } from '../state.ts';
import { handshakes } from '../terms.ts';
import { defineEvent } from './event-kind.ts';
import { address, number, oneOf, optional, text } from './fields.ts';

/**
 * `why`: why this address was used, where there was a choice. `handshake`: the handshake that follows before messages can be
 * sent. `assumed`, of an imported capture: why no packet shows that it happened at this time, or how long it took.
 */
export const opened = defineEvent({
  kind: 'opened',
  code: 20,
  help: 'a client is connected',
  firstOf: 'outgoing',
  place: 'before-messages',
  handshakePart: 'outgoing',
  fields: {
    local: address,
    peer: address,
    elapsedMs: number,
    why: optional(text),
    handshake: optional(oneOf(handshakes)),
    assumed: optional(text),
  },
  text({ local, peer, elapsedMs, why, assumed }) {
    const from = local.family === 'local' ? '' : ` from ${formatAddress(local)}`;
    if (assumed) return `connected to ${formatAddress(peer)}${from} (${assumed})`;
    return `connected to ${formatAddress(peer)}${from} in ${duration(elapsedMs)}${why ? ` (${why})` : ''}`;
  },
  changes: ({ local, peer, handshake }) => ({
    word: wordBefore(handshake),
    local: formatAddress(local),
    peer: formatAddress(peer),
  }),
  calls: ({ local, peer, elapsedMs, why }, info) => [
    {
      call: `${variableOf(info)}.connect(${tuple(peer)})  # returned after ${elapsedMs.toFixed(1)} ms`,
      explains: `${resultOf(local, info)}${why ? ` This address was used: ${why}.` : ''}`,
    },
  ],
});

function resultOf(local: Address, info: SocketFacts | undefined): string {
  if (local.family === 'local') return 'The connection is in the backlog of the server’s program.';
  const start = info?.transport === 'udp' ? '' : 'The three-way handshake is done. ';
  return `${start}The kernel assigned the address ${local.host} and port ${local.port} to this side.`;
}
