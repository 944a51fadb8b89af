import {
  host,
  ipv6Only,
  localHost,
  localPort,
  nameOfClient,
  nameOfServer,
  path,
  portOfClient,
  portOfServer,
  reuseAddress,
  reusePortOfClient,
  reusePortOfServer,
} from './address.ts';
import { behaviour } from './behaviour.ts';
import {
  connectTimeout,
  reconnectAttempts,
  reconnectDelay,
  reconnectJitter,
  reconnectKind,
  reconnectMaxDelay,
} from './connecting.ts';
import { badFrame, checksum, framing } from './framing.ts';
import { firstByte, idle, maxConnections, maxMessage, maxQueued } from './limits.ts';
import { multicastGroup, multicastInterface, multicastLoopback, multicastSource, multicastTtl } from './multicast.ts';
import type { EndpointOption } from './option.ts';
import { backlog, halfOpen, highWaterMark, keepAlive, keepAliveDelay, noDelay } from './tcp.ts';
import {
  authorities,
  certificate,
  clientCertificate,
  key,
  passphrase,
  passphraseSet,
  serverName,
  trusted,
  verify,
} from './tls-certificates.ts';
import { alpn, maxVersion, minVersion } from './tls-protocols.ts';
import { broadcast, connected, receiveBuffer, sendBuffer, ttl } from './udp.ts';
import { headers, origin, sendAs, subprotocols, wsPath } from './websocket.ts';

/** Every option of an endpoint, in the order in which each group of the form shows them. */
export const optionCatalogue = [
  nameOfServer,
  nameOfClient,
  host,
  portOfServer,
  portOfClient,
  path,
  framing,
  badFrame,
  checksum,
  behaviour,
  backlog,
  ipv6Only,
  reusePortOfServer,
  halfOpen,
  localHost,
  localPort,
  connectTimeout,
  noDelay,
  keepAlive,
  keepAliveDelay,
  highWaterMark,
  verify,
  serverName,
  certificate,
  key,
  passphrase,
  passphraseSet,
  authorities,
  trusted,
  clientCertificate,
  alpn,
  minVersion,
  maxVersion,
  connected,
  broadcast,
  reuseAddress,
  reusePortOfClient,
  ttl,
  multicastGroup,
  multicastSource,
  multicastInterface,
  multicastTtl,
  multicastLoopback,
  receiveBuffer,
  sendBuffer,
  wsPath,
  subprotocols,
  headers,
  origin,
  sendAs,
  reconnectKind,
  reconnectDelay,
  reconnectMaxDelay,
  reconnectJitter,
  reconnectAttempts,
  maxMessage,
  maxQueued,
  maxConnections,
  firstByte,
  idle,
] as const;

/** A list of options: the catalogue, or one with more. */
export type OptionList = readonly EndpointOption[];
