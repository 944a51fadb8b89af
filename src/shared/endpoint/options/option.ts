import type { Transport } from '../../socket/transports.ts';
import type { SystemFacts, SystemText } from './system-facts.ts';
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
