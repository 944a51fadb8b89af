import type { Row, SocketInfo } from '../record/record.ts';
import { type Address, formatAddress } from '../socket/address.ts';
import type { SocketEvent } from '../socket/event.ts';
import { isObserved } from '../socket/state.ts';

type CallEvent = Extract<SocketEvent, { kind: 'call' }>;

/** One call on a socket, as a list shows it. Times in milliseconds. */
export interface ListedCall {
  /** The record that it comes from. */
  readonly seq: number;
  /** The record that said that it waits, where there is one. */
  readonly waitSeq?: number | undefined;
  /** The name in the catalogue of calls. */
  readonly name: string;
  readonly args: string;
  readonly origin: CallEvent['origin'];
  /** Since the Unix epoch. */
  readonly startAt: number;
  /** `undefined`: not known. */
  readonly durationMs?: number | undefined;
  /** It has not returned yet. */
  readonly waits: boolean;
  /** What it returned, -1 on failure; `undefined` where it is not known. */
  readonly result?: number | undefined;
  readonly errno?: string | undefined;
  /** The address that it returned, or the words of the error. */
  readonly detail?: string | undefined;
  /** The descriptor in its process, the process and the thread. */
  readonly descriptor?: number | undefined;
  readonly pid?: number | undefined;
  readonly thread?: string | undefined;
  /** The line of the program that made it. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly source?: string | undefined;
}

/** One read of a stream: `length` bytes, `at` in milliseconds since the Unix epoch. */
interface StreamRead {
  readonly at: number;
  readonly length: number;
}

/** The kinds of records of Wirebench's own sockets that stand for a call. */
const ownKinds = [
  ...['listening', 'bound', 'resolved', 'connecting', 'opened', 'accepted', 'shutdown', 'ended', 'failed', 'closed'],
  'message',
];

/** Returns the filter for the records from which the calls of a socket are listed. */
export function callsFilter({ id, program }: Pick<SocketInfo, 'id' | 'program'>): string {
  return program === undefined ? `socket == ${id} && kind in {${ownKinds.join(', ')}}` : `call && socket == ${id}`;
}

/**
 * Returns the calls that `rows`, records of one socket in order, stand for. A traced program's are as they were recorded, a call that
 * waited once. Those of Wirebench's own sockets are what its events say, at their times; `reads`, where they are known, are the
 * reads that returned the received messages. Calls on connections that were only observed are implied.
 */
export function listCalls(
  rows: readonly Row[],
  info: SocketInfo | undefined,
  reads: readonly StreamRead[] = [],
): readonly ListedCall[] {
  const list = new CallList(info);
  for (const row of rows) list.add(row);
  return list.calls(reads);
}

class CallList {
  readonly #info: SocketInfo | undefined;
  readonly #calls: ListedCall[] = [];
  /** The places of the calls that wait, by process and number. */
  readonly #waiting = new Map<string, number>();
  /** The place of a connect() that has not returned. */
  #connecting: number | undefined;

  constructor(info: SocketInfo | undefined) {
    this.#info = info;
  }

