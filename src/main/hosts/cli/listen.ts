import { type Behaviour, defaultServer, type ServerConfig } from '#shared/contract/endpoint-config.ts';
import { type Failure, ok, type Result } from '#shared/contract/failure.ts';
import { readReplyFile } from '#workbench/reply-file.ts';
import { onStopSignal } from '../stop-signal.ts';
import { Ending } from './ending.ts';
import { checkConfig, sharedConfig } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import { exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import { createLinePrinter, printJson } from './printers.ts';
import { note, refuse, reportFailure } from './report.ts';
import { resourcesFolder } from './resources.ts';
import { Run } from './run.ts';
import type { Target } from './target.ts';

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
  readonly verbose?: boolean | undefined;
}

/** `wirebench listen`: runs a server until its job is done or it is stopped. Gives the exit code. */
export async function listen(target: Target, options: ListenOptions): Promise<number> {
  const failed = (error: Failure) => {
    reportFailure(error, options.verbose);
    return exitCodes.failed;
  };
  const behaviour = behaviourOf(options);
  const config = await configOf(target, options, behaviour);
  if (!config.ok) return failed(config.error);
  const checked = checkConfig(config.value);
  if (!checked.ok) return refuse(checked.error);
  if (behaviour.kind === 'reply-file') {
    // It is read again at each reply; this one is so that a wrong path is told now and not to the first client.
    const readable = await readReplyFile(resourcesFolder(), behaviour.path);
    if (!readable.ok) return failed(readable.error);
  }
  const output = new Output();
  const ending = new Ending(endOf(target, options));
  const print = options.json ? printJson : createLinePrinter();
  const recordingFailed = () => ending.end();
  const started = await Run.start({ output, print, observer: ending, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  output.onGone(() => ending.end());
  onStopSignal(() => ending.end());

  const { id } = run.engine.create(config.value);
  const opened = await run.engine.open(id);
  if (opened.ok) {
    if (opened.value.exposed)
      note(`Other machines can reach this server: ${opened.value.address} is no loopback address.`);
    await ending.done;
  }
  const finished = await run.finish();
  const error = opened.ok ? ending.failure : opened.error;
  if (error) return failed(error);
  return finished ? exitCodes.done : exitCodes.failed;
}

/** Datagrams have no connection that could end: there, `--once` is the first of them. */
function endOf(
  { transport }: Target,
  { once, count }: ListenOptions,
): { once?: boolean | undefined; count?: number | undefined } {
  return once && transport === 'udp' ? { count: 1 } : { once, count };
}

function behaviourOf({ echo, reply, replyFile }: ListenOptions): Behaviour {
  if (echo) return { kind: 'echo' };
  if (reply !== undefined) return { kind: 'reply', text: reply };
  return replyFile === undefined ? { kind: 'silent' } : { kind: 'reply-file', path: replyFile };
}

async function configOf(target: Target, options: ListenOptions, behaviour: Behaviour): Promise<Result<ServerConfig>> {
  const shared = await sharedConfig(target, options);
  if (!shared.ok) return shared;
  return ok({ ...defaultServer, ...shared.value, name: 'listen', backlog: options.backlog, behaviour });
}
