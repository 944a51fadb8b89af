import { duration } from '../../bytes/units.ts';
import { type Address, formatAddress } from '../address.ts';
import { creationCall, quote, tuple, variableOf } from '../python-words.ts';
import { type SocketFacts, wordBefore } from '../state.ts';
import { handshakes } from '../terms.ts';
import type { Transport } from '../transports.ts';
import { address, defineEvent, listOf, number, oneOf, optional, text } from './event-kind.ts';

export const resolved = defineEvent({
  kind: 'resolved',
  code: 17,
  help: 'a name was resolved to addresses',
  firstOf: 'outgoing',
  handshakePart: 'outgoing',
  fields: { name: text, addresses: listOf(address) },
  text({ name, addresses }) {
    if (addresses.length === 0) return `${name} has no address`;
    return `${name} resolved to ${addresses.map(({ host }) => host).join(', ')}`;
  },
  calls: ({ name, addresses }) => [
    {
      call: `socket.getaddrinfo(${quote(name)}, None)`,
      explains: `Asked the resolver for the addresses of the name: ${addresses.map(({ host }) => host).join(', ')}.`,
    },
  ],
});

/** The attempt with number `attempt` of `of` addresses. */
export const connecting = defineEvent({
  kind: 'connecting',
  code: 18,
  help: 'connect() was called',
  firstOf: 'outgoing',
  handshakePart: 'outgoing',
  fields: { peer: address, attempt: number, of: number },
  text: ({ peer, attempt, of }) => `connecting to ${formatAddress(peer)}${of > 1 ? ` (${attempt} of ${of})` : ''}`,
  changes: ({ peer }) => ({ word: 'connecting', peer: formatAddress(peer) }),
  calls: ({ peer, attempt, of }, info) => [
    creationCall(peer, info),
    {
      call: `${variableOf(info)}.connect(${tuple(peer)})`,
      explains: `${effectOf(info?.transport)}${of > 1 ? ` (address ${attempt} of ${of})` : ''}.`,
    },
  ],
});

function effectOf(transport: Transport | undefined): string {
  if (transport === 'udp') return 'Sends nothing: send() then goes to this peer, and recv() receives from it alone';
  if (transport === 'local') return 'Asks the program that listens at this path for a connection';
  return "Sends a SYN and waits for the peer's answer";
}

/** `attempt`: how many attempts there are then, without one that succeeded. */
export const waiting = defineEvent({
  kind: 'waiting',
  code: 31,
  help: 'a client waits before it connects again',
  level: 'warning',
  fields: { attempt: number, delayMs: number },
  text: ({ attempt, delayMs }) => `waiting ${duration(delayMs)} before attempt ${attempt}`,
  changes: () => ({ word: 'waiting' }),
  calls: ({ attempt, delayMs }) => [
    {
      call: `time.sleep(${delayMs / 1_000})`,
      explains: `A socket cannot be used again after connect() failed or it was closed: attempt ${attempt} creates a new one.`,
    },
  ],
});

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
