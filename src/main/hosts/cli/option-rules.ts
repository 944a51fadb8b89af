import type { Command } from 'commander';
import { abilitiesOf, type Transport, usesTls } from '#shared/socket/transports.ts';

/** Options that mean something only over some transports, and why not over the others. */
interface Rule {
  /** As commander names them. */
  readonly options: readonly string[];
  readonly fits: (transport: Transport) => boolean;
  /** What the option needs, or what stands in its way, as the rest of a sentence. */
  readonly why: string;
}

const isUdp = (transport: Transport) => transport === 'udp';
const isWebSocket = (transport: Transport) => transport === 'ws' || transport === 'wss';
const isStream = (transport: Transport) => !abilitiesOf(transport).messageOriented;
/** There is a TCP connection below. */
const isTcp = (transport: Transport) => !isUdp(transport) && transport !== 'local';

const words: Readonly<Record<Transport, string>> = {
  tcp: 'TCP',
  tls: 'TLS',
  udp: 'UDP',
  local: 'a local socket',
  ws: 'WebSocket',
  wss: 'WebSocket',
};

const rules: readonly Rule[] = [
  {
    options: [
      'cert',
      'key',
      'passphraseFile',
      'ca',
      'insecure',
      'trust',
      'serverName',
      'clientCert',
      'alpn',
      'tlsMin',
      'tlsMax',
    ],
    fits: usesTls,
    why: 'it needs --tls',
  },
  {
    options: [
      ...['broadcast', 'unconnected', 'ttl', 'join', 'source', 'interface', 'multicastTtl', 'multicastLoopback'],
      ...['receiveBuffer', 'sendBuffer', 'reuseAddress'],
    ],
    fits: isUdp,
    why: 'it needs --udp',
  },
  { options: ['text', 'binary', 'subprotocol', 'header', 'origin', 'ping'], fits: isWebSocket, why: 'it needs --ws' },
  {
    options: ['framing', 'onBadFrame', 'frame', 'chunk', 'split', 'rate'],
    fits: isStream,
    why: 'its messages go and come whole; framing and pieces are for byte streams',
  },
  { options: ['maxMessage'], fits: (transport) => !isUdp(transport), why: 'a datagram is as long as it is' },
  {
    options: ['halfClose', 'keepHalfOpen'],
    fits: (transport) => abilitiesOf(transport).halfClose,
    why: 'its sides do not end one by one (FIN)',
  },
  { options: ['reset'], fits: (transport) => abilitiesOf(transport).reset, why: 'it has no RST' },
  { options: ['nagle', 'keepAlive'], fits: isTcp, why: 'it is an option of TCP' },
  { options: ['backlog'], fits: (transport) => !isUdp(transport), why: 'it has no listen()' },
  { options: ['connectTimeout', 'reconnect'], fits: (transport) => !isUdp(transport), why: 'it has no connection' },
  {
    options: ['ipv6Only', 'reusePort', 'from', 'fromPort'],
    fits: (transport) => abilitiesOf(transport).host,
    why: 'it has a path, not an address',
  },
];

/** Options that mean nothing without one of some others. */
const needs: readonly { readonly option: string; readonly oneOf: readonly string[] }[] = [
  { option: 'key', oneOf: ['cert'] },
  { option: 'passphraseFile', oneOf: ['cert'] },
  { option: 'source', oneOf: ['join'] },
  { option: 'interval', oneOf: ['repeat'] },
  { option: 'chunkDelay', oneOf: ['chunk', 'split'] },
  { option: 'reconnect', oneOf: ['keepOpen'] },
];

/** Why the options given to `command` do not go together over `transport`; nothing where they do. */
export function combinationProblem(command: Command, transport: Transport): string | undefined {
  for (const { options, fits, why } of rules) {
    const option = options.find((name) => isGiven(command, name));
    if (option !== undefined && !fits(transport)) {
      return `option '${flagsOf(command, option)}' cannot be used with ${words[transport]}: ${why}`;
    }
  }
  // Below a client's TCP there is nothing that would share a port but by chance.
  if (isGiven(command, 'reusePort') && command.name() === 'send' && !isUdp(transport)) {
    return `option '${flagsOf(command, 'reusePort')}' cannot be used with ${words[transport]}: a client shares its port over UDP only`;
  }
  for (const { option, oneOf } of needs) {
    if (!isGiven(command, option) || oneOf.some((other) => isGiven(command, other))) continue;
    return `option '${flagsOf(command, option)}' needs ${oneOf.map((other) => `'${flagsOf(command, other)}'`).join(' or ')}`;
  }
  const { tlsMin = '1.2', tlsMax = '1.3' } = command.opts<{ tlsMin?: string; tlsMax?: string }>();
  return tlsMin > tlsMax ? `the lowest TLS version, ${tlsMin}, is above the highest, ${tlsMax}` : undefined;
}

function isGiven(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

function flagsOf(command: Command, name: string): string {
  return command.options.find((option) => option.attributeName() === name)?.flags ?? `--${name}`;
}
