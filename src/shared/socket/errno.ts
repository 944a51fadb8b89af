import type { FailureCode } from '../contract/failure.ts';

interface Errno {
  readonly code: FailureCode;
  /** What the system means, in the words of POSIX's <errno.h>. */
  readonly text: string;
  /** What a person can do about it. */
  readonly hint: string;
}

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
  ECONNABORTED: { code: 'aborted', text: 'connection aborted', hint: 'Connect again.' },
  EMFILE: {
    code: 'too-large',
    text: 'too many open files',
    hint: 'Close connections, or raise the limit of open files (ulimit -n).',
  },
  EINVAL: { code: 'bad-input', text: 'invalid argument', hint: 'Check the address and the options.' },
  ENOENT: { code: 'file', text: 'no such file or folder', hint: 'Check the path.' },
  EISDIR: { code: 'file', text: 'it is a folder', hint: 'Choose a file.' },
};

/** What is known of a POSIX error name (or Node's own code); a plain entry for one that is not in the catalogue. */
export function lookUpErrno(errno: string): Errno {
  const known = Object.hasOwn(catalogue, errno) ? catalogue[errno] : undefined;
  return (
    known ?? { code: 'internal', text: errno, hint: 'The code is the system’s own; its documentation tells more.' }
  );
}

/** The second part of an error: “bind answered EADDRINUSE: address already in use”. */
export function systemAnswer(call: string, errno: string): string {
  const { text } = lookUpErrno(errno);
  return text === errno ? `${call} answered ${errno}` : `${call} answered ${errno}: ${text}`;
}
