import { getSystemErrorMap } from 'node:util';
import type { TracedSocket } from '#shared/calls/traced-calls.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { type Address, parseHostPort } from '#shared/socket/address.ts';
import { baseName } from '#shared/socket/events/call.ts';
import type { SocketCall } from '#shared/socket/terms.ts';

const sends: ReadonlySet<string> = new Set([
  ...['send', 'sendall', 'sendto', 'sendmsg', 'sendmmsg', 'sendfile', 'write', 'writev'],
]);
const receives: ReadonlySet<string> = new Set([
  ...['recv', 'recv_into', 'recvfrom', 'recvfrom_into', 'recvmsg', 'recvmsg_into', 'recvmmsg', 'read', 'readv'],
]);

/** Returns the direction of the bytes of a call; `undefined` for one that moves none. */
export function flowOf(call: string): 'in' | 'out' | undefined {
  if (sends.has(call)) return 'out';
  return receives.has(call) ? 'in' : undefined;
}

/** Returns the transport of a socket by its family and type. */
export function transportOf({ family, type }: TracedSocket): SocketInfo['transport'] {
  if (family === 'AF_UNIX') return 'local';
  return type.startsWith('SOCK_DGRAM') ? 'udp' : 'tcp';
}

/** The errors with which a socket that does not block answers: nothing has failed. */
const temporary: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINPROGRESS', 'EALREADY', 'EINTR']);

const failures: Readonly<Record<string, SocketCall>> = {
  bind: 'bind',
  listen: 'listen',
  accept: 'accept',
  connect: 'connect',
  connect_ex: 'connect',
  do_handshake: 'handshake',
  ...Object.fromEntries([...sends].map((name) => [name, 'send'] as const)),
  ...Object.fromEntries([...receives].map((name) => [name, 'recv'] as const)),
};

/** Returns what a `failed` record says of a call that failed; `undefined` where a failure of this call is ordinary. */
export function failureOf(name: string, errno: number): { call: SocketCall; errno: string } | undefined {
  const call = failures[name];
  const word = errno > 0 ? errnoName(errno) : '';
  return call === undefined || word === '' || temporary.has(word) ? undefined : { call, errno: word };
}

/** Returns the POSIX name of a positive error number; the number itself where it has none. */
export function errnoName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? String(errno);
}

/** Returns the address that a call names: `host:port`, or the path of a local socket. */
export function addressOf(text: string): Address {
  const found = parseHostPort(text);
  if (!found) return { host: text, port: 0, family: 'local' };
  return { ...found, family: found.host.includes(':') ? 6 : 4 };
}

/** Returns the id under which the sockets of a process are found, as those of an endpoint are. */
export function programId(pid: number): string {
  return `program-${pid}`;
}

const interpreter = /^(?:python|pypy|node)[\w.]*$/i;

/** Returns `server.py (4711)`: the script where an interpreter runs one, else the program. */
export function programName(argv: readonly string[], pid: number): string {
  const [first = 'program', ...rest] = argv.map(baseName).filter((word) => word !== '');
  const script = interpreter.test(first) ? rest.find((word) => !word.startsWith('-')) : undefined;
  return `${(script ?? first).slice(0, 100)} (${pid})`;
}
