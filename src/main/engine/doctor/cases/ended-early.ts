import { usesTls } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';
import { protocolName, protocolOf } from '../first-bytes.ts';

const errnos = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN'];

/** The connection was made, and ended at once. */
export const endedEarlyCase: Case = {
  name: 'ended at once',
  fits: ({ errno, trouble }) => errnos.includes(errno) && trouble.role === 'client',
  async examine(examination) {
    const { failure, transport, target, asked } = examination;
    const how = examination.errno === 'ECONNRESET' ? 'reset' : 'ended';
    if (usesTls(transport) && failure.call !== 'recv' && failure.call !== 'send') {
      const greeting = target && (await examination.greeting(target));
      const protocol = greeting && protocolOf(greeting);
      if (protocol !== undefined && protocol !== 'tls') {
        examination.note(`Connected without TLS, ${asked} speaks ${protocolName(protocol)}.`);
        return { code: 'wrong-protocol', hint: `This port speaks ${protocolName(protocol)}, not TLS: choose TCP.` };
      }
      examination.note(`The other side ${how} the connection before the TLS handshake was done.`);
      return {
        hint: 'The other side ended the connection during the TLS handshake. If it is a plain server choose TCP, otherwise check the server name and whether it wants a client certificate.',
      };
    }
    if (transport === 'tcp' && target && (await examination.speaksTls(target))) {
      examination.note(`${asked} answers a TLS handshake.`);
      return { code: 'wrong-protocol', hint: 'This port speaks TLS, and ends plain connections: choose TLS.' };
    }
    examination.note(`The other side took the connection and ${how} it.`);
    return {
      hint: 'The other side took the connection and ended it at once: look at its log, whether it is full or does not want this machine.',
    };
  },
};
