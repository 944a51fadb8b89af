import { z } from 'zod';
import { encodeUtf8 } from '../bytes/text.ts';
import { framingSpecSchema } from '../framing/framing-schema.ts';
import { badFrames } from '../framing/spec.ts';
import { transports, usesTls } from '../socket/transports.ts';
import {
  type BindOptions,
  type ClientConfig,
  type Limits,
  type Reconnect,
  type ServerConfig,
  type TcpOptions,
  type TlsOptions,
  tlsVersions,
  type UdpOptions,
  type WsOptions,
} from './endpoint-config.ts';
import { headerProblem, headerValueProblem, maxHeaders } from './http-header.ts';
import { withoutHeaderMark, withoutTargetMarks } from './secret-values.ts';
import type { Shape } from './shape.ts';

/** A host as a person types it: a name or an IPv4 or IPv6 address, without brackets. */
const host = z
  .string()
  .trim()
  .min(1, 'a host is needed')
  .max(255, 'a host has at most 255 characters')
  .refine((text) => !text.includes('@'), 'a host has no user name and password: add a header for them');
const optionalHost = z.string().trim().max(255, 'a host has at most 255 characters');
const serverPort = z.number().int().min(0, 'a port is 0 to 65535').max(65_535, 'a port is 0 to 65535');
const peerPort = z.number().int().min(1, 'a port is 1 to 65535').max(65_535, 'a port is 1 to 65535');
const name = z.string().trim().min(1).max(120);
const filePath = z.string().trim().max(4_096, 'a path has at most 4096 characters');
const day = 86_400_000;
const delayMs = z.number().int().min(0).max(day, 'at most a day, 86400000 ms');

const limitsSchema = z.object({
  maxMessage: z
    .number()
    .int()
    .min(1_024)
    .max(512 * 1_048_576),
  maxQueued: z
    .number()
    .int()
    .min(65_536)
    .max(1_024 * 1_048_576),
  maxConnections: z.number().int().min(1).max(100_000),
  firstByteMs: delayMs,
  idleMs: delayMs,
} satisfies Shape<Limits>);

const behaviourSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('echo') }),
  z.object({ kind: z.literal('reply'), text: z.string().max(1_048_576) }),
  z.object({ kind: z.literal('reply-file'), path: z.string().min(1, 'a file is needed').max(4_096) }),
]);

const tcpOptionsSchema = z.object({
  noDelay: z.boolean(),
  keepAlive: z.boolean(),
  keepAliveDelayMs: delayMs,
  highWaterMark: z
    .number()
    .int()
    .min(0)
    .max(16 * 1_048_576, 'at most 16777216 bytes'),
} satisfies Shape<TcpOptions>);

const bindOptionsSchema = z.object({
  ipv6Only: z.boolean(),
  reuseAddress: z.boolean(),
  reusePort: z.boolean(),
} satisfies Shape<BindOptions>);

const fingerprint = z
  .string()
  .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'a SHA-256 fingerprint is 32 bytes in hex, AA:BB:…');

const tlsOptionsSchema = z.object({
  certificate: filePath,
  key: filePath,
  passphrase: z.string().max(1_024),
  passphraseSet: z.boolean(),
  ca: filePath,
  verify: z.boolean(),
  trusted: z.array(fingerprint).max(100),
  clientCertificate: z.enum(['none', 'request', 'require']),
  serverName: optionalHost,
  alpn: z.array(z.string().refine(isAlpnName, 'an ALPN protocol has 1 to 255 bytes')).max(16),
  minVersion: z.enum(tlsVersions),
  maxVersion: z.enum(tlsVersions),
} satisfies Shape<TlsOptions>);

/** RFC 7301, section 3.1: the length of a protocol's name is one byte. */
function isAlpnName(name: string): boolean {
  const { length } = encodeUtf8(name);
  return length > 0 && length <= 255;
}

const udpOptionsSchema = z.object({
  connected: z.boolean(),
  broadcast: z.boolean(),
  ttl: z.number().int().min(0).max(255, 'a TTL is 0 to 255'),
  group: optionalHost,
  source: optionalHost,
  multicastInterface: optionalHost,
  multicastTtl: z.number().int().min(0).max(255, 'a TTL is 0 to 255'),
  multicastLoopback: z.boolean(),
  receiveBuffer: z.number().int().min(0).max(1_073_741_824),
  sendBuffer: z.number().int().min(0).max(1_073_741_824),
} satisfies Shape<UdpOptions>);

const wsOptionsSchema = z.object({
  path: z
    .string()
    .trim()
    .startsWith('/', 'a path begins with /')
    .refine((path) => withoutTargetMarks(path).length <= 2_048, 'a path has at most 2048 characters'),
  protocols: z
    .array(
      z
        .string()
        .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'a subprotocol is one word')
        .max(128),
    )
    .max(16),
  headers: z
    .array(
      z.string().superRefine((line, context) => {
        const problem = headerProblem(withoutHeaderMark(line));
        if (problem) context.addIssue({ code: 'custom', message: problem });
      }),
    )
    .max(maxHeaders, `at most ${maxHeaders} headers`),
  origin: z
    .string()
    .trim()
    .max(2_048)
    .refine((value) => headerValueProblem(value) === undefined, 'an origin has no control characters'),
  send: z.enum(['auto', 'text', 'binary']),
} satisfies Shape<WsOptions>);

const reconnectSchema = z.object({
  kind: z.enum(['off', 'fixed', 'exponential']),
  delayMs: z.number().int().min(10, 'at least 10 ms').max(day),
  maxDelayMs: z.number().int().min(10).max(day),
  jitter: z.boolean(),
  maxAttempts: z.number().int().min(0).max(1_000_000),
} satisfies Shape<Reconnect>);

const sharedFields = {
  transport: z.enum(transports),
  name,
  host,
  path: filePath,
  framing: framingSpecSchema,
  badFrame: z.enum(badFrames),
  halfOpen: z.boolean(),
  limits: limitsSchema,
  bind: bindOptionsSchema,
  tcp: tcpOptionsSchema,
  tls: tlsOptionsSchema,
  udp: udpOptionsSchema,
  ws: wsOptionsSchema,
};

const serverConfigSchema = z.object({
  role: z.literal('server'),
  ...sharedFields,
  port: serverPort,
  backlog: z.number().int().min(1, 'a backlog is at least 1').max(65_535, 'a backlog is at most 65535'),
  behaviour: behaviourSchema,
} satisfies Shape<ServerConfig>);

const clientConfigSchema = z.object({
  role: z.literal('client'),
  ...sharedFields,
  port: peerPort,
  localHost: optionalHost,
  localPort: serverPort,
  connectTimeoutMs: z.number().int().min(50).max(600_000),
  reconnect: reconnectSchema,
} satisfies Shape<ClientConfig>);

export const endpointConfigSchema = z
  .discriminatedUnion('role', [serverConfigSchema, clientConfigSchema])
  .superRefine((config, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { transport, tls } = config;
    if (transport === 'local' && config.path === '') complain(['path'], 'a path is needed');
    if (!usesTls(transport)) return;
    if (tls.key === '' && tls.certificate !== '') complain(['tls', 'key'], 'a certificate needs its key');
    if (tls.certificate === '' && tls.key !== '') complain(['tls', 'certificate'], 'a key needs its certificate');
    if (tlsVersions.indexOf(tls.minVersion) > tlsVersions.indexOf(tls.maxVersion)) {
      complain(['tls', 'minVersion'], 'the least version is above the highest');
    }
  });
