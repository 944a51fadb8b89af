import { amountOf, detailOf, payloadCalls, processCalls, reportedName, resultDetail } from './strace-arguments.ts';
import {
  parseEnd,
  parseStraceLine,
  parseStraceSocket,
  type StraceCall,
  type StraceEnd,
  type StraceLine,
  stracePayload,
  straceTexts,
} from './strace-line.ts';
import type { TracedCallName } from './trace-format.ts';
import { TracedProcess, type TraceEvent } from './traced-calls.ts';

/** What happened in one process. */
export interface StraceEvent {
  readonly process: TracedProcess;
  readonly event: TraceEvent;
}

interface Begun {
  readonly call: StraceCall;
  readonly atNs: number;
  /** The call as it is reported, and its number in its process; `undefined`: it is not reported, or not yet. */
  reported?: { readonly name: TracedCallName; readonly number: number } | undefined;
}

/** The maximum number of processes that are kept. */
const maxProcesses = 100_000;

/** Makes calls of the lines that strace writes. The lines of one thread come in order. */
export class StraceCalls {
  readonly #maxBytes: number;
  readonly #errnoOf: (name: string) => number;
  /** Nanoseconds that strace's clock, of the day, is ahead of the monotonic one. */
  readonly #offsetNs: number;
  readonly #processes = new Map<number, TracedProcess>();
  /** The process of each thread that is not the first one of its process. */
  readonly #pids = new Map<number, number>();
  readonly #begun = new Map<number, Begun>();
  #calls = 0;
  #events: StraceEvent[] = [];

  constructor({
    maxBytes,
    errnoOf,
    offsetNs,
  }: { maxBytes: number; errnoOf: (name: string) => number; offsetNs: number }) {
    this.#maxBytes = maxBytes;
    this.#errnoOf = errnoOf;
    this.#offsetNs = offsetNs;
  }

  get processes(): Iterable<TracedProcess> {
    return this.#processes.values();
  }

