import { type Command, Option } from 'commander';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import {
  readBytes,
  readConnections,
  readFingerprint,
  readFraming,
  readHeader,
  readList,
  readMs,
  readMulticastTtl,
  readOrigin,
  readPing,
  readTimeout,
  readTtl,
} from './arguments.ts';
import { outputModes } from './output-mode.ts';
import type { TransportFlags } from './target.ts';

/*
 * The options of `listen` and `send` that say what an endpoint is: what carries its bytes, how they are cut, and how its
 * sockets are set up. endpoint-config.ts makes the configuration of them, option-rules.ts says which go together.
 */

/** As commander gives them; what is not there was not given. */
export interface EndpointOptions extends TransportFlags {
  readonly framing: FramingSpec;
  readonly onBadFrame?: 'resync' | 'stop' | undefined;
  readonly maxMessage?: number | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly ca?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly trust?: readonly string[] | undefined;
  readonly serverName?: string | undefined;
  readonly clientCert?: 'request' | 'require' | undefined;
  readonly alpn?: readonly string[] | undefined;
  readonly tlsMin?: TlsVersionWord | undefined;
  readonly tlsMax?: TlsVersionWord | undefined;
  readonly broadcast?: boolean | undefined;
  readonly unconnected?: boolean | undefined;
  readonly ttl?: number | undefined;
  readonly join?: string | undefined;
  readonly source?: string | undefined;
  readonly interface?: string | undefined;
  readonly multicastTtl?: number | undefined;
  /** False for `--no-multicast-loopback`. */
  readonly multicastLoopback: boolean;
  readonly receiveBuffer?: number | undefined;
  readonly sendBuffer?: number | undefined;
  readonly subprotocol?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly origin?: string | undefined;
  readonly text?: boolean | undefined;
  readonly binary?: boolean | undefined;
  readonly reusePort?: boolean | undefined;
  readonly reuseAddress?: boolean | undefined;
  readonly ipv6Only?: boolean | undefined;
  readonly nagle?: boolean | undefined;
  readonly keepAlive?: number | undefined;
  readonly idle?: number | undefined;
  readonly firstByte?: number | undefined;
  readonly maxConnections?: number | undefined;
  readonly keepHalfOpen?: boolean | undefined;
  readonly connectTimeout?: number | undefined;
}

const tlsVersionWords = ['1.0', '1.1', '1.2', '1.3'] as const;
export type TlsVersionWord = (typeof tlsVersionWords)[number];

type Role = 'server' | 'client';

export function addTransportOptions(command: Command): void {
  command
    .optionsGroup('Transport (TCP where none is given):')
    .addOption(new Option('--udp', 'datagrams').conflicts(['tls', 'ws', 'unix']))
    .addOption(new Option('--tls', 'TLS over TCP; with --ws, WebSocket over TLS (wss)').conflicts(['udp', 'unix']))
    .addOption(new Option('--ws', 'WebSocket; the address may have a path: 8080/chat').conflicts(['udp', 'unix']))
    .addOption(new Option('--unix', 'a local socket; the address is its path').conflicts(['udp', 'tls', 'ws']));
}

/** How what is received is printed. */
export function outputOption(): Option {
  return new Option('--output <how>', 'print what is received as text, hex, base64, or raw: byte for byte')
    .choices(outputModes)
    .conflicts('json');
}

export function addFramingOptions(command: Command): void {
  command
    .optionsGroup('Messages:')
    .addOption(
      new Option('--framing <framing>', 'how the byte stream is cut into messages, see below')
        .argParser(readFraming)
        .default({ kind: 'raw' }, 'raw'),
    )
    .addOption(
      new Option(
        '--on-bad-frame <what>',
        'look for the next message (resync), or show the rest as read (stop)',
      ).choices(['resync', 'stop']),
    )
    .option(
      '--max-message <bytes>',
      'a longer message is shown in pieces; a length that claims more is malformed, but under http and lsp (16 MiB)',
      readBytes,
    );
}

