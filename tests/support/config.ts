import {
  type ClientConfig,
  type ConfigChanges,
  createConfig,
  type ServerConfig,
} from '#shared/endpoint/endpoint-config.ts';
import type { Transport } from '#shared/socket/transports.ts';

/** What a test says of a server; the rest has its defaults. */
export type ServerChanges = ConfigChanges<ServerConfig>;
/** What a test says of a client; the rest has its defaults. */
export type ClientChanges = ConfigChanges<ClientConfig>;

/** The transport that `changes` say, or the one whose block they have; TCP without. */
function transportOf(changes: ServerChanges | ClientChanges): Transport {
  if (changes.transport) return changes.transport;
  if ('tls' in changes) return 'tls';
  if ('udp' in changes) return 'udp';
  return 'ws' in changes ? 'ws' : 'tcp';
}

/** A server over the transport of `changes`. */
export function serverConfig(changes: ServerChanges = {}): ServerConfig {
  return createConfig('server', transportOf(changes), changes);
}

/** A client over the transport of `changes`. */
export function clientConfig(changes: ClientChanges = {}): ClientConfig {
  return createConfig('client', transportOf(changes), changes);
}

/** The TLS options of a server and of a client, as they are by default. */
export const serverTls = createConfig('server', 'tls').tls;
export const clientTls = createConfig('client', 'tls').tls;

export const serverLimits = createConfig('server', 'tcp').limits;
/** A part of the options of a WebSocket client. */
export type WsChanges = Partial<ClientConfig<'ws'>['ws']>;
