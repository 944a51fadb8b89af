import { duration } from '../../bytes/units.ts';
import { quote, variableOf } from '../python-words.ts';
import { wordBefore } from '../state.ts';
import { handshakes } from '../terms.ts';
import { certificates, defineEvent, number, oneOf, optional, text } from './event-kind.ts';

/**
 * RFC 8446. `trust`: why the peer's certificate is trusted, or that it is not checked. `chain`: empty where the peer sent no
 * certificate. `handshake`: that of WebSocket follows.
 */
export const secured = defineEvent({
  kind: 'secured',
  code: 32,
  help: 'the TLS handshake is done',
  place: 'before-messages',
  handshakePart: 'any',
  fields: {
    protocol: text,
    cipher: text,
    alpn: text,
    serverName: text,
    trust: text,
    chain: certificates,
    elapsedMs: number,
    handshake: optional(oneOf(handshakes)),
  },
  text({ protocol, cipher, alpn, trust, chain, elapsedMs }) {
    const peer = chain[0] === undefined ? '' : `, peer ${chain[0].subject}`;
    return `${protocol} with ${cipher}${alpn === '' ? '' : `, ALPN ${alpn}`}${peer}: ${trust}, in ${duration(elapsedMs)}`;
  },
  changes: ({ protocol, alpn, handshake }) => ({
    word: wordBefore(handshake),
    security: `${protocol}${alpn === '' ? '' : `, ${alpn}`}`,
  }),
  calls({ protocol, cipher, serverName, trust }, info) {
    const socket = variableOf(info);
    const side = info?.role === 'accepted' ? 'server_side=True' : `server_hostname=${quote(serverName)}`;
    return [
      {
        call: `${socket} = context.wrap_socket(${socket}, ${side})  # ${protocol}`,
        explains: `The TLS handshake: both sides agreed on ${protocol} and ${cipher}. ${trust}. All bytes sent from here on are encrypted.`,
      },
    ];
  },
});
