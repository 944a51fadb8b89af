import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { configOfFlags } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import type { Target } from './target.ts';

/** The options of `wirebench listen`, as commander gives them; what is not there was not given. */
export interface ListenOptions extends EndpointOptions {
  /** End after this many messages. */
  readonly count?: number | undefined;
  /** End when the first connection has closed; over UDP, when the first datagram is answered. */
  readonly once?: boolean | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** Returns the server that the options describe. Fails where a file they name cannot be read. */
export function serverConfig(target: Target, options: ListenOptions): Promise<Result<ServerConfig>> {
  return configOfFlags('server', target, options, { name: 'listen', behaviour: { kind: 'silent' } });
}
