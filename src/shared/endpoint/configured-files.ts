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
  if (config.role === 'server' && config.behaviour.kind === 'reply-file') {
    files.push({ path: ['behaviour', 'path'], reference: config.behaviour.path });
  }
  return files.filter(({ reference }) => reference !== '');
}
