import type { CallEnd } from '#shared/calls/trace-format.ts';
import { argumentsText, type TracedCall, type TracedProcess, type TracedSocket } from '#shared/calls/traced-calls.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink, SocketInfo } from '#shared/record/record.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import { addressOf, errnoName, failureOf, flowOf, programId, programName, transportOf } from './call-facts.ts';
import type { RecordedSocket, SharedSockets } from './shared-sockets.ts';

/** Where the records of a program go. */
export interface TraceLog {
  readonly log: LogSink;
  /** Returns the number of a new socket: unique in the session. */
  readonly nextSocketId: () => number;
}

const noBytes = new Uint8Array(0);
const leftOpen = 'the program ended without close()';

/** The records of one traced process. All times in milliseconds since the Unix epoch. */
export class RecordedProgram {
  readonly pid: number;
  readonly #to: TraceLog;
  readonly #wallOffsetNs: number;
  readonly #shared: SharedSockets;
  /** The sockets that this process has not closed. */
  readonly #owned = new Set<TracedSocket>();
  readonly #boundaries = new Boundaries(1);
  #name: string;
  #hasExited = false;

  /** `wallOffsetNs`: the wall clock minus the monotonic clock of the calls. */
  constructor({ pid }: TracedProcess, wallOffsetNs: number, to: TraceLog, shared: SharedSockets) {
    this.pid = pid;
    this.#name = programName([], pid);
    this.#wallOffsetNs = wallOffsetNs;
    this.#to = to;
    this.#shared = shared;
  }

  get name(): string {
    return this.#name;
  }

  /** True once its process has ended. */
  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The number of its open sockets. */
  get openSockets(): number {
    return this.#owned.size;
  }

  /** The addresses of its open connections: the first `most`. */
  connections(most: number): { readonly local: string; readonly peer: string }[] {
    const found: { readonly local: string; readonly peer: string }[] = [];
    for (const { local, peer } of this.#owned) {
      if (found.length >= most) break;
      if (local !== '' && peer !== '') found.push({ local, peer });
    }
    return found;
  }

  /** Names the program after what it was started with, and notes the sockets that it has from the start. */
  started(argv: readonly string[], inherited: readonly TracedSocket[] = []): void {
    this.#name = programName(argv, this.pid);
    for (const socket of inherited) this.#own(socket);
  }

  #own(socket: TracedSocket): void {
    if (this.#owned.has(socket)) return;
    this.#owned.add(socket);
    this.#shared.hold(socket);
  }

