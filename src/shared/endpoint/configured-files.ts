import { actionKindOf, textOf } from '../rules/actions/catalogue.ts';
import type { Transport } from '../socket/transports.ts';
import { type EndpointConfig, partsOf, valueAt } from './endpoint-config.ts';
import { type OptionList, optionCatalogue } from './options/catalogue.ts';
import type { EndpointOption } from './options/option.ts';

/** One file that a configuration names. */
interface ConfiguredFile {
  /** Where in the configuration. */
  readonly path: readonly string[];
  readonly reference: string;
}

/** Returns true for an option whose value names a file to read: a page names it by a reference. */
function namesFile({ row }: EndpointOption): boolean {
  return row?.control === 'file';
}

/** Returns the transports that have an option which names a file. */
export function transportsWithFiles(catalogue: OptionList = optionCatalogue): ReadonlySet<Transport> {
  return new Set(catalogue.filter(namesFile).flatMap(({ transports }) => transports));
}

/** Returns the files that the options of a configuration name; an option that names none is left out. */
export function optionFilesOf(config: EndpointConfig, catalogue: OptionList = optionCatalogue): ConfiguredFile[] {
  return partsOf(config.role, config.transport, catalogue)
    .filter(namesFile)
    .map(({ path }) => ({ path: path.split('.'), reference: String(valueAt(config, path) ?? '') }))
    .filter(({ reference }) => reference !== '');
}

/** Returns the files that a configuration names: those of its options, and the one of its replies. */
export function filesOf(config: EndpointConfig, catalogue: OptionList = optionCatalogue): ConfiguredFile[] {
  const files = optionFilesOf(config, catalogue);
  if (config.role !== 'server') return files;
  const { value } = actionKindOf(config.behaviour.kind);
  const reference = textOf(config.behaviour) ?? '';
  return value?.input === 'payload' && reference !== ''
    ? [...files, { path: ['behaviour', value.name], reference }]
    : files;
}
