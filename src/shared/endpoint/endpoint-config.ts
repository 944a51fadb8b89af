import type { Transport } from '../socket/transports.ts';
import { type OptionList, optionCatalogue } from './options/catalogue.ts';
import type { OptionValues, Role } from './options/option.ts';
import { valueProblem } from './options/value-schema.ts';

/*
 * What an endpoint is: a union by role and transport. A member has the blocks of its transport (`tls.…`, `udp.…`) and no
 * others, so that code which needs one says for which transports it is. Options outside of blocks (address, framing) are
 * in each member of their role; where they mean nothing they have their defaults.
 * endpoint-schema.ts parses a configuration that comes from outside; what it leaves out has its default.
 */

type KnownOption = (typeof optionCatalogue)[number];
/** The path of an option: `tcp.noDelay`. */
type OptionPath = KnownOption['path'];

type OptionOf<Of extends Role, Over extends Transport, One = KnownOption> = One extends KnownOption
  ? Of extends One['roles'][number]
    ? One['path'] extends `${string}.${string}`
      ? Over extends One['transports'][number]
        ? One
        : never
      : One
    : never
  : never;
type Block = OptionPath extends infer Path ? (Path extends `${infer Name}.${string}` ? Name : never) : never;
type Values<One extends KnownOption> = {
  [Each in One as Each['path'] extends `${string}.${string}` ? never : Each['path']]: Each['default'];
} & {
  [Name in Block as Extract<One['path'], `${Name}.${string}`> extends never ? never : Name]: {
    [Each in One as Each['path'] extends `${Name}.${infer Rest}` ? Rest : never]: Each['default'];
  };
};
/** The transports with TLS. */
export type SecureTransport = 'tls' | 'wss';
type Flat<Type> = { [Key in keyof Type]: Type[Key] };
/** The configuration of a role and a transport, a union where it is of several. */
export type ConfigOf<Of extends Role, Over extends Transport> = Over extends Transport
  ? Flat<{ role: Of; transport: Over } & Values<OptionOf<Of, Over>>>
  : never;

export type ServerConfig<Over extends Transport = Transport> = ConfigOf<'server', Over>;
export type ClientConfig<Over extends Transport = Transport> = ConfigOf<'client', Over>;
export type EndpointConfig = ServerConfig | ClientConfig;

export type Limits = EndpointConfig['limits'];
export type Reconnect = ClientConfig['reconnect'];
export type TcpOptions = ServerConfig<'tcp'>['tcp'];
/** How a TCP server is bound. */
export type BindOptions = ServerConfig<'tcp'>['bind'];
export type UdpBindOptions = (ServerConfig<'udp'> | ClientConfig<'udp'>)['bind'];
export type TlsOptions = ServerConfig<'tls'>['tls'] | ClientConfig<'tls'>['tls'];
export type UdpOptions = ServerConfig<'udp'>['udp'] | ClientConfig<'udp'>['udp'];

/** A part of a configuration; what is left out has its default. */
export type ConfigChanges<Config = EndpointConfig> = Config extends unknown
  ? { readonly [Key in keyof Config]?: Key extends Block ? Partial<Config[Key]> : Config[Key] }
  : never;

/** Returns the options that mean something for an endpoint of this role and transport. */
export function optionsOf(role: Role, transport: Transport, catalogue: OptionList = optionCatalogue): OptionList {
  return catalogue.filter((option) => option.roles.includes(role) && option.transports.includes(transport));
}

/** Returns the options that a configuration of this role and transport has a value for. */
export function partsOf(role: Role, transport: Transport, catalogue: OptionList = optionCatalogue): OptionList {
  return catalogue.filter(
    ({ path, roles, transports }) => roles.includes(role) && (!path.includes('.') || transports.includes(transport)),
  );
}

/** Returns the value of the option at `path`; `undefined` where the configuration does not have it. */
export function valueAt(config: object, path: string): unknown {
  let value: unknown = config;
  for (const name of path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

const defaults = new Map<string, unknown>(optionCatalogue.map((option) => [option.path, option.default]));

/** Returns the value of the option at `path`; its default where the configuration's transport or role does not have it. */
export function optionOf<Path extends OptionPath>(
  config: EndpointConfig,
  path: Path,
): Extract<KnownOption, { readonly path: Path }>['default'] {
  return (valueAt(config, path) ?? defaults.get(path)) as never;
}

/** Returns the value of each option of a configuration, by path. */
export function valuesOf(config: EndpointConfig): OptionValues {
  return Object.fromEntries(partsOf(config.role, config.transport).map(({ path }) => [path, valueAt(config, path)]));
}

/** Returns `parts` with the values of `values`, by path, in their blocks. */
export function nested(parts: OptionValues, values: OptionValues): Record<string, unknown> {
  const config: Record<string, unknown> = { ...parts };
  for (const [path, value] of Object.entries(values)) {
    const [first = '', second] = path.split('.');
    if (second === undefined) config[first] = value;
    else config[first] = { ...(config[first] as object | undefined), [second]: value };
  }
  return config;
}

/** Returns a copy of a default, so that no two configurations share one. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...value];
  return typeof value === 'object' && value !== null ? { ...value } : value;
}

/** Returns the configuration of this role and transport with `values`, by path; the rest has its defaults. */
export function configWith<Of extends Role, Over extends Transport>(
  role: Of,
  transport: Over,
  values: OptionValues,
): ConfigOf<Of, Over> {
  const all = partsOf(role, transport).map(
    (option) => [option.path, values[option.path] ?? copyOf(option.default)] as const,
  );
  return nested({ role, transport }, Object.fromEntries(all)) as ConfigOf<Of, Over>;
}

/** Returns the configuration of this role and transport with `changes`; what these do not have of it has its defaults. */
export function createConfig<Of extends Role, Over extends Transport>(
  role: Of,
  transport: Over,
  changes: ConfigChanges<ConfigOf<Of, Over>> | ConfigChanges<ConfigOf<Of, Transport>> = {} as never,
): ConfigOf<Of, Over> {
  const values = partsOf(role, transport).map(({ path }) => [path, valueAt(changes, path)] as const);
  return configWith(role, transport, Object.fromEntries(values));
}

/** Returns the first thing that is wrong with a configuration: the path of an option, and why. */
export function configProblem(config: EndpointConfig): { readonly path: string; readonly message: string } | undefined {
  const values = valuesOf(config);
  for (const { path, schema, label, check } of optionsOf(config.role, config.transport)) {
    const message = valueProblem(schema, label, values[path]) ?? check?.(values);
    if (message !== undefined) return { path, message };
  }
  return undefined;
}

/** A server as the form and the command line offer it. */
export const defaultServer = createConfig('server', 'tcp');

/** The server that the start page launches: the course's address and words, with its `listen(5)`. */
export const localServer = createConfig('server', 'tcp', { backlog: 5 });

/** A client as the form offers it. */
export const defaultClient = createConfig('client', 'tcp');
