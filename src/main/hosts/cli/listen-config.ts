import { type Behaviour, defaultServer, type ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { ok, type Result } from '#shared/failure.ts';
import { sharedConfig } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import type { Target } from './target.ts';

/** The options of `wirebench listen`, as commander gives them; what is not there was not given. */
export interface ListenOptions extends EndpointOptions {
  readonly backlog: number;
  readonly echo?: boolean | undefined;
  readonly reply?: string | undefined;
  readonly replyFile?: string | undefined;
  /** End after this many messages. */
  readonly count?: number | undefined;
  /** End when the first connection has closed; over UDP, when the first datagram is answered. */
  readonly once?: boolean | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** The server that the options describe. Fails where a file they name cannot be read. */
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
