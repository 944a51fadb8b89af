import { formatAddress } from '../address.ts';
import { tuple, variableOf } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';
import { address, number } from './fields.ts';

/** `listener`: the UDP socket that the datagrams of this peer go through. */
export const peerAdded = defineEvent({
  kind: 'peer-added',
  code: 30,
  help: 'one UDP peer of a bound socket',
  firstOf: 'accepted',
  place: 'before-messages',
  fields: { local: address, peer: address, listener: number },
  text: ({ peer }) => `new peer ${formatAddress(peer)}`,
  changes: ({ local, peer }) => ({ word: 'connected', local: formatAddress(local), peer: formatAddress(peer) }),
  calls: ({ peer }, info) => [
    {
      call: `data, address = ${variableOf(info)}.recvfrom(65535)  # ${tuple(peer)}`,
      explains:
        'UDP has no accept(): one socket serves every peer, and recvfrom() returns the sender’s address. Wirebench sorts the datagrams by address.',
    },
  ],
});
