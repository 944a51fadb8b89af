import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Failure } from '#shared/failure.ts';
import { type FileOf, withPaths } from '../endpoint-files.ts';
import type { CallFailure } from './call-failure.ts';
import type { Driver } from './driver.ts';

/** Returns `driver` for configurations that name files by references: it gets them with paths, found when they are used. */
export function findingFiles(driver: Driver, fileOf: FileOf): Driver {
  // What a driver prepared for a configuration it finds again by that object.
  const found = new WeakMap<EndpointConfig, EndpointConfig>();
  const resolve = <Config extends EndpointConfig>(config: Config): Config | CallFailure => {
    const known = found.get(config);
    if (known) return known as Config;
    const resolved = withPaths(config, fileOf);
    if (!resolved.ok) return missing(resolved.error);
    found.set(config, resolved.value);
    return resolved.value;
  };
  return {
    async listen(config, handlers) {
      const resolved = resolve(config);
      return 'call' in resolved ? resolved : driver.listen(resolved, handlers);
    },
    async prepare(config) {
      const resolved = resolve(config);
      return 'call' in resolved ? resolved : driver.prepare?.(resolved);
    },
    async connect(config, options) {
      const resolved = resolve(config);
      return 'call' in resolved ? resolved : driver.connect(resolved, options);
    },
  };
}

function missing({ message, system }: Failure): CallFailure {
  // No code of the system's: there is no path whose file could be looked at.
  return { call: 'open', errno: 'ERR_FILE_NOT_CHOSEN', text: [message, system].filter(Boolean).join(': ') };
}