  wallTime(ns: number): number {
    return (ns + this.#wallOffsetNs) / 1e6;
  }

  /** Records a call that has not returned yet. `source`: the text of its line. */
  waits(call: TracedCall, source: string | undefined, now: number): void {
    const known = call.socket && this.#socket(call.socket);
    const durationMs = now - this.wallTime(call.start.atNs);
    this.#to.log.event(known?.info.id ?? 0, now, { ...this.#about(call, source), durationMs, waits: true });
  }

  /** Records a call that has returned: the call, the bytes that it moved, and what it changed. */
  ended(call: TracedCall, end: CallEnd, source: string | undefined): void {
    const at = this.wallTime(end.atNs);
    const known = call.socket && this.#socket(call.socket);
    // What a TLS library is given and returns is plain text.
    if (known && call.start.isTls) this.#describe(known, { transport: 'tls' });
    const flow = known && flowOf(call.call);
    const target = flow && end.errno === 0 ? this.#flowSocket(known, call, end, at) : known;
    const offset = target && flow === 'in' ? target.bytesIn : target?.bytesOut;
    this.#to.log.event(target?.info.id ?? 0, at, {
      ...this.#about(call, source),
      durationMs: (end.atNs - call.start.atNs) / 1e6,
      result: end.errno === 0 ? end.result : -1,
      ...(end.errno > 0 ? { errno: errnoName(end.errno) } : {}),
      ...(end.detail === '' ? {} : { detail: end.detail }),
      ...(flow === undefined ? {} : { offset }),
    });
    if (!known || !target) return;
    if (end.errno !== 0) this.#failed(known, call, end, at);
    else if (flow) this.#moved(target, flow, call, end, at);
    else this.#changed(known, call, end, at);
  }

  /** Records the end of every socket that is still open, because the process has ended. */
  exited(at: number): void {
    this.#hasExited = true;
    for (const socket of [...this.#owned]) this.#closed(socket, at, leftOpen);
  }

  #about({ call, start, socket, source, thread }: TracedCall, text: string | undefined) {
    return {
      kind: 'call',
      name: call,
      args: argumentsText({ call, start }),
      origin: 'observed',
      startAt: this.wallTime(start.atNs),
      number: start.number,
      pid: this.pid,
      thread,
      ...(socket === undefined ? {} : { descriptor: socket.descriptor }),
      ...(source === undefined ? {} : { file: source.file, line: source.line, source: text ?? '' }),
    } as const;
  }

  /** Returns the socket in the session; describes it before its first record, and again when its addresses are known. */
  #socket(socket: TracedSocket, role: SocketInfo['role'] = 'outgoing'): RecordedSocket {
    const { local, peer } = socket;
    const known = this.#shared.recorded.get(socket);
    this.#own(socket);
    if (known) {
      this.#describe(known, { local, peer });
      return known;
    }
    const made = this.#create({ transport: transportOf(socket), role, local, peer });
    this.#shared.recorded.set(socket, made);
    return made;
  }

  #create(facts: Pick<SocketInfo, 'transport' | 'role' | 'local' | 'peer'>): RecordedSocket {
    const name = this.#name;
    const id = this.#to.nextSocketId();
    const info = { id, endpoint: programId(this.pid), name, program: name, framing: 'raw', ...facts };
    this.#to.log.describe(info);
    const state = { isOpen: false, hasEnded: false, errno: undefined, bytesIn: 0, bytesOut: 0 };
    return { info, ...state, peers: new Map() };
  }

  #describe(known: RecordedSocket, change: Partial<SocketInfo>): void {
    const info = { ...known.info, ...change };
    const { local, peer, role, transport } = known.info;
    if (info.local === local && info.peer === peer && info.role === role && info.transport === transport) return;
    known.info = info;
    this.#to.log.describe(info);
  }

  /** Returns the socket to whose stream the bytes belong: of a UDP socket without a connection, one for each peer. */
  #flowSocket(known: RecordedSocket, { call, start }: TracedCall, end: CallEnd, at: number): RecordedSocket {
    const { id, transport, local } = known.info;
    if (transport !== 'udp' || known.info.peer !== '') return known;
    const peer = flowOf(call) === 'in' ? end.detail : (start.detail.split(', ').at(-1) ?? '');
    const earlier = known.peers.get(peer);
    if (earlier || parseHostPort(peer) === undefined) return earlier ?? known;
    this.#describe(known, { role: 'listener' });
    const made = this.#create({ transport: 'udp', role: 'accepted', local, peer });
    made.isOpen = true;
    known.peers.set(peer, made);
    const addresses = { peer: addressOf(peer), local: addressOf(local) };
    this.#to.log.event(made.info.id, at, { kind: 'peer-added', ...addresses, listener: id });
    return made;
  }

  #moved(known: RecordedSocket, flow: 'in' | 'out', { call, start }: TracedCall, end: CallEnd, at: number): void {
    const { log } = this.#to;
    const { id, transport } = known.info;
    if (end.result <= 0) {
      if (flow === 'out' || start.amount <= 0 || transport === 'udp' || known.hasEnded) return;
      known.hasEnded = true;
      log.event(id, at, { kind: 'ended' });
      return;
    }
    this.#opened(known, at, 0);
    const data = end.data.subarray(0, end.result);
    const missing = end.result - data.length;
    if (data.length > 0) {
      this.#boundaries.truncate(0);
      this.#boundaries.push(data.length, 0, 0, missing > 0 ? messageFlags.incomplete : 0);
      log.messages(id, flow, at, noBytes, data, this.#boundaries);
    }
    if (missing > 0) {
      log.skip?.(id, flow, missing);
      const text = `${missing} of the ${end.result} bytes of ${call}() were not recorded`;
      log.event(id, at, { kind: 'limited', limit: 'bytes', text });
    }
    if (flow === 'in') known.bytesIn += end.result;
    else known.bytesOut += end.result;
  }

  #failed(known: RecordedSocket, { call, start }: TracedCall, end: CallEnd, at: number): void {
    const failure = failureOf(call, end.errno);
    if (failure === undefined) return;
    known.errno = failure.errno;
    const isAddressed = (failure.call === 'connect' || failure.call === 'bind') && parseHostPort(start.detail);
    const address = isAddressed ? { address: addressOf(start.detail) } : {};
    this.#to.log.event(known.info.id, at, { kind: 'failed', ...failure, text: end.detail, ...address });
  }

  /** Records what a call that moves no bytes has changed. */
  #changed(known: RecordedSocket, { call, start, socket, created }: TracedCall, end: CallEnd, at: number): void {
    const { log } = this.#to;
    const { id, local } = known.info;
    switch (call) {
      case 'listen': {
        this.#describe(known, { role: 'listener' });
        const backlog = Number.parseInt(start.detail, 10) || 0;
        log.event(id, at, { kind: 'listening', local: addressOf(local), backlog });
        return;
      }
      case 'accept': {
        if (created === undefined) return;
        const made = this.#socket(created, 'accepted');
        made.isOpen = true;
        const addresses = { local: addressOf(made.info.local), peer: addressOf(made.info.peer) };
        log.event(made.info.id, at, { kind: 'accepted', ...addresses, listener: id });
        return;
      }
      case 'connect':
      case 'connect_ex':
        this.#opened(known, at, (end.atNs - start.atNs) / 1e6);
        return;
      case 'shutdown':
        if (known.isOpen && !/SHUT_RD\b|^0$/.test(start.detail)) log.event(id, at, { kind: 'shutdown' });
        return;
      case 'close':
        if (socket) this.#closed(socket, at);
        return;
    }
  }

  /** Records that a connection is there, once. */
  #opened(known: RecordedSocket, at: number, elapsedMs: number): void {
    const { id, role, local, peer } = known.info;
    if (known.isOpen || role !== 'outgoing' || peer === '') return;
    known.isOpen = true;
    this.#to.log.event(id, at, { kind: 'opened', local: addressOf(local), peer: addressOf(peer), elapsedMs });
  }

  #closed(socket: TracedSocket, at: number, text?: string): void {
    if (!this.#owned.delete(socket) || !this.#shared.release(socket)) return;
    const known = this.#shared.recorded.get(socket);
    this.#shared.recorded.delete(socket);
    if (!known) return;
    for (const one of [...known.peers.values(), known]) {
      const { bytesIn, bytesOut, errno } = one;
      const why = { ...(errno === undefined ? {} : { errno }), ...(text === undefined ? {} : { text }) };
      const cause = causeOf(one, text !== undefined);
      this.#to.log.event(one.info.id, at, { kind: 'closed', cause, bytesIn, bytesOut, ...why });
    }
  }
}

function causeOf({ errno, hasEnded, isOpen, info }: RecordedSocket, isLeft: boolean): CloseCause {
  if (errno === 'ECONNRESET') return 'reset-by-peer';
  if (isLeft) return 'stopped';
  if (errno !== undefined && !isOpen && info.role === 'outgoing') return 'failed';
  return hasEnded ? 'peer' : 'local';
}