  /** Returns what the line says happened. A line that is not one of strace says nothing. */
  take(text: string): readonly StraceEvent[] {
    const line = parseStraceLine(text);
    if (!line || this.#processes.size > maxProcesses) return [];
    this.#events = [];
    this.#takeLine(line);
    return this.#events;
  }

  /** Returns that a call started, of a line that strace has only begun to write: it writes the rest when the call ends. */
  takePart(text: string): readonly StraceEvent[] {
    const line = parseStraceLine(`${text} <unfinished ...>`);
    if (line?.kind !== 'unfinished' || this.#begun.has(line.tid)) return [];
    this.#events = [];
    // What was written may end anywhere: then the rest has to come first.
    if (!this.#begin(line.tid, line.atNs, line.call).reported) this.#begun.delete(line.tid);
    return this.#events;
  }

  #takeLine(line: StraceLine): void {
    const { tid } = line;
    switch (line.kind) {
      case 'unfinished':
        this.#begun.set(tid, { ...(this.#begun.get(tid) ?? this.#begin(tid, line.atNs, line.call)), call: line.call });
        break;
      case 'resumed': {
        const begun = this.#begun.get(tid);
        const ended = begun?.call.name === line.name ? parseEnd(`${begun.call.args}${line.rest}`) : undefined;
        if (begun && ended) this.#finish(tid, begun, { ...begun.call, args: ended.args }, ended.end);
        break;
      }
      case 'call': {
        const begun = this.#begun.get(tid) ?? this.#begin(tid, line.atNs, line.call);
        this.#finish(tid, begun, line.call, line.end);
        break;
      }
      case 'exit':
        this.#begun.delete(tid);
        if (this.#pids.delete(tid)) break;
        this.#emit(this.#processOf(tid), { kind: 'exited' });
        this.#processes.delete(tid);
        break;
      default:
        break;
    }
  }

  #processOf(tid: number): TracedProcess {
    const pid = this.#pids.get(tid) ?? this.#starting(tid) ?? tid;
    if (pid !== tid) this.#pids.set(tid, pid);
    const known = this.#processes.get(pid);
    if (known) return known;
    const made = new TracedProcess(pid);
    this.#processes.set(pid, made);
    return made;
  }

  /** Returns the process of a thread whose lines come before the end of the call that started it. */
  #starting(tid: number): number | undefined {
    if (this.#processes.has(tid)) return undefined;
    for (const [parent, { call }] of this.#begun) {
      if (call.name.startsWith('clone') && call.args.includes('CLONE_THREAD')) return this.#pids.get(parent) ?? parent;
    }
    return undefined;
  }

  #begin(tid: number, atNs: number, call: StraceCall): Begun {
    const begun: Begun = { call, atNs };
    this.#begun.set(tid, begun);
    const name = reportedName(call);
    if (name === undefined) return begun;
    this.#calls += 1;
    begun.reported = { name, number: this.#calls };
    const socket = parseStraceSocket(call.args);
    const process = this.#processOf(tid);
    const event = process.take({
      kind: 'start',
      call: name,
      isTls: false,
      number: this.#calls,
      atNs: atNs - this.#offsetNs,
      thread: tid,
      descriptor: socket?.descriptor ?? -1,
      source: 0,
      amount: amountOf(name, call.args),
      detail: detailOf(name, call.args),
    });
    if (!event) return begun;
    // strace knows the addresses, also of sockets that another process made.
    if (event.kind === 'started' && event.call.socket && socket) {
      const traced = event.call.socket;
      traced.family ||= socket.family;
      traced.local = socket.local || traced.local;
      traced.peer = socket.peer || traced.peer;
    }
    this.#emit(process, event);
    return begun;
  }

  #finish(tid: number, { atNs, reported }: Begun, call: StraceCall, end: StraceEnd): void {
    this.#begun.delete(tid);
    if (processCalls.has(call.name)) this.#processCall(tid, call, end);
    if (!reported) return;
    const { name, number } = reported;
    // The process has ended in the call.
    if (end.result === undefined && end.error === '') return;
    const isFine = end.error === '' && end.result !== undefined;
    const process = this.#processOf(tid);
    const event = process.take({
      kind: 'end',
      call: name,
      number,
      atNs: atNs + end.durationNs - this.#offsetNs,
      errno: isFine ? 0 : this.#errnoOf(end.error) || -1,
      result: isFine ? (end.result ?? 0) : -1,
      detail: isFine ? resultDetail(name, call.args, end) : this.#errnoOf(end.error) === 0 ? end.error : '',
      data:
        isFine && payloadCalls.has(name) ? stracePayload(call.args, Math.min(this.#maxBytes, end.result ?? 0)) : none,
    });
    if (event?.kind !== 'ended') return;
    // Some arguments are shown only now, such as the size of the buffer of a call that had to wait.
    const final = reportedName(call) ?? name;
    const start = {
      ...event.call.start,
      call: final,
      amount: amountOf(final, call.args),
      detail: detailOf(final, call.args),
    };
    this.#emit(process, { kind: 'ended', call: { ...event.call, call: final, start } });
  }

  #processCall(tid: number, { name, args }: StraceCall, { result, error }: StraceEnd): void {
    const process = this.#processOf(tid);
    if (result === undefined || error !== '') return;
    if (!name.startsWith('exec')) {
      if (result > 0 && args.includes('CLONE_THREAD')) this.#pids.set(result, process.pid);
      return;
    }
    this.#emit(process, {
      kind: 'about',
      argv: straceTexts(/\[.*\]/.exec(args)?.[0] ?? ''),
      language: '',
      version: '',
      forkedNs: undefined,
    });
  }

  #emit(process: TracedProcess, event: TraceEvent): void {
    this.#events.push({ process, event });
  }
}

const none = new Uint8Array(0);
