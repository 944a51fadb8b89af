import { defaultClient, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/**
 * The parts of a configuration that need no check by the schema: the parsers of arguments (arguments.ts, target.ts) enforce
 * its bounds, or the value is one of a fixed set.
 */
const checkedByReaders: ReadonlySet<string> = new Set([
  ...['name', 'transport', 'host', 'port', 'framing', 'badFrame', 'halfOpen', 'bind'],
  ...['limits.maxQueued', 'limits.maxConnections', 'limits.firstByteMs', 'limits.idleMs'],
  ...['tcp.noDelay', 'tcp.keepAlive', 'tcp.keepAliveDelayMs', 'tls.verify', 'tls.clientCertificate'],
  ...['udp.connected', 'udp.broadcast', 'udp.ttl', 'udp.multicastTtl', 'udp.multicastLoopback'],
  ...['backlog', 'behaviour.kind', 'localPort', 'connectTimeoutMs', 'reconnect'],
]);

/**
 * Checks a configuration that the parsers of single options cannot check. A failure is a usage error. Loads the schema only
 * if it can fail, because loading the schema library takes a large part of the time of a short command.
 */
export async function checkConfig(config: EndpointConfig): Promise<Result<EndpointConfig>> {
  if (isChecked(config)) return ok(config);
  const { endpointConfigSchema } = await import('#shared/endpoint/endpoint-schema.ts');
  const checked = endpointConfigSchema.safeParse(config);
  if (checked.success) return ok(config);
  const [issue] = checked.error.issues;
  return fail('bad-input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid value'}`);
}

/** Returns true if `config` differs from the default only in parts that the parsers of options have checked. */
export function isChecked(config: EndpointConfig): boolean {
  // The parser of addresses accepts `[ ]:80`.
  if (config.host.trim() === '') return false;
  return isLike(config, config.role === 'server' ? silentServer : defaultClient, '');
}

const silentServer: EndpointConfig = { ...defaultServer, behaviour: { kind: 'silent' } };

/** Returns true if `value`, the part at `path`, equals `known` except for the checked parts. */
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
