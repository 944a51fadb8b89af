import { parseStraceSocket, type StraceCall, type StraceEnd, straceAddress } from './strace-line.ts';
import type { TracedCallName } from './trace-format.ts';

/** The calls that have a socket, by the name of the system call. */
const socketCalls: Readonly<Record<string, TracedCallName>> = {
  ...{ bind: 'bind', listen: 'listen', connect: 'connect', accept: 'accept', accept4: 'accept', shutdown: 'shutdown' },
  ...{ close: 'close', dup: 'dup', dup2: 'dup', dup3: 'dup', setsockopt: 'setsockopt', getsockopt: 'getsockopt' },
  ...{ getsockname: 'getsockname', getpeername: 'getpeername', read: 'read', readv: 'readv', write: 'write' },
  ...{ writev: 'writev', sendto: 'sendto', sendmsg: 'sendmsg', sendmmsg: 'sendmmsg', sendfile: 'sendfile' },
  ...{ recvfrom: 'recvfrom', recvmsg: 'recvmsg', recvmmsg: 'recvmmsg' },
};

/** The waits for descriptors, which have no socket of theirs. */
const waitCalls: Readonly<Record<string, TracedCallName>> = {
  ...{ poll: 'poll', ppoll: 'poll', select: 'select', pselect6: 'select' },
  ...{ epoll_wait: 'epoll_wait', epoll_pwait: 'epoll_wait', epoll_pwait2: 'epoll_wait' },
};

/** The system calls that start processes and threads, or run another program. */
export const processCalls: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork', 'execve', 'execveat']);

/** The system calls that strace has to report. */
export const straceFilter = [
  ...Object.keys({ ...socketCalls, ...waitCalls }),
  ...processCalls,
  ...['socket', 'socketpair'],
].map((name) => `?${name}`);

/** The calls whose payload is shown. */
export const payloadCalls: ReadonlySet<TracedCallName> = new Set<TracedCallName>([
  ...(['send', 'sendto', 'sendmsg', 'write', 'writev', 'recv', 'recvfrom', 'recvmsg', 'read', 'readv'] as const),
]);

/** Returns the name under which the call is reported; `undefined` for one that has nothing to do with sockets. */
export function reportedName({ name, args }: StraceCall): TracedCallName | undefined {
  if (name === 'socket') return /^AF_(?:INET6?|UNIX|LOCAL)\b/.test(args) ? name : undefined;
  if (name === 'socketpair') return name;
  const wait = waitCalls[name];
  if (wait) return wait;
  const call = socketCalls[name];
  if (!call || !parseStraceSocket(args)) return undefined;
  // The library's send() and recv() are these calls without an address.
  if (call === 'sendto' && /, NULL, 0$/.test(args)) return 'send';
  if (call === 'recvfrom' && (/, NULL, NULL$/.test(args) || !/^\d+<UDP/.test(args))) return 'recv';
  return call;
}

/** Returns the number of bytes that the call was given or asked for, where strace shows it at the start of the call. */
export function amountOf(name: TracedCallName, args: string): number {
  if (name === 'listen' || name === 'shutdown') return Number(/, (\d+)$/.exec(args)?.[1] ?? 0);
  if (args.includes('iov_len=')) {
    let sum = 0;
    for (const [, length] of args.matchAll(/iov_len=(\d+)/g)) sum += Number(length);
    return sum;
  }
  const size = /^(?:"[^"]*"(?:\.\.\.)?|0x[\da-f]+|NULL), (\d+)/.exec(afterDescriptor(args))?.[1];
  return payloadCalls.has(name) ? Number(size ?? 0) : 0;
}

/** Returns the arguments beside the descriptor and the payload, in short. */
export function detailOf(name: TracedCallName, args: string): string {
  switch (name) {
    case 'bind':
    case 'connect':
    case 'sendto':
    case 'sendmsg':
      return straceAddress(args);
    case 'socket':
      return args.replace(/\|SOCK_\w+/g, '');
    case 'listen':
    case 'shutdown':
    case 'setsockopt':
      return afterDescriptor(args).slice(0, 200);
    default:
      return '';
  }
}

function afterDescriptor(args: string): string {
  return args.replace(/^\d+(?:<.*?\]>)?, /, '');
}

/** Returns what the call returned beside its result: the address of a peer, or the descriptors of a pair. */
export function resultDetail(name: TracedCallName, args: string, { note, result }: StraceEnd): string {
  switch (name) {
    case 'accept':
      return parseStraceSocket(`${result}${note}`)?.peer || straceAddress(args);
    case 'recvfrom':
    case 'recvmsg':
    case 'getsockname':
    case 'getpeername':
      return straceAddress(args);
    case 'socket':
      return args.replace(/\|SOCK_\w+/g, '');
    case 'socketpair':
      return [...(/\[(\d+)[^,]*, (\d+)/.exec(args) ?? [])].slice(1).join(', ');
    default:
      return '';
  }
}
