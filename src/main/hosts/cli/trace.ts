import { createWriteStream } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import type { SessionLog } from '#session/session.ts';
import type { TracedCall } from '#shared/calls/traced-calls.ts';
import { ok } from '#shared/failure.ts';
import { nextPoll, type TraceBatch, TraceChannel } from '#trace/channel.ts';
import { joinApp } from '#trace/join.ts';
import { SourceLines } from '#trace/source-lines.ts';
import { TraceRecorder, wallNow } from '#trace/trace-recorder.ts';
import { type ProgramEnd, startTracedProgram } from '#trace/traced-program.ts';
import { homeFolder } from '#workbench/workbench.ts';
import { errorOutput, exitCodes, note, Output, reportFailure } from './output.ts';
import { resourcesFolder, startRecording } from './run.ts';
import { callJson, callLine } from './trace-print.ts';

/** The options of `wirebench trace`, as commander returns them. */
export interface TraceOptions {
  readonly json?: true | undefined;
  /** The session file to create. */
  readonly record?: string | undefined;
  /** The file to write. Default: the error output. */
  readonly output?: string | undefined;
  /** Bytes of each payload that are reported. */
  readonly bytes: number;
  /** False: the calls are printed even if the app is running. */
  readonly app: boolean;
}

/** A call that waits this long is shown before it ends. */
const shownWhenWaitingNs = 100e6;

/** Runs `wirebench trace`. Returns the exit code of the program, or 128 and the number of the signal that ended it. */
export async function trace(command: [string, ...string[]], options: TraceOptions): Promise<number> {
  const output =
    options.output === undefined
      ? errorOutput()
      : new Output(createWriteStream(resolve(options.output), { mode: 0o600 }));
  const recording = await startRecording(options.record);
  if (!recording.ok) {
    reportFailure(recording.error);
    return exitCodes.failed;
  }
  const session = recording.value;
  const channel = await TraceChannel.create();
  try {
    const beginNs = Number(process.hrtime.bigint());
    const tracers = join(resourcesFolder(), 'trace');
    const { folder } = channel;
    const joined = printsCalls(options) ? ok(undefined) : await joinApp(homeFolder(), { folder, command });
    if (!joined.ok) {
      reportFailure(joined.error);
      return exitCodes.failed;
    }
    const app = joined.value;
    if (app) note(`The calls are shown in the running app, in the session “${app.session}”.`);
    const reader = app?.pid ?? process.pid;
    const started = await startTracedProgram({ command, folder, tracers, reader, maxBytes: options.bytes });
    if (!started.ok) {
      reportFailure(started.error);
      return exitCodes.failed;
    }
    const stopForwarding = forwardSignals(started.value.pid);
    const printer = new TracePrinter(output, channel, beginNs, options.json === true);
    const { ended } = started.value;
    const end = app ? await ended : await follow(channel, ended, printer, session);
    if (app) await endJoined(app.connection);
    stopForwarding();
    await output.finish();
    if (output.failure) reportFailure(output.failure);
    return end.code ?? 128 + (end.signal === null ? 0 : constants.signals[end.signal]);
  } finally {
    await channel.close();
    await endRecording(session);
  }
}

/** Returns true if the user asked for the calls here, so that the app does not read them. */
function printsCalls({ app, json, output, record }: TraceOptions): boolean {
  return !app || json === true || output !== undefined || record !== undefined;
}

/** Notifies the app that the program has ended, and resolves when it has read the last calls. */
function endJoined(connection: Socket): Promise<void> {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  connection.once('close', () => done());
  if (connection.destroyed) done();
  else connection.end();
  return promise;
}

/** Hands signals on to the program. Ctrl+C in a terminal reaches the program anyway. Returns the function that ends this. */
function forwardSignals(pid: number): () => void {
  const forward = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/** Prints and records what happens until the program has ended, and returns how it did. */
async function follow(
  channel: TraceChannel,
  ended: Promise<ProgramEnd>,
  printer: TracePrinter,
  session: SessionLog | undefined,
): Promise<ProgramEnd> {
  let sockets = 0;
  const nextSocketId = () => {
    sockets += 1;
    return sockets;
  };
  const recorder = session && new TraceRecorder({ log: session, nextSocketId });
  let end: ProgramEnd | undefined;
  void ended.then((how) => {
    end = how;
  });
  for (;;) {
    // What the program wrote last is taken after it has ended.
    const isLast = end !== undefined;
    const { batches, failures } = await channel.take();
    for (const failure of failures) reportFailure(failure);
    await recorder?.record(batches, wallNow());
    await printer.print(batches);
    if (session?.congested) await drained(session);
    if (isLast && end) {
      recorder?.finish(wallNow());
      return end;
    }
    await Promise.race([nextPoll(), ended]);
  }
}

/** Resolves when the session can take more: until then nothing is read, which slows the program. */
function drained(session: SessionLog): Promise<void> {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  const stop = session.onDrain(() => {
    stop();
    done();
  });
  if (!session.congested) {
    stop();
    done();
  }
  return promise;
}

/** Completes the session file, and reports what is missing from it. */
async function endRecording(session: SessionLog | undefined): Promise<void> {
  await session?.close();
  const failure = session?.loss ?? session?.error;
  if (failure) reportFailure(failure);
}

class TracePrinter {
  readonly #output: Output;
  readonly #channel: TraceChannel;
  readonly #beginNs: number;
  readonly #json: boolean;
  readonly #sources = new SourceLines();
  readonly #shown = new WeakSet<object>();
  #pids = new Set<number>();

  constructor(output: Output, channel: TraceChannel, beginNs: number, json: boolean) {
    this.#output = output;
    this.#channel = channel;
    this.#beginNs = beginNs;
    this.#json = json;
  }

  /** Prints the calls, and resolves when more can be printed. */
  async print(batches: readonly TraceBatch[]): Promise<void> {
    for (const batch of batches) await this.#printBatch(batch);
    if (!this.#json) this.#printWaiting();
    await this.#output.ready();
  }

  async #printBatch({ process: { pid }, events, wallOffsetNs }: TraceBatch): Promise<void> {
    this.#pids.add(pid);
    for (const event of events) {
      if (event.kind !== 'ended') continue;
      const text = this.#json && event.call.source ? await this.#sources.textOf(event.call.source) : '';
      this.#line(this.#json ? callJson(event.call, wallOffsetNs, text) : this.#text(event.call));
    }
  }

  /** Shows each call once that has not ended for a while. */
  #printWaiting(): void {
    const now = Number(process.hrtime.bigint());
    for (const { pending } of this.#channel.processes) {
      for (const call of pending) {
        if (now - call.start.atNs < shownWhenWaitingNs || this.#shown.has(call)) continue;
        this.#shown.add(call);
        this.#line(this.#text(call));
      }
    }
  }

  #text(call: TracedCall): string {
    return callLine(call, { beginNs: this.#beginNs, showsPid: this.#pids.size > 1 });
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }
}
