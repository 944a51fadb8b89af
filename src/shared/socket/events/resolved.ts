import { quote } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';
import { address, listOf, text } from './fields.ts';

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
