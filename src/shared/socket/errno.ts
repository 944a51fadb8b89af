import { type Errno, lookUpSecurityError } from './errno-security.ts';

const catalogue: Readonly<Record<string, Errno>> = {
  EADDRINUSE: {
    code: 'address-in-use',
    text: 'address already in use',
    hint: 'Stop the program that holds the port, or use another port.',
  },
  EADDRNOTAVAIL: {
    code: 'address-not-available',
    text: 'address not available',
    hint: 'This machine has no such address: use 127.0.0.1, ::1, 0.0.0.0 or one of its addresses.',
  },
  EACCES: {
    code: 'access-denied',
    text: 'permission denied',
    hint: 'Ports below 1024 need special rights on many systems: use a port of 1024 or more.',
  },
  EPERM: {
    code: 'access-denied',
    text: 'operation not permitted',
    hint: 'A firewall or a policy of the system forbids it: allow it there.',
  },
  ECONNREFUSED: {
    code: 'refused',
    text: 'connection refused',
    hint: 'Nothing listens there: check that the server is running, and check its address and port.',
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
    hint: 'There is no route to that host: check the address, the network and any VPN.',
  },
  ENETUNREACH: {
    code: 'unreachable',
    text: 'network is unreachable',
    hint: 'There is no route to that network: check the address, the network and whether this machine has IPv6.',
  },
  ETIMEDOUT: {
    code: 'timed-out',
    text: 'no answer in time',
    hint: 'A firewall may drop the packets, or the host is down: check the address, or wait longer.',
  },
  ECONNRESET: {
    code: 'reset',
    text: 'connection reset by peer',
    hint: 'The peer aborted the connection (RST): check its log, then connect again.',
  },
  EPIPE: {
    code: 'closed',
    text: 'the peer has closed the connection',
    hint: 'The peer no longer reads: connect again.',
  },
  ENODATA: {
    code: 'name-not-found',
    text: 'the name has no address',
    hint: 'The name exists but has no address: use another name, or an IP address.',
  },
  ENETDOWN: { code: 'unreachable', text: 'network is down', hint: 'Switch the network interface on.' },
  EHOSTDOWN: { code: 'unreachable', text: 'host is down', hint: 'Check that the other machine is running.' },
  EAFNOSUPPORT: {
    code: 'unreachable',
    text: 'address family not supported',
    hint: 'This machine has no addresses of that family (IPv6 may be off): use an IPv4 address.',
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
    hint: 'Select the peer that the datagram is for.',
  },
  EISCONN: { code: 'wrong-state', text: 'already connected', hint: 'Close the connection first.' },
  EALREADY: { code: 'wrong-state', text: 'operation already in progress', hint: 'Wait until it is complete.' },
  ENOTCONN: { code: 'closed', text: 'not connected', hint: 'Connect first.' },
  ECONNABORTED: { code: 'aborted', text: 'connection aborted', hint: 'Connect again.' },
  ECANCELED: { code: 'aborted', text: 'operation canceled', hint: 'Try again.' },
  EMFILE: {
    code: 'too-large',
    text: 'too many open files',
    hint: 'Close connections, or raise the limit on open files (ulimit -n).',
  },
  ENFILE: {
    code: 'too-large',
    text: 'too many open files in the whole system',
    hint: 'Close connections or quit other programs.',
  },
  EMSGSIZE: {
    code: 'too-large',
    text: 'message too long',
    hint: 'A datagram carries a maximum of 65507 bytes: send shorter messages, or use TCP.',
  },
  ENOBUFS: {
    code: 'too-large',
    text: 'no buffer space',
    hint: 'The system’s buffers are full: send more slowly, or close connections.',
  },
  ENOMEM: { code: 'too-large', text: 'not enough memory', hint: 'Close connections or quit other programs.' },
  ENAMETOOLONG: {
    code: 'bad-input',
    text: 'name too long',
    hint: 'The path of a local socket has a maximum of about 100 bytes: use a shorter one.',
  },
  ENOTSUP: {
    code: 'unsupported',
    text: 'operation not supported',
    hint: 'This system does not support that option: turn it off.',
  },
  EOPNOTSUPP: {
    code: 'unsupported',
    text: 'operation not supported',
    hint: 'This kind of socket does not support that option: turn it off.',
  },
  ENOPROTOOPT: {
    code: 'unsupported',
    text: 'option not supported',
    hint: 'This system does not support that option: turn it off.',
  },
  EPROTONOSUPPORT: {
    code: 'unsupported',
    text: 'protocol not supported',
    hint: 'This system does not support that transport: select another one.',
  },
  ENOTSOCK: { code: 'file', text: 'not a socket', hint: 'Check the path.' },
  EINVAL: { code: 'bad-input', text: 'invalid argument', hint: 'Check the address and the options.' },
  ENOENT: { code: 'file', text: 'no such file or folder', hint: 'Check the path.' },
  ENOTDIR: { code: 'file', text: 'a part of the path is not a folder', hint: 'Check the path.' },
  EISDIR: { code: 'file', text: 'is a folder', hint: 'Select a file.' },
  EROFS: { code: 'file', text: 'the file system is read-only', hint: 'Use a path in another folder.' },
  ELOOP: { code: 'file', text: 'too many links in the path', hint: 'Check the path.' },
};

const unknownHint = 'See the system’s documentation of this error code.';

/** Returns what is known of a POSIX error name or a code of Node; a plain entry for one that is not in the catalogue. */
export function lookUpErrno(errno: string): Errno {
  const known = Object.hasOwn(catalogue, errno) ? catalogue[errno] : undefined;
  return known ?? lookUpSecurityError(errno) ?? { code: 'internal', text: errno, hint: unknownHint };
}

/**
 * Returns the second part of an error: “bind(): EADDRINUSE (address already in use)”. `details` replaces the catalogue’s text.
 */
export function systemAnswer(call: string, errno: string, details = lookUpErrno(errno).text): string {
  return details === errno ? `${callName(call)}: ${errno}` : `${callName(call)}: ${errno} (${details})`;
}

/** Returns the name of a call in a sentence: `connect()`; a handshake is not one call. */
export function callName(call: string): string {
  return call === 'handshake' ? call : `${call}()`;
}
