import { defaultClient, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/**
 * The parts of a configuration whose values the readers of the arguments (arguments.ts, target.ts) hold to the bounds of
 * the schema, or that are one of a few words.
 */
const checkedByReaders: ReadonlySet<string> = new Set([
  ...['name', 'transport', 'host', 'port', 'framing', 'badFrame', 'halfOpen', 'bind'],
  ...['limits.maxQueued', 'limits.maxConnections', 'limits.firstByteMs', 'limits.idleMs'],
  ...['tcp.noDelay', 'tcp.keepAlive', 'tcp.keepAliveDelayMs', 'tls.verify', 'tls.clientCertificate'],
  ...['udp.connected', 'udp.broadcast', 'udp.ttl', 'udp.multicastTtl', 'udp.multicastLoopback'],
  ...['backlog', 'behaviour.kind', 'localPort', 'connectTimeoutMs', 'reconnect'],
]);

/**
 * Checks what the options cannot check one by one. The failure is one of usage. The schema is loaded only where it can
 * have an objection: the schema library is a large part of the time that a short command takes.
 */
export async function checkConfig(config: EndpointConfig): Promise<Result<EndpointConfig>> {
  if (isChecked(config)) return ok(config);
  const { endpointConfigSchema } = await import('#shared/endpoint/endpoint-schema.ts');
  const checked = endpointConfigSchema.safeParse(config);
  if (checked.success) return ok(config);
  const [issue] = checked.error.issues;
  return fail('bad-input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as it should be'}`);
}

/** True where `config` differs from a default one only in what was checked when it was read. */
export function isChecked(config: EndpointConfig): boolean {
  // `[ ]:80` has a host for its reader.
  if (config.host.trim() === '') return false;
  return isLike(config, config.role === 'server' ? silentServer : defaultClient, '');
}

const silentServer: EndpointConfig = { ...defaultServer, behaviour: { kind: 'silent' } };

/** True where `value`, which stands at `path`, is like `known` but for what was checked. */
function isLike(value: unknown, known: unknown, path: string): boolean {
  if (checkedByReaders.has(path) || Object.is(value, known)) return true;
  if (!isObject(value) || !isObject(known)) return false;
  const keys = new Set([...Object.keys(value), ...Object.keys(known)]);
  return [...keys].every((key) =>
    isLike(Reflect.get(value, key), Reflect.get(known, key), path === '' ? key : `${path}.${key}`),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
