import type { Failure } from '#shared/failure.ts';
import { readReplyFile } from '#workbench/reply-file.ts';
import { onStopSignal } from '../stop-signal.ts';
import { checkConfig } from './config-check.ts';
import { EndCondition } from './end-condition.ts';
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

/** Runs `wirebench listen`: a server, until its end condition or a stop signal. Returns the exit code. */
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
    // The file is read again for each reply. This read reports a wrong path before the first client connects.
    const readable = await readReplyFile(resourcesFolder(), behaviour.path);
    if (!readable.ok) return failed(readable.error);
  }
  const output = new Output();
  const end = new EndCondition(endOptions(target, options));
  const mode = options.output ?? usualMode(config.value, output.isTerminal);
  const print = options.json ? createJsonPrinter() : mode === 'raw' ? createStreamPrinter() : createLinePrinter(mode);
  const recordingFailed = () => end.end();
  const started = await Run.start({ output, print, observer: end, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  if (options.verbose) new IncompleteNotes(run.engine);
  output.onGone(() => end.end());
  onStopSignal(() => end.end());

  const { id } = run.engine.create(config.value);
  const opened = await run.engine.open(id);
  if (opened.ok) {
    if (opened.value.exposed)
      note(`Other machines can reach this server: ${opened.value.address} is not a loopback address.`);
    await end.done;
  }
  const finished = await run.finish();
  const error = opened.ok ? end.failure : opened.error;
  if (error) return failed(error);
  return finished ? exitCodes.done : exitCodes.failed;
}

/** Returns when to end. UDP has no connection that could end: `--once` ends after the first datagram. */
function endOptions(
  { transport }: Target,
  { once, count }: ListenOptions,
): { once?: boolean | undefined; count?: number | undefined } {
  return once && transport === 'udp' ? { count: 1 } : { once, count };
}
