import { formatHostPort } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';

const names: Readonly<Record<Transport, string>> = {
  tcp: 'TCP',
  tls: 'TLS',
  udp: 'UDP',
  local: 'a local socket',
  ws: 'WebSocket',
  wss: 'WebSocket with TLS',
};

/** A server of this Wirebench was reached, but over another transport than its own: it need not be asked. */
export const ownServerCase: Case = {
  name: 'own server',
  fits: ({ failure, trouble }) =>
    trouble.role === 'client' && (failure.call === 'handshake' || failure.call === 'recv' || failure.call === 'send'),
  async examine(examination) {
    const { target, transport } = examination;
    const own = target && examination.ownServer(target);
    if (!own || own === transport) return undefined;
    const asked = formatHostPort(target.host, target.port);
    examination.note(`${asked} is a server of this Wirebench, over ${names[own]}.`);
    const hint = `The server at ${asked} is one of this Wirebench and speaks ${names[own]}, not ${names[transport]}: choose ${names[own]}.`;
    return { code: 'wrong-protocol', hint };
  },
};
