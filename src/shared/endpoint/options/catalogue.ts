import { host, nameOfClient, nameOfServer, path, portOfClient, portOfServer } from './address.ts';
import { backlog } from './backlog.ts';
import { behaviour } from './behaviour.ts';
import { connectTimeout } from './connect-timeout.ts';
import { badFrame, framing } from './framing.ts';
import { halfOpen } from './half-open.ts';
import { ipv6Only } from './ipv6-only.ts';
import { keepAlive, keepAliveDelay } from './keep-alive.ts';
import { localHost, localPort } from './local-address.ts';
import { multicastGroup, multicastInterface, multicastLoopback, multicastSource, multicastTtl } from './multicast.ts';
import { noDelay } from './no-delay.ts';
import type { EndpointOption } from './option.ts';
import { highWaterMark } from './receive-buffer.ts';
import { reconnectAttempts, reconnectDelay, reconnectJitter, reconnectKind, reconnectMaxDelay } from './reconnect.ts';
import { reuseAddress, reusePortOfClient, reusePortOfServer } from './sharing.ts';
import { maxConnections, maxMessage, maxQueued } from './size-limits.ts';
import { firstByte, idle } from './time-limits.ts';
import { authorities, clientCertificate } from './tls-authorities.ts';
import { certificate, key, passphrase, passphraseSet } from './tls-certificate.ts';
import { alpn } from './tls-protocols.ts';
import { serverName, trusted, verify } from './tls-trust.ts';
import { maxVersion, minVersion } from './tls-versions.ts';
import { receiveBuffer, sendBuffer } from './udp-buffers.ts';
import { broadcast, connected, ttl } from './udp-socket.ts';
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
