import { usesTls } from '../socket/transports.ts';
import type { EndpointConfig } from './endpoint-config.ts';

/** One file that a configuration names. */
interface ConfiguredFile {
  /** Where in the configuration. */
  readonly path: readonly [string, string];
  readonly reference: string;
  /** The endpoint reads it as it is configured: TLS files only where its transport has TLS. */
  readonly used: boolean;
}

/** Returns the files that a configuration names; a field that names none is left out. */
export function filesOf(config: EndpointConfig): ConfiguredFile[] {
  const used = usesTls(config.transport);
  const files: ConfiguredFile[] = (['certificate', 'key', 'ca'] as const).map((field) => ({
    path: ['tls', field],
    reference: config.tls[field],
    used,
  }));
  if (config.role === 'server' && config.behaviour.kind === 'reply-file') {
    files.push({ path: ['behaviour', 'path'], reference: config.behaviour.path, used: true });
  }
  return files.filter(({ reference }) => reference !== '');
}
