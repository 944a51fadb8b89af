import { actionKindOf, textOf } from '../rules/actions/catalogue.ts';
import type { EndpointConfig } from './endpoint-config.ts';

/** One file that a configuration names. */
interface ConfiguredFile {
  /** Where in the configuration. */
  readonly path: readonly [string, string];
  readonly reference: string;
}

/** Returns the files that a configuration names; a field that names none is left out. */
export function filesOf(config: EndpointConfig): ConfiguredFile[] {
  const files: ConfiguredFile[] = [];
  if ('tls' in config) {
    for (const field of ['certificate', 'key', 'ca'] as const) {
      files.push({ path: ['tls', field], reference: config.tls[field] });
    }
  }
  if (config.role === 'server') {
    const { value } = actionKindOf(config.behaviour.kind);
    const reference = textOf(config.behaviour);
    if (value?.input === 'payload' && reference !== undefined)
      files.push({ path: ['behaviour', value.name], reference });
  }
  return files.filter(({ reference }) => reference !== '');
}
