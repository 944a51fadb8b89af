import { formatAddress } from '../address.ts';
import { bindCall, creationCall, tuple, variableOf } from '../python-words.ts';
import { wordBefore } from '../state.ts';
import { handshakes } from '../terms.ts';
import { address, defineEvent, number, oneOf, optional, text } from './event-kind.ts';

/** `backlogCap`: the maximum of the system, where it is less than `backlog`. */
export const listening = defineEvent({
  kind: 'listening',
  code: 16,
  help: 'a server accepts connections at its address',
  firstOf: 'listener',
  fields: { local: address, backlog: number, backlogCap: optional(number) },
  text: ({ local, backlog, backlogCap }) =>
    `listening on ${formatAddress(local)}, backlog ${backlog}${backlogCap === undefined ? '' : `, which the system limits to ${backlogCap}`}`,
  changes: ({ local }) => ({ word: 'listening', local: formatAddress(local) }),
  calls({ local, backlog, backlogCap }, info) {
    const socket = variableOf(info);
    const limit = backlogCap === undefined ? '' : ', the maximum of the system';
    return [
      creationCall(local, info),
      bindCall(local, info),
      {
        call: `${socket}.listen(${backlog})`,
        explains: `Starts listening. The kernel completes handshakes and queues up to ${backlogCap ?? backlog} established connections${limit}, until accept() is called (the backlog).`,
      },
    ];
  },
});

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

/** There is no listen() and no accept(). `joined`: the multicast group that the socket is in. */
export const bound = defineEvent({
  kind: 'bound',
  code: 29,
  help: 'a UDP socket has its address',
  firstOf: 'listener',
  fields: { local: address, joined: optional(text) },
  text: ({ local, joined }) => `bound to ${formatAddress(local)}${joined ? `, joined ${joined}` : ''}`,
  changes: ({ local }) => ({ word: 'bound', local: formatAddress(local) }),
  calls({ local, joined }, info) {
    const calls = [creationCall(local, info), bindCall(local, info)];
    if (!joined) return calls;
    const call = `${variableOf(info)}.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, …)  # ${joined}`;
    return [...calls, { call, explains: 'Joins the multicast group: datagrams sent to it arrive here too.' }];
  },
});

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
