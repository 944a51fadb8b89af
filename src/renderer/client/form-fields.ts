import type { Behaviour } from '#shared/endpoint/endpoint-config.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { FramingForm } from './framing-form.ts';

/**
 * How the text of each field is converted to a value of the configuration. A field is named by its path in the
 * configuration; schema errors and system options use the same names.
 */
export const formFields = {
  name: 'text',
  host: 'text',
  port: 'number',
  path: 'text',
  badFrame: 'text',
  halfOpen: 'check',
  'limits.maxMessage': 'number',
  'limits.maxQueued': 'number',
  'limits.maxConnections': 'number',
  'limits.firstByteMs': 'number',
  'limits.idleMs': 'number',
  'bind.ipv6Only': 'check',
  'bind.reuseAddress': 'check',
  'bind.reusePort': 'check',
  'tcp.noDelay': 'check',
  'tcp.keepAlive': 'check',
  'tcp.keepAliveDelayMs': 'number',
  'tcp.highWaterMark': 'number',
  'tls.certificate': 'text',
  'tls.key': 'text',
  'tls.passphrase': 'text',
  'tls.passphraseSet': 'check',
  'tls.ca': 'text',
  'tls.verify': 'check',
  'tls.trusted': 'fingerprints',
  'tls.clientCertificate': 'text',
  'tls.serverName': 'text',
  'tls.alpn': 'words',
  'tls.minVersion': 'text',
  'tls.maxVersion': 'text',
  'udp.connected': 'check',
  'udp.broadcast': 'check',
  'udp.ttl': 'number',
  'udp.group': 'text',
  'udp.source': 'text',
  'udp.multicastInterface': 'text',
  'udp.multicastTtl': 'number',
  'udp.multicastLoopback': 'check',
  'udp.receiveBuffer': 'number',
  'udp.sendBuffer': 'number',
  'ws.path': 'text',
  'ws.protocols': 'words',
  'ws.headers': 'lines',
  'ws.origin': 'text',
  'ws.send': 'text',
  // Of a server:
  backlog: 'number',
  // Of a client:
  localHost: 'text',
  localPort: 'number',
  connectTimeoutMs: 'number',
  'reconnect.kind': 'text',
  'reconnect.delayMs': 'number',
  'reconnect.maxDelayMs': 'number',
  'reconnect.jitter': 'check',
  'reconnect.maxAttempts': 'number',
} as const;

type Fields = typeof formFields;
export type PlainField = keyof Fields;
type PlainValues = { readonly [Field in PlainField]: Fields[Field] extends 'check' ? boolean : string };

/** The form of an endpoint: its values as typed, valid or not. */
export interface EndpointForm extends PlainValues, FramingForm {
  readonly role: 'server' | 'client';
  readonly transport: Transport;
  readonly behaviour: Behaviour['kind'];
  readonly 'behaviour.text': string;
  readonly 'behaviour.path': string;
}

export type FormField = keyof EndpointForm;
export type FormErrors = Readonly<Partial<Record<FormField, string>>>;

export const plainFields = Object.keys(formFields) as readonly PlainField[];

/** Returns the value at `path` (`tcp.noDelay`) in a configuration. */
export function valueAt(config: object, path: string): unknown {
  let value: unknown = config;
  for (const part of path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  return value;
}

/** Sets the value at `path`, which has one or two names. */
export function setAt(config: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) config[first] = value;
  else config[first] = { ...(config[first] as object | undefined), [second]: value };
}
