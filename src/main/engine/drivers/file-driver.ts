import { optionFilesOf } from '#shared/endpoint/configured-files.ts';
import { type EndpointConfig, nested } from '#shared/endpoint/endpoint-config.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import type { CallFailure } from '../failures.ts';
import type { Driver } from './driver.ts';

/** Finds the path of a file that a configuration names. A page names files by handles, the command line by paths. */
export type FileOf = (reference: string) => Result<string>;

/** Returns `config` with the paths of the files that its options name. Fails where one of them is not found. */
export function withPaths<Config extends EndpointConfig>(
  config: Config,
  fileOf: FileOf,
  catalogue: OptionList = optionCatalogue,
): Result<Config> {
  const paths: Record<string, string> = {};
  for (const { path, reference } of optionFilesOf(config, catalogue)) {
    const found = fileOf(reference);
    if (!found.ok) return found;
    paths[path.join('.')] = found.value;
  }
  return ok(nested({ ...config }, paths) as Config);
}

/** Returns `driver` for configurations that name files by references: replaces them with paths when they are used. */
export function findingFiles(driver: Driver, fileOf: FileOf): Driver {
  // A driver finds what it has prepared for a configuration by that object, so each must resolve to the same object.
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
  // Not a code of the system: there is no path whose file the doctor could examine.
  return { call: 'open', errno: 'ERR_FILE_NOT_CHOSEN', text: [message, system].filter(Boolean).join(': ') };
}
