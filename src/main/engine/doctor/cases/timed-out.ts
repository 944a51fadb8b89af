import type { Address } from '#shared/socket/address.ts';
import { usesTls } from '#shared/socket/transports.ts';
import { isDocumentation, isInNetwork, isPrivate, isWildcard } from '../address-kinds.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { TableSocket } from '../net-tables.ts';
import { count, sentence } from '../words.ts';

/** No answer: a full backlog here, a firewall or a silent host elsewhere, a handshake that the other side does not know. */
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
  // The kernel completes connections that nobody has accepted yet: the backlog is where they wait.
  const table = target && examination.isOwn(target.host) ? await listenersAt(examination, target) : [];
  const waiting = table?.find((listener) => listener.waiting > 0);
  if (waiting) return notAccepting(examination, waiting, 'let it accept');
  const secure = usesTls(transport);
  const what = secure ? 'TLS' : 'WebSocket';
  examination.note(`${examination.asked} accepted the connection, and then was silent.`);
  const plain = transport === 'wss' ? 'WebSocket without TLS, or TCP' : 'TCP';
  return {
    hint: `The other side accepted the connection, but does not answer with ${what}. If it is a plain server choose ${plain}, otherwise check the port.`,
  };
}

function fullBacklog(examination: Examination): Finding {
  examination.note('The path was found; nobody accepted the connection.');
  return { hint: 'The server accepts nothing, and its queue (the backlog) is full: let it accept, or start it again.' };
}

async function onThisMachine(examination: Examination, target: Address): Promise<Finding | undefined> {
  const { port } = target;
  const table = await listenersAt(examination, target);
  if (table === undefined) {
    return {
      hint: `The server on port ${port} of this machine may not accept, so that its queue (the backlog) is full: let it accept, or start it again.`,
    };
  }
  const [listener] = table;
  if (!listener) {
    examination.note(`Nobody listens on port ${port} of this machine.`);
    return {
      hint: `A firewall of this machine drops what is sent to port ${port}, and nobody listens there: start the server, and check the firewall.`,
    };
  }
  if (listener.waiting > 0) {
    return notAccepting(
      examination,
      listener,
      'let it accept, or raise its backlog',
      ', and its queue (the backlog) is full',
    );
  }
  const who = await examination.whoOf([listener]);
  examination.note(`${sentence(who)} listens there, and no connection waits for its accept().`);
  return {
    hint: `${sentence(who)} listens there, so a firewall of this machine drops what is sent to it: allow port ${port} there.`,
  };
}

/** The listeners of this machine that a connection to `target` would come to. */
async function listenersAt(examination: Examination, target: Address): Promise<readonly TableSocket[] | undefined> {
  const table = await examination.sockets('tcp', (port, state) => port === target.port && state === 'listening');
  const takes = ({ host, family }: TableSocket) => isWildcard(host) && (family === 6 || target.family === 4);
  return table?.filter((socket) => socket.host === target.host || isWildcard(target.host) || takes(socket));
}

async function notAccepting(
  examination: Examination,
  listener: TableSocket,
  next: string,
  more = '',
): Promise<Finding> {
  const who = sentence(await examination.whoOf([listener]));
  const wait = listener.waiting === 1 ? 'waits' : 'wait';
  examination.note(`${who} listens there; ${count(listener.waiting, 'connection')} ${wait} for its accept().`);
  return { hint: `${who} listens there but does not accept${more}: ${next}.` };
}

async function elsewhere(examination: Examination, target: Address): Promise<Finding> {
  const { config } = examination;
  const answering = await examination.otherThatAnswers();
  if (answering)
    return { hint: `${target.host} does not answer, but ${config.host} does at ${answering.host}: connect to that.` };
  const same = examination.interfaces().find(({ cidr, loopback }) => !loopback && isInNetwork(target.host, cidr));
  if (same) {
    examination.note(`${target.host} is in the network of ${same.interfaceName} (${same.cidr}).`);
    return {
      hint: `${target.host} is in this machine’s own network but does not answer: it is off, or its firewall drops port ${target.port}.`,
    };
  }
  if (isDocumentation(target.host)) {
    examination.note(`${target.host} is of a range that is kept for documentation (RFC 5737, RFC 3849).`);
    return { hint: `${target.host} is an address for examples in books, which no machine has: enter the real one.` };
  }
  if (isPrivate(target.host)) {
    examination.note(`${target.host} is a private address, and this machine is not in its network.`);
    return {
      hint: `${target.host} is a private address of another network: connect to that network (a VPN, perhaps), or check the address.`,
    };
  }
  examination.note(`${target.host} is a public address, and did not answer at all.`);
  return {
    hint: `A firewall drops what is sent to port ${target.port} of ${target.host}, or the host is down: check the address and the port, or wait longer.`,
  };
}