  /** Returns the calls by their start; the reads replace the calls derived from the received messages. */
  calls(reads: readonly StreamRead[]): readonly ListedCall[] {
    const name = this.#info?.transport === 'udp' ? 'recvfrom' : 'recv';
    const isFirst = (call: ListedCall) => call.name === name && (call.result ?? 0) > 0 && call.origin !== 'observed';
    if (reads.length === 0 || this.#info?.transport === 'udp') return sorted(this.#calls);
    const seqOf = (at: number) =>
      (this.#calls.find((call) => isFirst(call) && call.startAt >= at) ?? this.#calls.findLast(isFirst))?.seq ?? 0;
    const read = reads.map(({ at, length }) => this.#made(seqOf(at), at, name, { args: '65536', result: length }));
    return sorted([...this.#calls.filter((call) => !isFirst(call)), ...read]);
  }

  add(row: Row): void {
    const { seq, at, kind, length, event } = row;
    if (event?.kind === 'call') this.#addTraced(seq, event);
    else if (kind === 'in') this.#addReceived(row);
    else if (kind === 'out') this.#push(seq, at, this.#sendName, { args: `${length} bytes`, result: length });
    else if (event) this.#addEvent(seq, at, event);
  }

  get #sendName(): string {
    const { transport, role } = this.#info ?? {};
    return transport === 'udp' && role !== 'outgoing' ? 'sendto' : 'send';
  }

  #addTraced(seq: number, event: CallEvent): void {
    const { kind: _, waits = false, offset: __, number, ...facts } = event;
    const call: ListedCall = { seq, waits, ...facts };
    const key = `${event.pid ?? 0} ${number ?? seq}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) this.#calls[known] = { ...call, waitSeq: this.#calls[known]?.seq };
    else if (waits) this.#waiting.set(key, this.#calls.length);
    if (known === undefined) this.#calls.push(call);
    else if (!waits) this.#waiting.delete(key);
  }

  /** The messages that one read completed have its time. */
  #addReceived({ seq, at, length }: Row): void {
    const last = this.#calls.at(-1);
    const name = this.#info?.transport === 'udp' ? 'recvfrom' : 'recv';
    if (name === 'recv' && last?.name === 'recv' && last.startAt === at && (last.result ?? 0) > 0)
      this.#calls[this.#calls.length - 1] = { ...last, result: (last.result ?? 0) + length };
    else this.#push(seq, at, name, { args: '65536', result: length });
  }

  #addEvent(seq: number, at: number, event: SocketEvent): void {
    const push = (name: string, facts: Partial<ListedCall> = {}) => this.#push(seq, at, name, { result: 0, ...facts });
    switch (event.kind) {
      case 'listening':
        push('socket', { args: socketArgs(event.local, 'SOCK_STREAM'), result: undefined });
        push('bind', { args: formatAddress(event.local) });
        push('listen', { args: String(event.backlog) });
        return;
      case 'bound':
        push('socket', { args: socketArgs(event.local, 'SOCK_DGRAM'), result: undefined });
        push('bind', { args: formatAddress(event.local) });
        return;
      case 'resolved':
        push('getaddrinfo', { args: event.name, detail: event.addresses.map(({ host }) => host).join(', ') });
        return;
      case 'connecting':
        push('socket', { args: socketArgs(event.peer, this.#type), result: undefined });
        this.#connecting = this.#calls.length;
        push('connect', { args: formatAddress(event.peer), result: undefined, waits: true });
        return;
      case 'opened':
        this.#connected(seq, at, { result: 0, args: formatAddress(event.peer), durationMs: event.elapsedMs });
        return;
      case 'accepted':
        push('accept', { args: '', detail: formatAddress(event.peer), result: undefined });
        return;
      case 'shutdown':
        push('shutdown', { args: 'SHUT_WR' });
        return;
      case 'ended':
        push('recv', { args: '65536' });
        return;
      case 'failed':
        this.#failed(seq, at, event);
        return;
      case 'closed':
        this.#closed(event, push);
        return;
    }
  }

  get #type(): string {
    return this.#info?.transport === 'udp' ? 'SOCK_DGRAM' : 'SOCK_STREAM';
  }

  /** Ends the connect() that waits, or adds one that has returned. */
  #connected(seq: number, at: number, facts: Partial<ListedCall>): void {
    const waiting = this.#connecting === undefined ? undefined : this.#calls[this.#connecting];
    if (waiting === undefined || this.#connecting === undefined) {
      this.#push(seq, at - (facts.durationMs ?? 0), 'connect', facts);
      return;
    }
    this.#calls[this.#connecting] = {
      ...waiting,
      durationMs: at - waiting.startAt,
      ...facts,
      seq,
      waitSeq: waiting.seq,
      waits: false,
    };
    this.#connecting = undefined;
  }

  #failed(seq: number, at: number, event: Extract<SocketEvent, { kind: 'failed' }>): void {
    const { call, errno, text, address } = event;
    const facts = { result: -1, errno: errno === '' ? 'failed' : errno, detail: text };
    const args = address === undefined ? '' : formatAddress(address);
    if (call === 'connect') this.#connected(seq, at, { ...facts, ...(args === '' ? {} : { args }) });
    else if (call !== 'open') this.#push(seq, at, call === 'handshake' ? 'do_handshake' : call, { args, ...facts });
  }

  #closed(
    { cause, errno }: Extract<SocketEvent, { kind: 'closed' }>,
    push: (name: string, facts?: Partial<ListedCall>) => void,
  ): void {
    if (cause === 'reset-by-us') push('setsockopt', { args: 'SOL_SOCKET, SO_LINGER, (1, 0)' });
    if (cause === 'reset-by-peer') push('recv', { args: '65536', result: -1, errno: errno ?? 'ECONNRESET' });
    // Node.js closes the socket after an error and after the FINs of both sides.
    const isImplied = cause === 'reset-by-peer' || cause === 'failed' || cause === 'peer';
    push('close', { args: '', ...(isImplied ? { origin: 'implied' as const } : {}) });
  }

  #push(seq: number, at: number, name: string, facts: Partial<ListedCall>): void {
    this.#calls.push(this.#made(seq, at, name, facts));
  }

  #made(seq: number, startAt: number, name: string, facts: Partial<ListedCall>): ListedCall {
    const origin = this.#info && isObserved(this.#info) ? 'implied' : 'made';
    return { seq, name, args: '', origin, startAt, waits: false, ...facts };
  }
}

function sorted(calls: readonly ListedCall[]): readonly ListedCall[] {
  return calls.toSorted((one, other) => one.startAt - other.startAt);
}

function socketArgs({ family }: Address, type: string): string {
  return `${family === 'local' ? 'AF_UNIX' : family === 6 ? 'AF_INET6' : 'AF_INET'}, ${type}`;
}
