import type { EndpointConfig, TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { ok, type Result } from '#shared/failure.ts';

/** Finds the path of a file that a configuration names. A page names files by handles, the command line by paths. */
export type FileOf = (reference: string) => Result<string>;

const fields = ['certificate', 'key', 'ca'] as const satisfies readonly (keyof TlsOptions)[];

/** Returns `config` with the paths of its TLS files. Fails where one of them is not found. */
export function withPaths<Config extends EndpointConfig>(config: Config, fileOf: FileOf): Result<Config> {
  if (!('tls' in config)) return ok(config);
  const tls = { ...config.tls };
  for (const field of fields) {
    if (tls[field] === '') continue;
    const path = fileOf(tls[field]);
    if (!path.ok) return path;
    tls[field] = path.value;
  }
  return ok({ ...config, tls });
}
