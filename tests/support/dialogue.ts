import { ConnectionMachine, type MachineOptions } from '#engine/connection/machine.ts';
import { Lifecycle } from '#engine/connection/recording.ts';
import type { QueuedSend } from '#engine/connection/sends.ts';
import type { CloseReason, Command, MachineEvent, SocketControl } from '#engine/connection/step.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type Batch, singleBatch, singleBoundary } from '#shared/message/boundaries.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { ConnectionState } from '#shared/socket/state.ts';
import { MemoryLog } from './memory-log.ts';
import { acceptedSocket } from './session.ts';

/** An event as a dialogue gives it: a kind without anything else, or the event. */
export type Said = MachineEvent | PlainKind;
type PlainKind = PlainOf<MachineEvent>;
type PlainOf<Event extends MachineEvent> = Event extends MachineEvent
  ? [Exclude<keyof Event, 'kind'>] extends [never]
    ? Event['kind']
    : never
  : never;

export interface DialogueOptions extends Partial<Pick<MachineOptions, 'messageOriented' | 'responds'>> {
  /** A spelling; raw without. */
  readonly framing?: string;
  readonly limits?: Partial<typeof defaultServer.limits>;
}

const peer: Address = { host: '192.0.2.1', port: 7, family: 4 };

/**
 * A conversation with a machine: an event goes in, its commands come out as words. Raised events follow at once, as in the
 * shell. Records go to a log in memory; nothing is sent, and time passes only by `pass`.
 */
export class Dialogue {
  readonly log = new MemoryLog();
  readonly lifecycle: Lifecycle;
  readonly machine: ConnectionMachine;
  /** The states and events that occurred, as `state event`. */
  readonly met = new Set<string>();
  /** What is written, in order; and the sends that ended, as `sent complete`. */
  readonly written: Uint8Array[] = [];
  readonly settled: [send: QueuedSend, sent: number, complete: boolean][] = [];
  /** What was asked of the socket, in order; the last one is `ended`. */
  readonly calls: (SocketControl | 'attach' | 'abort-handshake' | 'write' | 'ended')[] = [];
  /** The sends whose next batch is to be loaded. */
  readonly loading: QueuedSend[] = [];
  readonly timers = new Map<string, number>();
  now = 0;

  constructor({ framing = 'raw', limits, messageOriented = false, responds = true }: DialogueOptions = {}) {
    const spec = parseFraming(framing);
    if (!spec) throw new Error(`unknown framing ${framing}`);
    const config = { ...defaultServer, framing: spec, limits: { ...defaultServer.limits, ...limits } };
    this.machine = new ConnectionMachine({ config, messageOriented, responds, peer });
    this.lifecycle = new Lifecycle(this.log, acceptedSocket, () => {});
  }

  get state(): ConnectionState {
    return this.machine.state;
  }

  /** Lets `ms` pass. */
  pass(ms: number): void {
    this.now += ms;
  }

  /** Gives an event to the machine and returns its commands in words, with those of the events that it raises. */
  say(said: Said): string[] {
    const event = typeof said === 'string' ? ({ kind: said } as MachineEvent) : said;
    const words: string[] = [];
    const waiting = [event];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      this.met.add(`${this.state} ${next.kind}`);
      // The list is reused by the next step.
      for (const command of [...this.machine.step(next, this.now)]) {
        if (command.kind === 'raise') waiting.push(command.event);
        this.#execute(command);
        const word = wordsOf(command);
        if (word !== '') words.push(word);
      }
    }
    return words;
  }

  #execute(command: Command): void {
    switch (command.kind) {
      case 'write':
        this.calls.push('write');
        this.written.push(command.bytes.slice());
        return;
      case 'load':
        this.loading.push(command.send);
        return;
      case 'record':
        this.lifecycle.emit(command.event);
        return;
      case 'record-received': {
        const { carryOver, chunk, boundaries } = command.batch;
        this.log.messages(this.lifecycle.id, 'in', 0, carryOver, chunk, boundaries);
        return;
      }
      case 'record-sent':
        this.log.messages(
          this.lifecycle.id,
          'out',
          0,
          new Uint8Array(0),
          command.batch.bytes,
          command.batch.boundaries,
        );
        return;
      case 'arm':
        this.timers.set(command.timer, this.now + command.ms);
        return;
      case 'disarm':
        this.timers.delete(command.timer);
        return;
      case 'settle':
        this.settled.push([command.send, command.sent, command.complete]);
        return;
      case 'attach':
      case 'pause-reading':
      case 'resume-reading':
      case 'abort-handshake':
      case 'end-writing':
      case 'close-both':
      case 'reset-both':
      case 'destroy':
      case 'ended':
        this.calls.push(command.kind);
        return;
      default:
    }
  }
}

