import { formatAddress } from '../address.ts';
import { bindCall, creationCall, variableOf } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';
import { address, optional, text } from './fields.ts';

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
