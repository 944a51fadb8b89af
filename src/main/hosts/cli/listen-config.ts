import { type Behaviour, defaultServer, type ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { ok, type Result } from '#shared/failure.ts';
import { sharedConfig } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import type { Target } from './target.ts';

/** The options of `wirebench listen`, as commander returns them. Options that were not given are missing. */
export interface ListenOptions extends EndpointOptions {
  readonly backlog: number;
  readonly echo?: boolean | undefined;
  readonly reply?: string | undefined;
  readonly replyFile?: string | undefined;
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
export async function serverConfig(target: Target, options: ListenOptions): Promise<Result<ServerConfig>> {
  const shared = await sharedConfig(target, options);
  if (!shared.ok) return shared;
  const { backlog } = options;
  return ok({ ...defaultServer, ...shared.value, name: 'listen', backlog, behaviour: behaviourOf(options) });
}

function behaviourOf({ echo, reply, replyFile }: ListenOptions): Behaviour {
  if (echo) return { kind: 'echo' };
  if (reply !== undefined) return { kind: 'reply', text: reply };
  return replyFile === undefined ? { kind: 'silent' } : { kind: 'reply-file', path: replyFile };
}
