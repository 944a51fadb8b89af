import { optionFilesOf } from '#shared/endpoint/configured-files.ts';
import { type EndpointConfig, nested } from '#shared/endpoint/endpoint-config.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { ok, type Result } from '#shared/failure.ts';

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
