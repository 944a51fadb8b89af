import type { Failure } from '#shared/failure.ts';
import { readReplyFile } from '#workbench/reply-file.ts';
import { onStopSignal } from '../stop-signal.ts';
import { checkConfig } from './config-check.ts';
import { Ending } from './ending.ts';
import { exitCodes } from './exit-codes.ts';
import { IncompleteNotes } from './incomplete-notes.ts';
import { type ListenOptions, serverConfig } from './listen-config.ts';
import { Output } from './output.ts';
import { usualMode } from './output-mode.ts';
import { createJsonPrinter, createLinePrinter, createStreamPrinter } from './printers.ts';
import { note, refuse, reportFailure } from './report.ts';
import { resourcesFolder } from './resources.ts';
import { Run } from './run.ts';
import type { Target } from './target.ts';

/** `wirebench listen`: runs a server until its job is done or it is stopped. Gives the exit code. */
export async function listen(target: Target, options: ListenOptions): Promise<number> {
  const failed = (error: Failure) => {
    reportFailure(error, options.verbose);
    return exitCodes.failed;
  };
  const config = await serverConfig(target, options);
  if (!config.ok) return failed(config.error);
  const checked = checkConfig(config.value);
  if (!checked.ok) return refuse(checked.error);
  const { behaviour } = config.value;
  if (behaviour.kind === 'reply-file') {
    // It is read again at each reply; this one is so that a wrong path is told now and not to the first client.
    const readable = await readReplyFile(resourcesFolder(), behaviour.path);
    if (!readable.ok) return failed(readable.error);
  }
  const output = new Output();
  const ending = new Ending(endOf(target, options));
  const mode = options.output ?? usualMode(config.value, output.isTerminal);
  const print = options.json ? createJsonPrinter() : mode === 'raw' ? createStreamPrinter() : createLinePrinter(mode);
  const recordingFailed = () => ending.end();
  const started = await Run.start({ output, print, observer: ending, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  if (options.verbose) new IncompleteNotes(run.engine);
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
