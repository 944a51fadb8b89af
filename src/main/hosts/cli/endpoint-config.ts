import { resolve } from 'node:path';
import {
  type BindOptions,
  defaultClient,
  defaultServer,
  type EndpointConfig,
  type Limits,
  type TcpOptions,
  type TlsOptions,
  type UdpOptions,
  type WsOptions,
} from '#shared/endpoint/endpoint-config.ts';
import { ok, type Result } from '#shared/failure.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointOptions, TlsVersionWord } from './endpoint-options.ts';
import { readFirstLine } from './first-line.ts';
import type { Target } from './target.ts';

type SharedKeys = 'transport' | 'host' | 'port' | 'path' | 'framing' | 'badFrame' | 'halfOpen' | 'limits';
type SharedConfig = Pick<EndpointConfig, SharedKeys | 'bind' | 'tcp' | 'tls' | 'udp' | 'ws'>;

const defaults = { ...defaultServer, ...defaultClient };

/** What the configurations of servers and clients have in common. Fails where the file of a passphrase cannot be read. */
export async function sharedConfig(target: Target, options: EndpointOptions): Promise<Result<SharedConfig>> {
  const tls = await tlsOf(options);
  if (!tls.ok) return tls;
  const { transport, host, port, path } = target;
  return ok({
    transport,
    // A local socket has none; what stands there is not looked at.
    host: abilitiesOf(transport).host ? host : defaults.host,
    port: abilitiesOf(transport).host ? port : defaults.port,
    path,
    framing: options.framing,
    badFrame: options.onBadFrame === 'stop' ? 'stop' : 'resynchronise',
    halfOpen: options.keepHalfOpen ?? false,
    limits: limitsOf(options),
    bind: bindOf(options),
    tcp: tcpOf(options),
    tls: tls.value,
    udp: udpOf(options),
    ws: wsOf(target, options),
  });
}

function limitsOf({ maxMessage, maxConnections, idle, firstByte }: EndpointOptions): Limits {
  const { limits } = defaults;
  return {
    ...limits,
    maxMessage: maxMessage ?? limits.maxMessage,
    maxConnections: maxConnections ?? limits.maxConnections,
    idleMs: idle ?? limits.idleMs,
    firstByteMs: firstByte ?? limits.firstByteMs,
  };
}

function bindOf({ ipv6Only = false, reuseAddress = false, reusePort = false }: EndpointOptions): BindOptions {
  return { ipv6Only, reuseAddress, reusePort };
}

function tcpOf({ nagle, keepAlive }: EndpointOptions): TcpOptions {
  return {
    ...defaults.tcp,
    noDelay: !nagle,
    keepAlive: keepAlive !== undefined,
    keepAliveDelayMs: keepAlive ?? 0,
  };
}

const versions = { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const;
const versionOf = (word: TlsVersionWord | undefined) => (word === undefined ? undefined : versions[word]);

async function tlsOf(options: EndpointOptions): Promise<Result<TlsOptions>> {
  const { cert, key, passphraseFile, ca } = options;
  const passphrase = passphraseFile === undefined ? ok('') : await readFirstLine(passphraseFile);
  if (!passphrase.ok) return passphrase;
  const { tls } = defaults;
  return ok({
    certificate: fileOf(cert),
    // One file may hold both, as with curl and openssl.
    key: fileOf(key ?? cert),
    passphrase: passphrase.value,
    passphraseSet: passphrase.value !== '',
    ca: fileOf(ca),
    verify: !options.insecure,
    trusted: [...(options.trust ?? [])],
    clientCertificate: options.clientCert ?? 'none',
    serverName: options.serverName ?? '',
    alpn: [...(options.alpn ?? [])],
    minVersion: versionOf(options.tlsMin) ?? tls.minVersion,
    maxVersion: versionOf(options.tlsMax) ?? tls.maxVersion,
  });
}

const fileOf = (path: string | undefined) => (path === undefined ? '' : resolve(path));

function udpOf(options: EndpointOptions): UdpOptions {
  const { udp } = defaults;
  const { broadcast = false, join = '' } = options;
  return {
    // Who answers a broadcast or a group does so from an address of its own, which a connected socket does not hear.
    connected: !(options.unconnected || broadcast || join !== ''),
    broadcast,
    ttl: options.ttl ?? udp.ttl,
    group: join,
    source: options.source ?? '',
    multicastInterface: options.interface ?? '',
    multicastTtl: options.multicastTtl ?? udp.multicastTtl,
    multicastLoopback: options.multicastLoopback,
    receiveBuffer: options.receiveBuffer ?? udp.receiveBuffer,
    sendBuffer: options.sendBuffer ?? udp.sendBuffer,
  };
}

function wsOf({ wsPath }: Target, options: EndpointOptions): WsOptions {
  const { subprotocol = [], header = [], origin = '', text, binary } = options;
  const send = text ? 'text' : binary ? 'binary' : 'auto';
  return { path: wsPath, protocols: [...subprotocol], headers: [...header], origin, send };
}