/** Returns a command in words; nothing for one that only says that a view has changed. */
function wordsOf(command: Command): string {
  switch (command.kind) {
    case 'write':
      return `write ${quoted(command.bytes)}`;
    case 'record':
      return `record ${eventWords(command.event)}`;
    case 'record-read':
      return `read ${command.length}`;
    case 'record-received': {
      const { carryOver, chunk, boundaries } = command.batch;
      const end = boundaries.ends[boundaries.count - 1] as number;
      return `received ${quoted(Buffer.concat([carryOver, chunk.subarray(0, end)]))}`;
    }
    case 'record-sent':
      return `sent ${quoted(command.batch.bytes)}`;
    case 'arm':
      return `arm ${command.timer} ${command.ms}`;
    case 'disarm':
      return `disarm ${command.timer}`;
    case 'settle':
      return `settle ${command.sent}${command.complete ? '' : ' incomplete'}`;
    case 'progress':
      return `progress ${command.sent}`;
    case 'raise':
      return `raise ${command.event.kind}`;
    case 'changed':
    case 'ended':
      return '';
    default:
      return command.kind;
  }
}

function eventWords(event: SocketEvent): string {
  if (event.kind === 'closed') return `closed ${event.cause}`;
  if (event.kind === 'limited') return `limited ${event.limit}`;
  if (event.kind === 'failed') return `failed ${event.errno}`;
  return event.kind;
}

function quoted(bytes: Uint8Array): string {
  return bytes.length > 20 ? `${bytes.length} bytes` : JSON.stringify(Buffer.from(bytes).toString('latin1'));
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

/** A batch of one message. */
export function batchOf(text: string): Batch {
  const bytes = bytesOf(text);
  return { bytes, boundaries: singleBoundary(bytes.length) };
}

/** A send in memory: one message of this text, or of this size. */
export function sendOf(content: string | number, more: Partial<QueuedSend> = {}): QueuedSend {
  const bytes = typeof content === 'string' ? bytesOf(content) : new Uint8Array(content).fill(0x78);
  return { batches: singleBatch(bytes, singleBoundary(bytes.length)), ...more };
}

/** A send whose batches must be loaded: a dialogue says what was loaded. */
export function fileSend(more: Partial<QueuedSend> = {}): QueuedSend {
  return { batches: { load: () => Promise.reject(new Error('a dialogue loads nothing')), close: () => {} }, ...more };
}

export const read = (text: string): MachineEvent => ({ kind: 'read', bytes: bytesOf(text), flags: 0 });
export const send = (content: string | number): MachineEvent => ({ kind: 'send', send: sendOf(content) });
export const answer = (content: string | number): MachineEvent => {
  return { kind: 'answer', send: sendOf(content, { isAnswer: true }) };
};
export const written: MachineEvent = { kind: 'written', accepted: true };
export const writeFailed: MachineEvent = { kind: 'written', accepted: false };
export const closed: MachineEvent = { kind: 'closed', text: undefined };
export const close = (cause: CloseReason = 'local'): MachineEvent => ({ kind: 'close', cause });
export const failed = (errno: string): MachineEvent => ({ kind: 'failed', failure: { call: 'recv', errno } });
export const handshakeFailed: MachineEvent = {
  kind: 'handshake-failed',
  failure: { call: 'handshake', errno: 'ECONNRESET' },
};
export const noted: MachineEvent = { kind: 'noted', event: { kind: 'problem', text: 'noted' } };
export const reframe = (spelling: string): MachineEvent => {
  const framing = parseFraming(spelling);
  if (!framing) throw new Error(`unknown framing ${spelling}`);
  return { kind: 'reframe', framing, badFrame: undefined };
};
export const resynchronise: MachineEvent = { kind: 'set-bad-frame', badFrame: 'resynchronise' };
export const loaded = (send: QueuedSend, text?: string): MachineEvent => {
  return { kind: 'loaded', send, batch: text === undefined ? undefined : batchOf(text), failed: false };
};
export const notLoaded = (send: QueuedSend): MachineEvent => ({ kind: 'loaded', send, batch: undefined, failed: true });
