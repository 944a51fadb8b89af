import type { Address } from '#shared/socket/address.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { datagramsWere, type NoticeWords } from './notices.ts';

/** The errno of a peer that this socket has no address for: of the other family, or of source port 0. */
export const noAddress = 'EDESTADDRREQ';

/** What is told of datagrams that were not sent, or of the answer to ones that were. */
export interface Problem {
  readonly limit: string;
  readonly words: NoticeWords;
}

/**
 * The most bytes one datagram carries: 65535 of an IPv4 packet or of an IPv6 payload, less the headers (RFC 768, RFC 791,
 * RFC 8200). IPv4 also where the address is a mapped one.
 */
function mostBytes(peer: Address): number {
  return peer.family === 6 && !peer.host.startsWith('::ffff:') ? 65_527 : 65_507;
}

/** Why datagrams to `peer` were not sent, and what to do; `length`: the bytes of the one that failed. */
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
            ? `; a datagram carries at most ${most} bytes`
            : '; this system sends no datagram as long: raise the send buffer (SO_SNDBUF), or send less at once',
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
          ? 'it sent from port 0, and nobody can be answered there (RFC 768)'
          : 'the socket is bound in the other address family (IPv4 or IPv6), or that is no address';
      return { limit: 'send', words: (count, bytes) => `${notSent(count, bytes)} to ${to}: ${why}` };
    }
    default: {
      const hint = errno === 'ECONNREFUSED' ? 'Nothing listens there.' : lookUpErrno(errno).hint;
      return { limit: 'send', words: words(`. ${hint}`) };
    }
  }
}

function notSent(count: number, bytes: number): string {
  return count === 1 ? `a datagram of ${bytes} bytes was not sent` : `${datagramsWere(count, bytes)} not sent`;
}

/** Answers (ICMP) to datagrams that were sent before; the socket goes on. */
const answers: ReadonlySet<string> = new Set([
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

/** What an error of receiving tells of datagrams sent before (RFC 1122, section 4.1.3.3); `undefined`: it is another. */
export function answerProblem(errno: string, peer: string): Problem | undefined {
  if (!answers.has(errno)) return undefined;
  const refused = errno === 'ECONNREFUSED' || errno === 'ECONNRESET';
  const why = refused ? `nothing listens at ${peer}` : `datagrams to ${peer} do not arrive`;
  return {
    limit: refused ? 'refused' : 'unreachable',
    words: (count) =>
      `${why}: the system answered ${errno} to ${count === 1 ? 'a datagram' : `${count} datagrams`} sent before`,
  };
}

/** What is told of datagrams that nobody took because reading is stopped. */
export const pausedWords: NoticeWords = (count, bytes) =>
  `${datagramsWere(count, bytes)} dropped: reading is stopped, and UDP has no flow control that would make the peer wait`;

/** What is told of datagrams that came too many before the owner took the peer on. */
export const earlyWords: NoticeWords = (count, bytes) =>
  `${datagramsWere(count, bytes)} dropped: they came before the peer was taken on, and too many to keep`;
