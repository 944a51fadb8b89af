import { usesTls } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';
import { protocolName, protocolOf } from '../first-bytes.ts';

const errnos = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN'];

/** Explains a connection that was established and ended immediately. */
export const endedEarlyCase: Case = {
  name: 'ended immediately',
  fits: ({ errno, trouble }) => errnos.includes(errno) && trouble.role === 'client',
  async examine(examination) {
    const { failure, transport, target, asked } = examination;
    const how = examination.errno === 'ECONNRESET' ? 'reset' : 'ended';
    if (usesTls(transport) && failure.call !== 'recv' && failure.call !== 'send') {
      const greeting = target && (await examination.greeting(target));
      const protocol = greeting && protocolOf(greeting);
      if (protocol !== undefined && protocol !== 'tls') {
        examination.note(`Connected without TLS, ${asked} speaks ${protocolName(protocol)}.`);
        return { code: 'wrong-protocol', hint: `This port speaks ${protocolName(protocol)}, not TLS: select TCP.` };
      }
      examination.note(`The other side ${how} the connection before the TLS handshake was complete.`);
      return {
        hint: 'The other side ended the connection during the TLS handshake. If the server does not use TLS, select TCP; if it does, check the server name and whether it requires a client certificate.',
      };
    }
    if (transport === 'tcp' && target && (await examination.speaksTls(target))) {
      examination.note(`${asked} answers a TLS handshake.`);
      return { code: 'wrong-protocol', hint: 'This port speaks TLS and ends plain connections: select TLS.' };
    }
    examination.note(`The other side accepted the connection and ${how} it.`);
    return {
      hint: 'The other side accepted the connection and ended it immediately: check its log, its connection limit, and whether it allows this machine.',
    };
  },
};
