import type { Address } from '#shared/socket/address.ts';
import { usesTls } from '#shared/socket/transports.ts';
import { isDocumentation, isInNetwork, isPrivate, isWildcard } from '../../ip-address.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { TableSocket } from '../net-tables.ts';
import { count, sentence } from '../words.ts';

/** Explains a missing answer: a full backlog, a firewall, a host that is down, or a handshake that the other side does not speak. */
export const timedOutCase: Case = {
  name: 'timed out',
  fits: ({ errno }) => errno === 'ETIMEDOUT' || errno === 'ERR_TLS_HANDSHAKE_TIMEOUT',
  async examine(examination) {
    const { failure, target, errno } = examination;
    if (failure.call === 'handshake' || errno === 'ERR_TLS_HANDSHAKE_TIMEOUT') return handshake(examination);
    if (!target || target.family === 'local') return fullBacklog(examination);
    return examination.isOwn(target.host) ? onThisMachine(examination, target) : elsewhere(examination, target);
  },
};

async function handshake(examination: Examination): Promise<Finding> {
  const { target, transport } = examination;
  // The kernel completes connections before they are accepted: they wait in the backlog.
  const table = target && examination.isOwn(target.host) ? await listenersAt(examination, target) : [];
  const waiting = table?.find((listener) => listener.waiting > 0);
  if (waiting) return notAccepting(examination, waiting, 'resume accepting there');
  const secure = usesTls(transport);
  const what = secure ? 'TLS' : 'WebSocket';
  examination.note(`${examination.asked} accepted the connection and then sent nothing.`);
  const plain = transport === 'wss' ? 'WebSocket without TLS, or TCP' : 'TCP';
  return {
    hint: `The other side accepted the connection but does not answer the ${what} handshake. If the server does not speak ${what}, select ${plain}; if it does, check the port.`,
  };
}

function fullBacklog(examination: Examination): Finding {
  examination.note('The path exists; the connection was not accepted.');
  return {
    hint: 'The server does not accept connections, and its backlog is full: resume accepting there, or restart the server.',
  };
}

async function onThisMachine(examination: Examination, target: Address): Promise<Finding | undefined> {
  const { port } = target;
  const table = await listenersAt(examination, target);
  if (table === undefined) {
    return {
      hint: `The server on port ${port} of this machine may not be accepting connections, so that its backlog is full: resume accepting there, or restart the server.`,
    };
  }
  const [listener] = table;
  if (!listener) {
    examination.note(`Nothing listens on port ${port} of this machine.`);
    return {
      hint: `A firewall of this machine drops packets to port ${port}, and nothing listens there: start the server, and check the firewall.`,
    };
  }
  if (listener.waiting > 0) {
    return notAccepting(
      examination,
      listener,
      'resume accepting there, or raise the backlog',
      ', and its backlog is full',
    );
  }
  const who = await examination.whoOf([listener]);
  examination.note(`${sentence(who)} listens there, and no connection waits for accept().`);
  return {
    hint: `${sentence(who)} listens there, so a firewall of this machine drops the packets: allow port ${port} in it.`,
  };
}

/** Returns the listeners of this machine that a connection to `target` reaches. */
async function listenersAt(examination: Examination, target: Address): Promise<readonly TableSocket[] | undefined> {
  const table = await examination.sockets('tcp', (port, state) => port === target.port && state === 'listening');
  const covers = ({ host, family }: TableSocket) => isWildcard(host) && (family === 6 || target.family === 4);
  return table?.filter((socket) => socket.host === target.host || isWildcard(target.host) || covers(socket));
}

async function notAccepting(
  examination: Examination,
  listener: TableSocket,
  next: string,
  more = '',
): Promise<Finding> {
  const who = sentence(await examination.whoOf([listener]));
  const wait = listener.waiting === 1 ? 'waits' : 'wait';
  examination.note(`${who} listens there; ${count(listener.waiting, 'connection')} ${wait} for accept().`);
  return { hint: `${who} listens there but does not accept connections${more}: ${next}.` };
}

async function elsewhere(examination: Examination, target: Address): Promise<Finding> {
  const { config } = examination;
  const answering = await examination.otherThatAnswers();
  if (answering)
    return {
      hint: `${target.host} does not answer, but ${config.host} answers at ${answering.host}: connect to that address.`,
    };
  const same = examination.interfaces().find(({ cidr, loopback }) => !loopback && isInNetwork(target.host, cidr));
  if (same) {
    examination.note(`${target.host} is in the network of ${same.interfaceName} (${same.cidr}).`);
    return {
      hint: `${target.host} is in this machine’s network but does not answer: it is off, or its firewall blocks port ${target.port}.`,
    };
  }
  if (isDocumentation(target.host)) {
    examination.note(`${target.host} is in a range that is reserved for documentation (RFC 5737, RFC 3849).`);
    return { hint: `${target.host} is an address for examples in documentation: enter the real address.` };
  }
  if (isPrivate(target.host)) {
    examination.note(`${target.host} is a private address, and this machine is not in its network.`);
    return {
      hint: `${target.host} is a private address of another network: connect to that network (perhaps by VPN), or check the address.`,
    };
  }
  examination.note(`${target.host} is a public address and did not answer.`);
  return {
    hint: `A firewall drops packets to port ${target.port} of ${target.host}, or the host is down: check the address and the port, or increase the timeout.`,
  };
}
