import type { CallEnd, CallStart, TracedCallName, TraceRecord } from './trace-format.ts';

/** A socket of a traced process, as far as its calls show. */
export interface TracedSocket {
  /** Its number in the process, from 1: descriptors are used again, numbers are not. */
  readonly number: number;
  readonly descriptor: number;
  /** When it was first seen, in nanoseconds of the monotonic clock. */
  readonly sinceNs: number;
  /** The address family, as the language names it: `AF_INET`; empty where no call showed it. */
  family: string;
  /** The type, as the language names it: `SOCK_STREAM`; empty where no call showed it. */
  type: string;
  /** `host:port`, or the path; empty where no call showed it. */
  local: string;
  peer: string;
}

/** The line of a program that made a call. */
export interface SourceLine {
  /** The path as the program's system has it. Bytes that are not UTF-8 are shown as U+FFFD. */
  readonly file: string;
  readonly line: number;
}

/** One call that a program made. Until it has ended, `end` is not there. */
export interface TracedCall {
  readonly call: TracedCallName;
  readonly pid: number;
  /** The name of the thread, or its number. */
  readonly thread: string;
  /** The socket it was made on; `undefined` for a call that has none. */
  readonly socket: TracedSocket | undefined;
  readonly source: SourceLine | undefined;
  readonly start: CallStart;
  end?: CallEnd;
  /** The socket that the call made: that of accept(), for example. */
  readonly created?: TracedSocket | undefined;
}

/** What happened in a traced process. */
export type TraceEvent =
  | {
      readonly kind: 'about';
      readonly argv: readonly string[];
      readonly language: string;
      readonly version: string;
      /** When it was forked, in nanoseconds of the monotonic clock: it has the sockets that its parent had then. */
      readonly forkedNs: number | undefined;
      /** The sockets that it has from its parent. */
      readonly inherited?: readonly TracedSocket[];
    }
  | { readonly kind: 'started' | 'ended'; readonly call: TracedCall }
  | { readonly kind: 'exited' };

const addressCalls: ReadonlySet<TracedCallName> = new Set(['connect', 'connect_ex', 'bind']);
const creatingCalls: ReadonlySet<TracedCallName> = new Set(['socket', 'accept', 'dup']);

/** Caps of what one process may make us keep. */
const maxSources = 100_000;
const maxPending = 10_000;
const maxClosed = 1_000;

/** Joins the records of one process to calls, and its descriptors to sockets. */
export class TracedProcess {
  readonly pid: number;
  readonly #pending = new Map<number, TracedCall>();
  readonly #sources = new Map<number, SourceLine>();
  readonly #threads = new Map<number, string>();
  readonly #sockets = new Map<number, TracedSocket>();
  /** The sockets that were closed last, for a process that was forked before. */
  readonly #closed: { readonly socket: TracedSocket; readonly atNs: number }[] = [];
  readonly #count: { sockets: number };

  /** Each thread of Node.js has its own records: `count` is then the one that the threads of the process share. */
  constructor(pid: number, count = { sockets: 0 }) {
    this.pid = pid;
    this.#count = count;
  }

  /** The calls that have not ended, in the order in which they started. */
  get pending(): Iterable<TracedCall> {
    return this.#pending.values();
  }

