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

/** Explains a connection to a server of this program over another transport than the server's. */
export const ownServerCase: Case = {
  name: 'own server',
  fits: ({ failure, trouble }) =>
    trouble.role === 'client' && (failure.call === 'handshake' || failure.call === 'recv' || failure.call === 'send'),
  async examine(examination) {
    const { target, transport } = examination;
    const own = target && examination.ownServer(target);
    if (!own || own === transport) return undefined;
    const asked = formatHostPort(target.host, target.port);
    examination.note(`${asked} is a server of this Wirebench and speaks ${names[own]}.`);
    const hint = `The server at ${asked}, a server of this Wirebench, speaks ${names[own]}, not ${names[transport]}: select ${names[own]}.`;
    return { code: 'wrong-protocol', hint };
  },
};
