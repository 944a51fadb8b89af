import { createWriteStream } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import type { SessionLog } from '#session/session.ts';
import { ok, type Result } from '#shared/failure.ts';
import { nextPoll, TraceChannel, type TraceSource } from '#trace/channel.ts';
import { joinApp } from '#trace/join.ts';
import { tracerFor } from '#trace/program-kind.ts';
import { StraceSource } from '#trace/strace.ts';
import { TraceRecorder, wallNow } from '#trace/trace-recorder.ts';
import { type ProgramEnd, type StartedProgram, startProgram, startTracedProgram } from '#trace/traced-program.ts';
import { homeFolder } from '#workbench/workbench.ts';
import { errorOutput, exitCodes, note, Output, reportFailure } from './output.ts';
import { resourcesFolder, startRecording } from './run.ts';
import { TracePrinter } from './trace-printer.ts';

/** The options of `wirebench trace`, as commander returns them. */
export interface TraceOptions {
  readonly json?: true | undefined;
  /** The session file to create. */
  readonly record?: string | undefined;
  /** The file to write. Default: the error output. */
  readonly output?: string | undefined;
  /** Bytes of each payload that are reported. */
  readonly bytes: number;
  /** Traces with strace, also a program that has a tracer. */
  readonly strace?: true | undefined;
  /** False: the calls are printed even if the app is running. */
  readonly app: boolean;
}

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
  const beginNs = Number(process.hrtime.bigint());
  const run = await start(command, options);
  if (!run.ok) {
    reportFailure(run.error);
    await endRecording(session);
    return exitCodes.failed;
  }
  const { source, program, app } = run.value;
  try {
    const stopForwarding = forwardSignals(program.pid);
    const printer = new TracePrinter(output, source, beginNs, options.json === true);
    const end = app ? await program.ended : await follow(source, program.ended, printer, session);
    if (app) await endJoined(app);
    stopForwarding();
    await output.finish();
    if (output.failure) reportFailure(output.failure);
    return end.code ?? 128 + (end.signal === null ? 0 : constants.signals[end.signal]);
  } finally {
    await source.close();
    await endRecording(session);
  }
}

interface Run {
  readonly source: TraceSource;
  readonly program: StartedProgram;
  /** The connection to the app that reads the calls, if it is running. */
  readonly app?: Socket | undefined;
}

/** Starts the program with the tracer for it. */
async function start(command: [string, ...string[]], options: TraceOptions): Promise<Result<Run>> {
  const { bytes: maxBytes, strace } = options;
  if (!strace && (await tracerFor(command[0])) === 'own') return await startOwn(command, options);
  const source = await StraceSource.create(maxBytes);
  if (!source.ok) return source;
  const program = await startProgram(source.value.commandFor(command), process.env);
  if (program.ok) void program.value.ended.then(() => source.value.programEnded());
  return await runOf(source.value, program);
}

/** Starts a program with the tracers of Wirebench, whose calls the running app can read. */
async function startOwn(command: [string, ...string[]], options: TraceOptions): Promise<Result<Run>> {
  const channel = await TraceChannel.create();
  const { folder } = channel;
  const joined = printsCalls(options) ? ok(undefined) : await joinApp(homeFolder(), { folder, command });
  if (!joined.ok) {
    await channel.close();
    return joined;
  }
  const app = joined.value;
  if (app) note(`The calls are shown in the running app, in the session “${app.session}”.`);
  const reader = app?.pid ?? process.pid;
  const tracers = join(resourcesFolder(), 'trace');
  const program = await startTracedProgram({ command, folder, tracers, reader, maxBytes: options.bytes });
  if (!program.ok) app?.connection.destroy();
  return await runOf(channel, program, app?.connection);
}

async function runOf(source: TraceSource, program: Result<StartedProgram>, app?: Socket): Promise<Result<Run>> {
  if (program.ok) return ok({ source, program: program.value, app });
  await source.close();
  return program;
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
  source: TraceSource,
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
    const isLast = end !== undefined && source.isDone;
    const { batches, failures } = await source.take();
    for (const failure of failures) reportFailure(failure);
    await recorder?.record(batches, wallNow());
    await printer.print(batches);
    if (session?.congested) await drained(session);
    if (isLast && end) {
      await recorder?.finish(source.processes, wallNow());
      return end;
    }
    const isBusy = batches.length > 0;
    await (end === undefined ? Promise.race([nextPoll(isBusy), ended]) : nextPoll(isBusy));
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