  /** Returns what the record says happened; `undefined` for one that only explains others. */
  take(record: TraceRecord): TraceEvent | undefined {
    switch (record.kind) {
      case 'start':
        return this.#started(record);
      case 'end':
        return this.#ended(record);
      case 'source':
        if (this.#sources.size < maxSources)
          this.#sources.set(record.number, { file: new TextDecoder().decode(record.path), line: record.line });
        return undefined;
      case 'thread':
        if (this.#threads.size < maxSources) this.#threads.set(record.number, record.name || String(record.number));
        return undefined;
      case 'about':
        return { kind: 'about', ...readAbout(record.about) };
      case 'exit':
        return { kind: 'exited' };
    }
  }

  #started(start: CallStart): TraceEvent | undefined {
    if (this.#pending.size >= maxPending) return undefined;
    const call: TracedCall = {
      call: start.call,
      pid: this.pid,
      thread: this.#threads.get(start.thread) ?? String(start.thread),
      socket: start.descriptor < 0 ? undefined : this.#socketAt(start.descriptor, start.atNs),
      source: this.#sources.get(start.source),
      start,
    };
    this.#pending.set(start.number, call);
    return { kind: 'started', call };
  }

  #ended(end: CallEnd): TraceEvent | undefined {
    const started = this.#pending.get(end.number);
    if (started === undefined) return undefined;
    this.#pending.delete(end.number);
    this.#release(started, end.atNs);
    const created = end.errno === 0 && creatingCalls.has(end.call) ? this.#create(end, started) : undefined;
    const call: TracedCall =
      end.call === 'socket' && created ? { ...started, socket: created, end } : { ...started, end, created };
    if (end.call === 'socketpair' && end.errno === 0)
      for (const descriptor of end.detail.split(', ')) this.#renew(Number(descriptor), end.atNs).family = 'AF_UNIX';
    if (call.socket && addressCalls.has(end.call) && end.detail !== '' && end.errno >= 0) {
      call.socket.local = end.detail;
      if (end.call !== 'bind') call.socket.peer = call.start.detail;
    }
    return { kind: 'ended', call };
  }

  /** Forgets the socket of a call that closed it, unless another socket has its descriptor already. */
  #release({ call, socket, start }: TracedCall, atNs: number): void {
    if (call !== 'close' || !socket || this.#sockets.get(start.descriptor) !== socket) return;
    this.#sockets.delete(start.descriptor);
    this.#closed.push({ socket, atNs });
    if (this.#closed.length > maxClosed) this.#closed.shift();
  }

  /** Returns the sockets that the process had at a time, with the descriptors that it had them under. */
  socketsAt(atNs: number): readonly TracedSocket[] {
    const later = this.#closed.filter((closed) => closed.atNs > atNs).map(({ socket }) => socket);
    return [...later, ...this.#sockets.values()].filter(({ sinceNs }) => sinceNs <= atNs);
  }

  /** Takes over the sockets of the process that it was forked from. */
  inherit(sockets: readonly TracedSocket[]): void {
    for (const socket of sockets) this.#sockets.set(socket.descriptor, socket);
  }

  #create({ call, result, detail, atNs }: CallEnd, { socket }: TracedCall): TracedSocket {
    const made = this.#renew(result, atNs);
    if (call === 'socket') [made.family = '', made.type = ''] = detail.split(', ', 2);
    if (call === 'accept') {
      made.peer = detail;
      made.local = socket?.local ?? '';
      made.family = socket?.family ?? '';
      made.type = socket?.type ?? '';
    }
    return made;
  }

  /** Returns a new socket with the descriptor, which the system gives only once the one before it is closed. */
  #renew(descriptor: number, atNs: number): TracedSocket {
    this.#sockets.delete(descriptor);
    return this.#socketAt(descriptor, atNs);
  }

  /** Returns the socket with the descriptor; one that no call made is new. */
  #socketAt(descriptor: number, atNs: number): TracedSocket {
    const known = this.#sockets.get(descriptor);
    if (known) return known;
    this.#count.sockets += 1;
    const number = this.#count.sockets;
    const made = { number, descriptor, sinceNs: atNs, family: '', type: '', local: '', peer: '' };
    this.#sockets.set(descriptor, made);
    return made;
  }
}

/** Reads what a process says about itself; what is not there is empty. */
function readAbout(about: string): Omit<Extract<TraceEvent, { readonly kind: 'about' }>, 'kind' | 'inherited'> {
  let read: unknown;
  try {
    read = JSON.parse(about);
  } catch {
    read = undefined;
  }
  const { argv, language, version, forkedAt } = Object(read) as Readonly<Record<string, unknown>>;
  return {
    argv: Array.isArray(argv) ? argv.filter((one) => typeof one === 'string') : [],
    language: typeof language === 'string' ? language : '',
    version: typeof version === 'string' ? version : '',
    forkedNs: typeof forkedAt === 'number' ? forkedAt : undefined,
  };
}

/** Returns the arguments of the call as they are shown: `1024`, `14 bytes`, `127.0.0.1:12345`. */
export function argumentsText({ call, start: { amount, detail } }: Pick<TracedCall, 'call' | 'start'>): string {
  switch (call) {
    case 'send':
    case 'sendall':
    case 'sendto':
    case 'sendmsg':
    case 'sendfile':
    case 'write':
    case 'writev':
    case 'sendmmsg':
      return detail === '' ? `${amount} bytes` : `${amount} bytes, ${detail}`;
    case 'recv':
    case 'recv_into':
    case 'recvfrom':
    case 'recvfrom_into':
    case 'recvmsg':
    case 'recvmsg_into':
    case 'read':
    case 'readv':
    case 'recvmmsg':
      return String(amount);
    default:
      return detail;
  }
}
