import type { CallEnd } from '#shared/calls/trace-format.ts';
import type { TracedCall, TracedProcess } from '#shared/calls/traced-calls.ts';
import { programId } from './call-facts.ts';
import type { TraceBatch } from './channel.ts';
import { RecordedProgram, type TraceLog } from './recorded-program.ts';
import { SharedSockets } from './shared-sockets.ts';
import { SourceLines } from './source-lines.ts';

/** A call that waits this long is recorded before it returns. */
const recordedWhenWaitingMs = 100;

/** A call is recorded when it ended this long ago: the records of all processes up to then have been read. */
export const settledMs = 30;

interface EndedCall {
  readonly of: RecordedProgram;
  readonly call: TracedCall;
  readonly end: CallEnd;
}

/** The maximum number of connections of a program whose other end lists can show. */
const maxConnections = 50;

/** A program as far as its calls show. */
interface SeenProgram {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  readonly hasExited: boolean;
  /** The number of its open sockets. */
  readonly sockets: number;
  readonly connections: readonly { readonly local: string; readonly peer: string }[];
  /** The call in which it waits; empty for none. */
  readonly waitsIn: string;
}

/**
 * Records what traced programs do: each call as a `call` record, the bytes of a send and a recv as messages, and the life of a
 * socket as the same events that Wirebench's own sockets have.
 */
export class TraceRecorder {
  readonly #to: TraceLog;
  readonly #shared = new SharedSockets();
  readonly #sources = new SourceLines();
  readonly #programs = new Map<TracedProcess, RecordedProgram>();
  #ended: EndedCall[] = [];
  /** Processes that said that they end: an interpreter may still close sockets after that. */
  readonly #exiting = new Set<RecordedProgram>();
  readonly #waiting = new WeakSet<object>();

  /** What is being recorded: the recorder does one thing after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(to: TraceLog) {
    this.#to = to;
  }

  get log(): TraceLog['log'] {
    return this.#to.log;
  }

  /** Returns the programs of the processes, as lists show them. */
  programsOf(processes: Iterable<TracedProcess>): readonly SeenProgram[] {
    const known = [...processes].flatMap((process) => {
      const program = this.#programs.get(process);
      return program ? [{ process, program }] : [];
    });
    return known.map(({ process, program }) => {
      const { pid, name, openSockets, hasExited } = program;
      const waiting = hasExited ? undefined : [...process.pending].find((call) => this.#waiting.has(call));
      const facts = {
        sockets: openSockets,
        connections: program.connections(maxConnections),
        waitsIn: waiting?.call ?? '',
      };
      return { id: programId(pid), name, pid, hasExited, ...facts };
    });
  }

  /**
   * Records what happened, of all processes in the order of time, then the calls that have been waiting for a while. `now` in
   * milliseconds since the Unix epoch. The latest calls wait for the next time: of another process, earlier ones may follow.
   */
  record(batches: readonly TraceBatch[], now: number): Promise<void> {
    return this.#inTurn(() => this.#record(batches, now));
  }

  /** Records the rest, and the end of every socket of these processes that is still open: of one that was killed, for example. */
  finish(processes: Iterable<TracedProcess>, now: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#recordEnded(Number.POSITIVE_INFINITY);
      for (const process of processes) {
        this.#programs.get(process)?.exited(now);
        this.#programs.delete(process);
      }
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  async #record(batches: readonly TraceBatch[], now: number): Promise<void> {
    for (const { process, wallOffsetNs, events } of batches) {
      const of = this.#of(process, wallOffsetNs);
      for (const event of events) {
        if (event.kind === 'about') of.started(event.argv, event.inherited);
        else if (event.kind === 'exited') this.#exiting.add(of);
        else if (event.kind === 'ended' && event.call.end)
          this.#ended.push({ of, call: event.call, end: event.call.end });
      }
    }
    await this.#recordEnded(now - settledMs);
    await this.#recordWaiting(now);
    const busy = new Set(this.#ended.map(({ of }) => of));
    for (const of of this.#exiting) {
      if (busy.has(of)) continue;
      this.#exiting.delete(of);
      of.exited(now);
    }
  }

  /** Records the calls that ended up to a time, in the order in which they did. */
  async #recordEnded(upTo: number): Promise<void> {
    const settled = this.#ended.filter(({ of, end }) => of.wallTime(end.atNs) <= upTo);
    this.#ended = this.#ended.filter(({ of, end }) => of.wallTime(end.atNs) > upTo);
    settled.sort((one, other) => one.of.wallTime(one.end.atNs) - other.of.wallTime(other.end.atNs));
    for (const { of, call, end } of settled) of.ended(call, end, await this.#sourceOf(call));
  }

  #of(process: TracedProcess, wallOffsetNs: number): RecordedProgram {
    const known = this.#programs.get(process);
    if (known) return known;
    const of = new RecordedProgram(process, wallOffsetNs, this.#to, this.#shared);
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
