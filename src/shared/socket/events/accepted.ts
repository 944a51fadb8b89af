import { formatAddress } from '../address.ts';
import { wordBefore } from '../connection-states.ts';
import { tuple } from '../python-words.ts';
import { handshakes } from '../terms.ts';
import { defineEvent } from './event-kind.ts';
import { address, number, oneOf, optional, text } from './fields.ts';

/**
 * `listener`: the socket that accepted it. `handshake`: the handshake that follows before messages can be sent. `assumed`, of
 * an imported capture: why no packet shows that it happened at this time.
 */
export const accepted = defineEvent({
  kind: 'accepted',
  code: 19,
  help: 'a server accepted a connection',
  firstOf: 'accepted',
  place: 'before-messages',
  fields: {
    local: address,
    peer: address,
    listener: number,
    handshake: optional(oneOf(handshakes)),
    assumed: optional(text),
  },
  text: ({ peer, assumed }) => `accepted ${formatAddress(peer)}${assumed ? ` (${assumed})` : ''}`,
  changes: ({ local, peer, handshake }) => ({
    word: wordBefore(handshake),
    local: formatAddress(local),
    peer: formatAddress(peer),
  }),
  calls: ({ peer }) => [
    {
      call: `connection, client_address = server_socket.accept()  # ${tuple(peer)}`,
      explains:
        'Returns the next completed connection from the accept queue: a new socket for this client, separate from the listening one, and the client’s address.',
    },
  ],
});
