import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { configOfFlags } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import type { Target } from './target.ts';

/** The options of `wirebench listen`, as commander returns them. Options that were not given are missing. */
export interface ListenOptions extends EndpointOptions {
  /** Ends after this many messages. */
  readonly count?: number | undefined;
  /** Ends when the first connection has closed; over UDP, after the reply to the first datagram. */
  readonly once?: boolean | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** Returns the configuration that the options describe. Fails if a file that they name cannot be read. */
export function serverConfig(target: Target, options: ListenOptions): Promise<Result<ServerConfig>> {
  return configOfFlags('server', target, options, { name: 'listen', behaviour: { kind: 'silent' } });
}
