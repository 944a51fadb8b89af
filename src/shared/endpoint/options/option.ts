import type { Transport } from '../../socket/transports.ts';
import type { ValueSchema } from './value-schema.ts';

export type Role = 'server' | 'client';

/** The groups of the options, in the order in which the form shows them. */
export const optionGroups = [
  'Messages and framing',
  'Server',
  'Connection and local address',
  'TCP',
  'TLS',
  'UDP and multicast',
  'WebSocket',
  'Reconnect',
  'Limits',
] as const;
export type OptionGroup = (typeof optionGroups)[number];

/** The groups of flags, in the order in which the help of the command line shows them. */
export const flagGroups = ['Server:', 'Messages:', 'Sockets:', 'TLS:', 'UDP:', 'WebSocket:'] as const;
type FlagGroup = (typeof flagGroups)[number];

/** The values of options by their path. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** A flag of the command line that sets options. */
export interface OptionFlag {
  /** As the command line declares it: `--backlog <n>`, `--no-multicast-loopback`, `--reconnect [ms]`. */
  readonly spelling: string;
  readonly group: FlagGroup;
  readonly help: string | Readonly<Record<Role, string>>;
  /** Left out where it is for all of the option's roles. */
  readonly roles?: readonly Role[];
  /** Left out where it is for all of the option's transports. */
  readonly transports?: readonly Transport[];
  /** The words that it takes; left out where its argument is a value of the option. */
  readonly choices?: readonly string[];
  /** `first-line`: its argument is a file, whose first line is the value. */
  readonly source?: 'first-line';
  /** Returns the options that it sets; left out where its argument (true without one) is the value of its option. */
  readonly sets?: (argument: never) => OptionValues;
  /** Flags that cannot be combined with it, by the name that commander gives them: `replyFile`. */
  readonly conflicts?: readonly string[];
  /** A flag without which it means nothing. */
  readonly needs?: string;
}

/** When the form shows an option, by the value of another one: one of `is`, or none of `not`. */
interface Condition {
  readonly path: string;
  readonly is?: readonly (string | boolean)[];
  readonly not?: readonly (string | boolean)[];
}

/** How the form edits an option where its schema does not say so: `exact` keeps white space. */
type Control = 'exact' | 'file' | 'payload' | 'secret';

/** How the form shows an option. */
interface OptionRow {
  readonly group: OptionGroup;
  /** One sentence that a newcomer understands. */
  readonly help: string;
  readonly control?: Control;
  readonly when?: Condition;
  /** Shown where nothing is typed: what applies then. */
  readonly placeholder?: string;
  /** Of a secret: the path of the option that says that one is set. */
  readonly setPath?: string;
  /** Other names, to be found by: `SO_KEEPALIVE`. */
  readonly aliases?: string;
}

/**
 * One option of an endpoint. `catalogue.ts` lists them; the schema and defaults of configurations,
 * the form, the flags of the command line with their help and rules, and the system's defaults derive from it.
 */
export interface EndpointOption<
  Path extends string = string,
  Value = unknown,
  Over extends Transport = Transport,
  Of extends Role = Role,
> {
  /** Its path in a configuration: a name, or a block and a name (`tcp.noDelay`). */
  readonly path: Path;
  readonly label: string;
  readonly schema: ValueSchema<Value>;
  readonly default: NoInfer<Value>;
  /** The transports and roles for which it means something. */
  readonly transports: readonly Over[];
  readonly roles: readonly Of[];
  /** It may change while the endpoint is open. */
  readonly changeable?: true;
  /** Left out where another part of the window shows it. */
  readonly row?: OptionRow;
  readonly flags?: readonly OptionFlag[];
  /** Returns why the option does not go with others; `undefined` where it does. */
  readonly check?: (values: OptionValues) => string | undefined;
  /** Returns what this system says of it. */
  readonly onSystem?: (facts: SystemFacts) => SystemText;
}

/** Returns `option`, with the types of its parts. */
export function endpointOption<const Path extends string, Value, const Over extends Transport, const Of extends Role>(
  option: EndpointOption<Path, Value, Over, Of>,
): EndpointOption<Path, Value, Over, Of> {
  return option;
}

export const servers = ['server'] as const;
export const clients = ['client'] as const;
export const bothRoles = ['server', 'client'] as const;

export const anyTransport = ['tcp', 'tls', 'udp', 'local', 'ws', 'wss'] as const;
export const overTcp = ['tcp', 'tls', 'ws', 'wss'] as const;
export const overIp = ['tcp', 'tls', 'udp', 'ws', 'wss'] as const;
export const overTls = ['tls', 'wss'] as const;
export const overUdp = ['udp'] as const;
export const overLocal = ['local'] as const;
export const overWebSocket = ['ws', 'wss'] as const;
/** Byte streams, whose sides end one at a time and which have to be framed. */
export const overStreams = ['tcp', 'tls', 'local'] as const;
export const notUdp = ['tcp', 'tls', 'local', 'ws', 'wss'] as const;

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
