/** What is read of the operating system and of Node. `undefined`: unavailable. Sizes in bytes, times in seconds. */
export interface SystemFacts {
  /** As `process.platform`. */
  readonly platform: string;
  readonly maxBacklog: number | undefined;
  readonly keepAliveTime: number | undefined;
  readonly keepAliveInterval: number | undefined;
  readonly keepAliveProbes: number | undefined;
  /** net.ipv6.bindv6only: 1 where `::` accepts no IPv4. */
  readonly ipv6Only: number | undefined;
  /** The minimum, default and maximum buffer of a TCP socket. */
  readonly tcpReceive: readonly number[] | undefined;
  readonly tcpSend: readonly number[] | undefined;
  /** The buffers of a new UDP socket, and the maximum that may be requested. */
  readonly udpReceive: number | undefined;
  readonly udpSend: number | undefined;
  readonly udpReceiveMost: number | undefined;
  readonly udpSendMost: number | undefined;
  readonly ttl: number | undefined;
  /** How often connect() repeats its SYN; the first `linear` times after a second each, then after 1, 2, 4, … s. */
  readonly synRetries: number | undefined;
  readonly synLinear: number | undefined;
  readonly localPorts: readonly number[] | undefined;
  readonly openFiles: number | undefined;
  readonly tlsVersions: readonly string[];
  /** The CAs that TLS trusts where no CA file is named: of the system, of Node, and both together. */
  readonly authorities: { readonly system: number; readonly node: number; readonly all: number };
  readonly readAhead: number;
  /** This Node can set IP_TOS. */
  readonly typeOfService: boolean;
}

/** What a system says of one option. */
export interface SystemText {
  /** What applies where nothing is set. */
  readonly value: string;
  /** Why the option cannot be set; left out where it can. */
  readonly unavailable?: string | undefined;
}

export const notReported = 'not reported by this system';

/** Returns the name of a platform for a person. */
export function platformName(platform: string): string {
  if (platform === 'win32') return 'Windows';
  return platform === 'darwin' ? 'macOS' : platform;
}
