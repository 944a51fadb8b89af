import type { CallEnd } from '#shared/calls/trace-format.ts';
import type { TracedCall, TracedProcess } from '#shared/calls/traced-calls.ts';
import { programId } from './call-facts.ts';
import type { TraceBatch } from './channel.ts';
import { RecordedProgram, type TraceLog } from './recorded-program.ts';
import { SourceLines } from './source-lines.ts';

/** A call that waits this long is recorded before it returns. */
const recordedWhenWaitingMs = 100;

interface EndedCall {
  readonly of: RecordedProgram;
  readonly call: TracedCall;
  readonly end: CallEnd;
}

/**
 * Records what traced programs do: each call as a `call` record, the bytes of a send and a recv as messages, and the life of a
 * socket as the same events that Wirebench's own sockets have.
 */
export class TraceRecorder {
  readonly #to: TraceLog;
  readonly #sources = new SourceLines();
  readonly #programs = new Map<TracedProcess, RecordedProgram>();
  /** Processes that said that they end: an interpreter may still close sockets after that. */
  readonly #exiting = new Set<RecordedProgram>();
  readonly #waiting = new WeakSet<object>();

  constructor(to: TraceLog) {
    this.#to = to;
  }

  /** The programs that were seen, as lists show them. */
  get programs(): readonly { readonly id: string; readonly name: string; readonly pid: number }[] {
    return [...this.#programs.values()].map(({ pid, name }) => ({ id: programId(pid), name, pid }));
  }

  /**
   * Records what happened, of all processes in the order of time, then the calls that have been waiting for a while. `now` in
   * milliseconds since the Unix epoch.
   */
  async record(batches: readonly TraceBatch[], now: number): Promise<void> {
    const ended: EndedCall[] = [];
    const exiting = new Set(this.#exiting);
    for (const { process, wallOffsetNs, events } of batches) {
      const of = this.#of(process, wallOffsetNs);
      exiting.delete(of);
      for (const event of events) {
        if (event.kind === 'about') of.started(event.argv);
        else if (event.kind === 'exited') this.#exiting.add(of);
        else if (event.kind === 'ended' && event.call.end) ended.push({ of, call: event.call, end: event.call.end });
      }
    }
    ended.sort((one, other) => one.end.atNs - other.end.atNs);
    for (const { of, call, end } of ended) of.ended(call, end, await this.#sourceOf(call));
    await this.#recordWaiting(now);
    for (const of of exiting) {
      this.#exiting.delete(of);
      of.exited(now);
    }
  }

  /** Records the end of every socket that is still open: of a program that was killed, for example. */
  finish(now: number): void {
    for (const of of this.#programs.values()) of.exited(now);
  }

  #of(process: TracedProcess, wallOffsetNs: number): RecordedProgram {
    const known = this.#programs.get(process);
    if (known) return known;
    const of = new RecordedProgram(process, wallOffsetNs, this.#to);
    this.#programs.set(process, of);
    return of;
  }

  async #recordWaiting(now: number): Promise<void> {
    for (const [process, of] of this.#programs) {
      for (const call of process.pending) {
        if (now - of.wallTime(call.start.atNs) < recordedWhenWaitingMs || this.#waiting.has(call)) continue;
        this.#waiting.add(call);
        of.waits(call, await this.#sourceOf(call), now);
      }
    }
  }

  async #sourceOf({ source }: TracedCall): Promise<string | undefined> {
    return source && (await this.#sources.textOf(source));
  }
}

/** Returns milliseconds since the Unix epoch, with a fraction. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now();
}
