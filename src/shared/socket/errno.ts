import type { Errno } from './errno-entry.ts';
import { lookUpSecurityError } from './errno-security.ts';

const catalogue: Readonly<Record<string, Errno>> = {
  EADDRINUSE: {
    code: 'address-in-use',
    text: 'address already in use',
    hint: 'Stop the program that holds the port, or use another port.',
  },
  EADDRNOTAVAIL: {
    code: 'address-not-available',
    text: 'address not available',
    hint: 'This machine has no such address: use 127.0.0.1, ::1, 0.0.0.0 or one of its own.',
  },
  EACCES: {
    code: 'access-denied',
    text: 'permission denied',
    hint: 'Ports below 1024 need special rights on many systems: use a port of 1024 or more.',
  },
  EPERM: {
    code: 'access-denied',
    text: 'operation not permitted',
    hint: 'A firewall or the system’s policy forbids it.',
  },
  ECONNREFUSED: {
    code: 'refused',
    text: 'connection refused',
    hint: 'Nothing listens there: check that the server runs, and its address and port.',
  },
  ENOTFOUND: {
    code: 'name-not-found',
    text: 'name not found',
    hint: 'Check the spelling of the host, or use its IP address.',
  },
  EAI_AGAIN: {
    code: 'name-not-found',
    text: 'the name server did not answer',
    hint: 'Check the network and its DNS settings, or use an IP address.',
  },
  EHOSTUNREACH: {
    code: 'unreachable',
    text: 'host is unreachable',
    hint: 'No route leads there: check the address, the network and any VPN.',
  },
  ENETUNREACH: {
    code: 'unreachable',
    text: 'network is unreachable',
    hint: 'No route leads there: check the address, the network and whether this machine has IPv6.',
  },
  ETIMEDOUT: {
    code: 'timed-out',
    text: 'no answer in time',
    hint: 'A firewall may drop the packets, or the host is down: check the address, or wait longer.',
  },
  ECONNRESET: {
    code: 'reset',
    text: 'connection reset by peer',
    hint: 'The other side ended the connection at once (RST): look at its log, then connect again.',
  },
  EPIPE: {
    code: 'closed',
    text: 'the other side has closed the connection',
    hint: 'Nothing reads there any more: connect again.',
  },
  ENODATA: {
    code: 'name-not-found',
    text: 'the name has no address',
    hint: 'The name exists, but no address belongs to it: use another name, or an IP address.',
  },
  ENETDOWN: { code: 'unreachable', text: 'network is down', hint: 'Switch the network interface on.' },
  EHOSTDOWN: { code: 'unreachable', text: 'host is down', hint: 'Check that the other machine runs.' },
  EAFNOSUPPORT: {
    code: 'unreachable',
    text: 'address family not supported',
    hint: 'This machine has no such addresses (IPv6 is off, perhaps): use an IPv4 address.',
  },
  ENODEV: {
    code: 'address-not-available',
    text: 'no such network interface',
    hint: 'Name an interface that this machine has.',
  },
  ENXIO: {
    code: 'address-not-available',
    text: 'no such network interface',
    hint: 'Name an interface that this machine has.',
  },
  EDESTADDRREQ: {
    code: 'bad-input',
    text: 'destination address required',
    hint: 'Say which peer the datagram is for.',
  },
  EISCONN: { code: 'wrong-state', text: 'already connected', hint: 'Close the connection first.' },
  EALREADY: { code: 'wrong-state', text: 'it is being done already', hint: 'Wait until it is done.' },
  ENOTCONN: { code: 'closed', text: 'not connected', hint: 'Connect first.' },
  ECONNABORTED: { code: 'aborted', text: 'connection aborted', hint: 'Connect again.' },
  ECANCELED: { code: 'aborted', text: 'given up', hint: 'Try again.' },
  EMFILE: {
    code: 'too-large',
    text: 'too many open files',
    hint: 'Close connections, or raise the limit of open files (ulimit -n).',
  },
  ENFILE: {
    code: 'too-large',
    text: 'too many open files in the whole system',
    hint: 'Close connections or other programs.',
  },
  EMSGSIZE: {
    code: 'too-large',
    text: 'message too long',
    hint: 'One datagram takes at most 65507 bytes: send less at once, or use TCP.',
  },
  ENOBUFS: {
    code: 'too-large',
    text: 'no buffer space',
    hint: 'The system’s buffers are full: send more slowly, or close connections.',
  },
  ENOMEM: { code: 'too-large', text: 'not enough memory', hint: 'Close connections or other programs.' },
  ENAMETOOLONG: {
    code: 'bad-input',
    text: 'name too long',
    hint: 'The path of a local socket has about 100 bytes at most: choose a shorter one.',
  },
  ENOTSUP: {
    code: 'unsupported',
    text: 'operation not supported',
    hint: 'This system does not have that option: switch it off.',
  },
  EOPNOTSUPP: {
    code: 'unsupported',
    text: 'operation not supported',
    hint: 'This kind of socket does not have that option: switch it off.',
  },
  ENOPROTOOPT: {
    code: 'unsupported',
    text: 'option not supported',
    hint: 'This system does not have that option: switch it off.',
  },
  EPROTONOSUPPORT: {
    code: 'unsupported',
    text: 'protocol not supported',
    hint: 'This system does not have that transport: choose another.',
  },
  ENOTSOCK: { code: 'file', text: 'it is no socket', hint: 'Check the path.' },
  EINVAL: { code: 'bad-input', text: 'invalid argument', hint: 'Check the address and the options.' },
  ENOENT: { code: 'file', text: 'no such file or folder', hint: 'Check the path.' },
  ENOTDIR: { code: 'file', text: 'a part of the path is no folder', hint: 'Check the path.' },
  EISDIR: { code: 'file', text: 'it is a folder', hint: 'Choose a file.' },
  EROFS: { code: 'file', text: 'the file system is read-only', hint: 'Choose a path in another folder.' },
  ELOOP: { code: 'file', text: 'too many links in the path', hint: 'Check the path.' },
};

const unknownHint = 'The code is the system’s own; its documentation tells more.';

/** What is known of a POSIX error name (or Node's own code); a plain entry for one that is not in the catalogue. */
export function lookUpErrno(errno: string): Errno {
  const known = Object.hasOwn(catalogue, errno) ? catalogue[errno] : undefined;
  return known ?? lookUpSecurityError(errno) ?? { code: 'internal', text: errno, hint: unknownHint };
}

/** The second part of an error: “bind answered EADDRINUSE: address already in use”. */
export function systemAnswer(call: string, errno: string): string {
  const { text } = lookUpErrno(errno);
  return text === errno ? `${call} answered ${errno}` : `${call} answered ${errno}: ${text}`;
}
