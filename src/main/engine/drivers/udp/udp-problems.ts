import { byteCount } from '#shared/bytes/units.ts';
import { type Address, formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

/** The errno for a peer that this socket cannot address: of the other address family, or with source port 0. */
export const noAddress = 'EDESTADDRREQ';

/** A problem of datagrams that were not sent, or a reported error of ones that were. */
export interface Problem {
  readonly limit: string;
  readonly words: NoticeWords;
}

/**
 * Returns the maximum number of bytes in a datagram: 65535 of an IPv4 packet or of an IPv6 payload minus the headers (RFC 768,
 * RFC 791, RFC 8200). IPv4-mapped addresses count as IPv4.
 */
function mostBytes(peer: Address): number {
  return peer.family === 6 && !peer.host.startsWith('::ffff:') ? 65_527 : 65_507;
}

/** Returns why datagrams to `peer` were not sent, and what to do; `length` is the size of the one that failed. */
export function sendProblem(errno: string, peer: Address, length: number): Problem {
  const most = mostBytes(peer);
  const to = formatAddress(peer);
  const words = (help: string): NoticeWords => {
    return (count, bytes) => `${notSent(count, bytes)} to ${to}: ${systemAnswer('send', errno)}${help}`;
  };
  switch (errno) {
    case 'EMSGSIZE':
      return {
        limit: 'datagram',
        words: words(
          length > most
            ? `; a datagram has a maximum of ${byteCount(most)}`
            : '; this system does not send datagrams of that size: raise the send buffer (SO_SNDBUF), or send shorter messages',
        ),
      };
    case 'EACCES':
      return {
        limit: 'broadcast',
        words: words('; if it is a broadcast address, turn on broadcast (SO_BROADCAST)'),
      };
    case noAddress: {
      const why =
        peer.port === 0
          ? 'its source port is 0, which cannot receive answers (RFC 768)'
          : 'the socket is bound in the other address family (IPv4 or IPv6), or that is not an address';
      return { limit: 'send', words: (count, bytes) => `${notSent(count, bytes)} to ${to}: ${why}` };
    }
    default: {
      const hint = errno === 'ECONNREFUSED' ? 'Nothing listens there.' : lookUpErrno(errno).hint;
      return { limit: 'send', words: words(`. ${hint}`) };
    }
  }
}

function notSent(count: number, bytes: number): string {
  return count === 1 ? `a datagram of ${byteCount(bytes)} was not sent` : `${datagramsWere(count, bytes)} not sent`;
}

/** Errors that report earlier datagrams (ICMP); the socket stays usable. */
const reportedErrors: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENOPROTOOPT',
  'EPROTO',
  'EMSGSIZE',
  'EACCES',
  'EPERM',
]);

/** Returns the problem of earlier datagrams that an error reports (RFC 1122, section 4.1.3.3); `undefined` for any other error. */
export function answerProblem(errno: string, peer: string): Problem | undefined {
  if (!reportedErrors.has(errno)) return undefined;
  const refused = errno === 'ECONNREFUSED' || errno === 'ECONNRESET';
  const why = refused ? `nothing listens at ${peer}` : `datagrams to ${peer} are not delivered`;
  return {
    limit: refused ? 'refused' : 'unreachable',
    words: (count) =>
      `${why}: the system reported ${errno} for ${count === 1 ? 'an earlier datagram' : `${count} earlier datagrams`}`,
  };
}

/** The text for datagrams that were dropped because reading is stopped. */
export const pausedWords: NoticeWords = (count, bytes) =>
  `${datagramsWere(count, bytes)} dropped: reading is stopped, and UDP has no flow control to make the peer wait`;

/** The text for datagrams that exceeded the queue of a new peer. */
export const earlyWords: NoticeWords = (count, bytes) =>
  `${datagramsWere(count, bytes)} dropped: the queue of a new peer was full`;

/** The minimum interval between notices of the same kind, so that a flood of datagrams does not cause a flood of records. */
const intervalMs = 1_000;

/** Returns the text about `count` datagrams of `bytes` bytes in total. */
export type NoticeWords = (count: number, bytes: number) => string;

interface Tally {
  limit: string;
  words: NoticeWords;
  count: number;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Reports events of datagrams in aggregate: the first of a kind immediately, the following ones together, at most once a
 * second. `report` receives the limit and the text of a `limited` event.
 */
export class Notices {
  readonly #emit: (limit: string, text: string) => void;
  readonly #tallies = new Map<string, Tally>();

  constructor(report: (limit: string, text: string) => void) {
    this.#emit = report;
  }

  /** Counts one datagram of `bytes` bytes. Those of one `limit` and `kind` are reported together. */
  add(limit: string, kind: string, bytes: number, words: NoticeWords): void {
    const key = `${limit} ${kind}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { limit, words, count: 0, bytes: 0, timer: undefined };
      this.#tallies.set(key, tally);
    }
    tally.words = words;
    tally.count += 1;
    tally.bytes += bytes;
    if (!tally.timer) this.#report(tally);
  }

  /** Reports everything that is pending. */
  flush(): void {
    for (const tally of this.#tallies.values()) {
      clearTimeout(tally.timer);
      tally.timer = undefined;
      if (tally.count > 0) this.#emitTally(tally);
    }
  }

  #report(tally: Tally): void {
    this.#emitTally(tally);
    tally.timer = setTimeout(() => {
      tally.timer = undefined;
      if (tally.count > 0) this.#report(tally);
    }, intervalMs).unref();
  }

  #emitTally(tally: Tally): void {
    const { limit, words, count, bytes } = tally;
    tally.count = 0;
    tally.bytes = 0;
    this.#emit(limit, words(count, bytes));
  }
}

/** Returns “1 datagram (5 B) was”, “12 datagrams (600 B) were”. */
export function datagramsWere(count: number, bytes: number): string {
  return `${count === 1 ? '1 datagram' : `${count} datagrams`} (${byteCount(bytes)}) ${count === 1 ? 'was' : 'were'}`;
}
