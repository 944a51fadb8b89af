import { createWriteStream } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import type { TracedCall } from '#shared/calls/traced-calls.ts';
import { ok, type Result } from '#shared/failure.ts';
import { nextPoll, type TraceBatch, TraceChannel, type TraceSource } from '#trace/channel.ts';
import { tracerFor } from '#trace/program-kind.ts';
import { SourceLines } from '#trace/source-lines.ts';
import { StraceSource } from '#trace/strace.ts';
import { type ProgramEnd, type StartedProgram, startProgram, startTracedProgram } from '#trace/traced-program.ts';
import { exitCodes, Output, reportFailure } from './output.ts';
import { resourcesFolder } from './run.ts';
import { callJson, callLine } from './trace-print.ts';

/** The options of `wirebench trace`, as commander returns them. */
export interface TraceOptions {
  readonly json?: true | undefined;
  /** The file to write. Default: the error output. */
  readonly output?: string | undefined;
  /** Bytes of each payload that are reported. */
  readonly bytes: number;
  /** Traces with strace, also a program that has a tracer. */
  readonly strace?: true | undefined;
}

/** A call that waits this long is shown before it ends. */
const shownWhenWaitingNs = 100e6;

/** Runs `wirebench trace`. Returns the exit code of the program, or 128 and the number of the signal that ended it. */
export async function trace(command: [string, ...string[]], options: TraceOptions): Promise<number> {
  const output = new Output(
    options.output === undefined ? process.stderr : createWriteStream(resolve(options.output), { mode: 0o600 }),
  );
  const beginNs = Number(process.hrtime.bigint());
  const run = await start(command, options);
  if (!run.ok) {
    reportFailure(run.error);
    return exitCodes.failed;
  }
  const { source, program, programEnded } = run.value;
  try {
    const stopForwarding = forwardSignals(program.pid);
    const printer = new TracePrinter(output, source, beginNs, options.json === true);
    void program.ended.then(programEnded);
    const end = await printer.follow(program.ended);
    stopForwarding();
    await output.finish();
    if (output.failure) reportFailure(output.failure);
    return end.code ?? 128 + (end.signal === null ? 0 : constants.signals[end.signal]);
  } finally {
    await source.close();
  }
}

interface Run {
  readonly source: TraceSource;
  readonly program: StartedProgram;
  readonly programEnded: () => void;
}

/** Starts the program with the tracer for it. */
async function start(command: [string, ...string[]], { bytes: maxBytes, strace }: TraceOptions): Promise<Result<Run>> {
  if (!strace && (await tracerFor(command[0])) === 'own') {
    const channel = await TraceChannel.create();
    const tracers = join(resourcesFolder(), 'trace');
    const program = await startTracedProgram({ command, folder: channel.folder, tracers, maxBytes });
    return await runOf(channel, program, () => undefined);
  }
  const source = await StraceSource.create(maxBytes);
  if (!source.ok) return source;
  const program = await startProgram(source.value.commandFor(command), process.env);
  return await runOf(source.value, program, () => source.value.programEnded());
}

async function runOf(
  source: TraceSource,
  program: Result<StartedProgram>,
  programEnded: () => void,
): Promise<Result<Run>> {
  if (program.ok) return ok({ source, program: program.value, programEnded });
  await source.close();
  return program;
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

class TracePrinter {
  readonly #output: Output;
  readonly #source: TraceSource;
  readonly #beginNs: number;
  readonly #json: boolean;
  readonly #sources = new SourceLines();
  readonly #shown = new WeakSet<object>();
  #pids = new Set<number>();

  constructor(output: Output, source: TraceSource, beginNs: number, json: boolean) {
    this.#output = output;
    this.#source = source;
    this.#beginNs = beginNs;
    this.#json = json;
  }

  /** Prints what happens until the program has ended, and what is read of its child processes. Returns how it ended. */
  async follow(ended: Promise<ProgramEnd>): Promise<ProgramEnd> {
    let end: ProgramEnd | undefined;
    void ended.then((how) => {
      end = how;
    });
    while (end === undefined || !this.#source.isDone) {
      const isBusy = await this.#print();
      await (end === undefined ? Promise.race([nextPoll(isBusy), ended]) : nextPoll(isBusy));
    }
    // What the program wrote last.
    await this.#print();
    return end;
  }

  /** Prints what is new. Returns whether there was anything. */
  async #print(): Promise<boolean> {
    const { batches, failures } = await this.#source.take();
    for (const failure of failures) reportFailure(failure);
    for (const batch of batches) await this.#printBatch(batch);
    if (!this.#json) this.#printWaiting();
    await this.#output.ready();
    return batches.length > 0;
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
    for (const { pending } of this.#source.processes) {
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