export function addTlsOptions(command: Command, role: Role): void {
  const whose =
    role === 'server' ? 'the server’s certificate; without it one for localhost, kept by the app' : 'our certificate';
  const versions = [...tlsVersionWords];
  command
    .optionsGroup('TLS:')
    .option('--cert <file>', `${whose} (PEM, with its chain)`)
    .option('--key <file>', 'its key (PEM), where it is not in the same file')
    .option('--passphrase-file <file>', 'what the key is encrypted with: the first line of this file')
    .option(
      '--ca <file>',
      `authorities (PEM) that ${role === 'server' ? 'clients’' : 'a server’s'} certificates may come from`,
    );
  if (role === 'server') {
    command.addOption(
      new Option('--client-cert <what>', 'ask clients for a certificate, or refuse those without').choices([
        'request',
        'require',
      ]),
    );
  } else {
    command
      .option('--insecure', 'take any certificate')
      .option('--trust <fingerprint>', 'take the certificate with this SHA-256, also several times', readFingerprint)
      .option('--server-name <name>', 'the name asked for (SNI) and checked, where it is not the host');
  }
  command
    .option('--alpn <protocols>', 'protocols to agree on, the preferred one first: h2,http/1.1', readList)
    .addOption(new Option('--tls-min <version>', 'the lowest version (1.2)').choices(versions))
    .addOption(new Option('--tls-max <version>', 'the highest version (1.3)').choices(versions));
}

export function addUdpOptions(command: Command, role: Role): void {
  command.optionsGroup('UDP:');
  if (role === 'client') command.option('--unconnected', 'hear other peers too; --broadcast and --join do as well');
  command
    .option('--broadcast', 'sending to a broadcast address is allowed')
    .option('--ttl <n>', 'how many routers what is sent may pass', readTtl)
    .option('--join <group>', 'join this multicast group')
    .option('--source <address>', 'of the group, only what this source sends')
    .option('--interface <interface>', 'for multicast: its address in IPv4, its name in IPv6')
    .option('--multicast-ttl <n>', 'the same for multicast: 0 this machine, 1 this network (1)', readMulticastTtl)
    .option('--no-multicast-loopback', 'what is sent to the group does not come back to this machine')
    .option('--receive-buffer <bytes>', 'SO_RCVBUF', readBytes)
    .option('--send-buffer <bytes>', 'SO_SNDBUF', readBytes);
}

export function addWebSocketOptions(command: Command, role: Role): void {
  command
    .optionsGroup('WebSocket:')
    .addOption(new Option('--text', 'send messages as text (without: those that are UTF-8)').conflicts('binary'))
    .addOption(new Option('--binary', 'send messages as binary').conflicts('text'))
    .option('--subprotocol <names>', 'subprotocols, the preferred one first: mqtt,stomp', readList);
  if (role === 'server') return;
  command
    .option('--header <header>', 'add this header to the handshake, “Name: value”; also several times', readHeader)
    .option('--origin <origin>', 'the Origin header: https://example.org', readOrigin)
    .option('--ping [text]', 'send a ping, with this payload, before the message; say when the pong comes', readPing);
}

export function addSocketOptions(command: Command, role: Role): void {
  command.optionsGroup('Sockets:');
  if (role === 'client') {
    command.option(
      '--connect-timeout <ms>',
      'how long an address may take to answer, and a handshake (10000)',
      readTimeout,
    );
  } else {
    command
      .option('--keep-half-open', 'a peer that ends its side (FIN) does not end ours')
      .option('--max-connections <n>', 'connections, or UDP peers, at once (20000)', readConnections)
      .option('--ipv6-only', '“::” takes no IPv4 connections');
  }
  command
    .option('--idle <ms>', 'close a connection without traffic for so long', readMs)
    .option('--first-byte <ms>', 'close a connection whose peer sends nothing for so long at its start', readMs)
    .option('--keep-alive <ms>', 'have the system probe a connection that is idle for so long', readMs)
    .option('--nagle', 'gather small pieces before they are sent (no TCP_NODELAY)')
    .option('--reuse-port', 'share the port with other programs that do so too')
    .option('--reuse-address', 'UDP: bind although another socket has the address');
}
