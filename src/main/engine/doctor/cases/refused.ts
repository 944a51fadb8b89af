import { type Address, formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { isWildcard } from '../../ip-address.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { TableSocket } from '../net-tables.ts';
import { count, listOf, sentence } from '../words.ts';

/** Explains that nothing listens at an address, and looks for the server that the user may have meant. */
export const refusedCase: Case = {
  name: 'refused',
  fits: ({ errno, transport, trouble }) =>
    errno === 'ECONNREFUSED' && transport !== 'local' && trouble.role === 'client',
  async examine(examination) {
    const { target } = examination;
    if (!target) return undefined;
    return examination.isOwn(target.host) ? onThisMachine(examination, target) : elsewhere(examination, target);
  },
};

async function onThisMachine(examination: Examination, target: Address): Promise<Finding> {
  const { protocol } = examination;
  const { port } = target;
  const other = protocol === 'tcp' ? 'udp' : 'tcp';
  const [open, openInOther] = await Promise.all([
    examination.sockets(protocol, (at, state) => isOpen(state) && isNear(at, port)),
    examination.sockets(other, (at, state) => isOpen(state) && at === port),
  ]);
  if (open === undefined) return withoutTables(examination, target);
  const there = open.filter((socket) => socket.port === port);
  if (there.length > 0) return otherAddress(examination, target, there);
  examination.note(`No program of this machine has ${protocol.toUpperCase()} port ${port} open on any address.`);
  if (openInOther !== undefined && openInOther.length > 0) return otherProtocol(examination, port, openInOther);
  const near = [...new Set(open.map((socket) => socket.port))].sort((a, b) => Math.abs(a - port) - Math.abs(b - port));
  const [nearest] = near;
  if (nearest === undefined) {
    return { hint: `Nothing listens on port ${port} of this machine: start the server, then connect again.` };
  }
  examination.note(`Similar ports that are open on this machine: ${listOf(near.map(String))}.`);
  const who = await examination.whoOf(open.filter((socket) => socket.port === nearest));
  return {
    hint: `Nothing listens on port ${port}, but ${who} does on port ${nearest}: check the port, or start the server.`,
  };
}

/** Explains that the port is open, but not on the requested address. */
async function otherAddress(
  examination: Examination,
  target: Address,
  there: readonly TableSocket[],
): Promise<Finding> {
  const who = await examination.whoOf(there);
  const hosts = [...new Set(there.map(({ host }) => host))];
  examination.note(`${sentence(who)} has port ${target.port} open on ${listOf(hosts)}.`);
  if (there.some((socket) => covers(socket, target))) {
    return { hint: `${sentence(who)} listens there now: connect again.` };
  }
  const asked = formatHostPort(target.host, target.port);
  const [found] = there;
  const host = found === undefined ? '' : reachable(found);
  const wildcard = target.family === 6 ? '::' : '0.0.0.0';
  const start = isLoopback(target.host) ? '' : `, or start that server on ${wildcard}`;
  const where = hosts.length === 1 && !isWildcard(host) ? `on ${hosts[0]} only` : `on ${listOf(hosts)}`;
  return { hint: `Nothing listens on ${asked}: ${who} listens ${where}. Connect to ${host}${start}.` };
}

async function otherProtocol(
  examination: Examination,
  port: number,
  sockets: readonly TableSocket[],
): Promise<Finding> {
  const [has, wanted] = examination.protocol === 'tcp' ? ['UDP', 'TCP'] : ['TCP', 'UDP'];
  const who = await examination.whoOf(sockets);
  examination.note(`${sentence(who)} has ${has} port ${port} open.`);
  return { hint: `${sentence(who)} has port ${port} open for ${has}, not for ${wanted}: select ${has}.` };
}

/** Examines a system without readable tables: tries the other loopback address. */
async function withoutTables(examination: Examination, target: Address): Promise<Finding> {
  const plain: Finding = {
    hint: `Nothing listens on port ${target.port} there: start the server, then connect again.`,
  };
  if (examination.protocol === 'udp' || !isLoopback(target.host)) return plain;
  const other: Address = {
    host: target.family === 6 ? '127.0.0.1' : '::1',
    port: target.port,
    family: target.family === 6 ? 4 : 6,
  };
  if (examination.targets.some(({ host }) => host === other.host)) return plain;
  const answer = await examination.probe(other);
  const shown = formatHostPort(other.host, other.port);
  examination.note(answer === '' ? `${shown} accepts connections.` : `${shown} failed with ${answer}.`);
  if (answer !== '') return plain;
  const asked = formatHostPort(target.host, target.port);
  return { hint: `Nothing listens on ${asked}, but a server listens on ${shown}: connect to ${other.host}.` };
}

async function elsewhere(examination: Examination, target: Address): Promise<Finding> {
  const { config, protocol } = examination;
  const answering = await examination.otherThatAnswers();
  if (answering) {
    return {
      hint: `${config.host} listens at ${answering.host} but not at ${target.host}: connect to ${answering.host}.`,
    };
  }
  if (protocol === 'udp') {
    examination.note(`${target.host} reported that this port is not open (ICMP port unreachable).`);
    return {
      hint: `${target.host} is reachable, but its UDP port ${target.port} is not open: start the server, or check the port.`,
    };
  }
  const tried = examination.targets.length;
  examination.note(
    tried > 1
      ? `All ${count(tried, 'address', 'addresses')} refused.`
      : `${target.host} is reachable: it refused the connection.`,
  );
  return {
    hint: `${target.host} is reachable, but nothing listens on its port ${target.port}, or a firewall rejects the connection: start the server, or check the port.`,
  };
}

function isOpen(state: TableSocket['state']): boolean {
  return state === 'listening' || state === 'bound';
}

/** Returns true where a connection to `target` certainly reaches this socket: `::` may or may not accept IPv4. */
function covers(socket: TableSocket, target: Address): boolean {
  if (socket.family !== target.family) return false;
  return isWildcard(socket.host) || socket.host === target.host;
}

/** Returns the address at which a socket of this machine can be reached. */
function reachable({ host, family }: TableSocket): string {
  if (!isWildcard(host)) return host;
  return family === 6 ? '::1' : '127.0.0.1';
}

/** Returns true for a port that the user may have meant: not more than ten away, or with the same digits in another order. */
function isNear(port: number, wanted: number): boolean {
  if (Math.abs(port - wanted) <= 10) return true;
  return sorted(port) === sorted(wanted);
}

function sorted(port: number): string {
  return [...String(port)].sort().join('');
}
