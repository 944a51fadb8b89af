import { assertNever } from '#shared/assert-never.ts';
import type { Batch, Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink } from '#shared/record/record.ts';
import { epochTime } from '../clock.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import type { Answering } from './answering.ts';
import type { Command, SocketControl } from './command.ts';
import type { MachineEvent, Timer } from './event.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type ConnectionMachine, IllegalEventError } from './machine.ts';
import { isLoaded, type QueuedSend } from './queued-send.ts';

const nothing = new Uint8Array(0);
const acceptedWrite = { kind: 'written', accepted: true } as const;
const refusedWrite = { kind: 'written', accepted: false } as const;

interface ShellOptions {
  readonly machine: ConnectionMachine;
  readonly socket: StreamSocket;
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly answering: Answering | undefined;
  readonly keepsHalfOpen: () => boolean;
  /** Called with the first bytes that were read, after they are recorded. */
  readonly firstRead: (bytes: Uint8Array) => void;
  /** Called to abort the handshakes. */
  readonly abortHandshake: () => void;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** Feeds a machine with events, one after another, and executes its commands on a socket, a log and the clock. */
export class Shell {
  readonly #options: ShellOptions;
  /** Events that came while the commands of an earlier one were executed. */
  #waiting: MachineEvent[] = [];
  #isBusy = false;
  /** The view of the connection has changed. */
  #hasChanged = false;
  readonly #timers = new Map<Timer, { readonly ms: number; readonly timeout: NodeJS.Timeout }>();
  readonly #stopDrain: () => void;
  /** The time of the current event, which its records have. */
  #at = 0;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#stopDrain = options.log.onDrain(() => this.feed({ kind: 'log-drained' }));
  }

  /** Gives an event to the machine: now, or after the events that are being handled. */
  feed(event: MachineEvent): void {
    if (this.#isBusy) {
      // The bytes of a read are valid until this returns.
      this.#waiting.push(event.kind === 'read' ? { ...event, bytes: new Uint8Array(event.bytes) } : event);
      return;
    }
    this.#isBusy = true;
    try {
      this.#handle(event);
      while (this.#waiting.length > 0) this.#handle(this.#waiting.shift() as MachineEvent);
    } finally {
      this.#isBusy = false;
    }
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    this.#options.changed();
  }

  #handle(event: MachineEvent): void {
    const { machine, lifecycle, log } = this.#options;
    const isFirst = event.kind === 'read' && machine.received.bytes === 0;
    try {
      const at = performance.now();
      const commands = machine.step(event, at);
      if (commands.length > 0) this.#at = epochTime(at);
      // A loop with an index: this is the path of every read and write.
      for (let index = 0; index < commands.length; index += 1) this.#execute(commands[index] as Command);
    } catch (error) {
      if (!(error instanceof IllegalEventError)) throw error;
      lifecycle.emit({ kind: 'problem', text: error.message });
    }
    if (isFirst) this.#options.firstRead(event.bytes);
    // Pings are traffic, too.
    if ((event.kind === 'read' || event.kind === 'noted') && log.congested) this.#waiting.push({ kind: 'congested' });
  }

  #execute(command: Command): void {
    const { socket, lifecycle, log } = this.#options;
    switch (command.kind) {
      case 'changed':
        this.#hasChanged = true;
        return;
      case 'write':
        socket.write(command.bytes, this.#written);
        return;
      case 'record-read':
        log.read(lifecycle.id, this.#at, command.length);
        return;
      case 'record-received': {
        const { carryOver, chunk, boundaries } = command.batch;
        log.messages(lifecycle.id, 'in', this.#at, carryOver, chunk, boundaries);
        return;
      }
      case 'record-sent':
        this.#recordSent(command.batch);
        return;
      case 'respond':
        this.#options.answering?.answer(command.batch, command.framing, this.#waiting);
        return;
      case 'record':
        lifecycle.emit(command.event, this.#at);
        return;
      case 'raise':
        this.#waiting.push(command.event);
        return;
      case 'arm':
        this.#arm(command.timer, command.ms);
        return;
      case 'disarm':
        clearTimeout(this.#timers.get(command.timer)?.timeout);
        this.#timers.delete(command.timer);
        return;
      case 'load':
        this.#load(command.send);
        return;
      case 'progress':
        command.send.moved?.(command.sent);
        return;
      case 'settle':
        if (isLoaded(command.send.batches)) command.send.batches.close();
        command.send.done?.(command.sent, command.complete);
        return;
      case 'describe':
        lifecycle.describe({ framing: command.framing });
        return;
      case 'ended':
        this.#end();
        return;
      default:
        this.#control(command.kind);
    }
  }

  #control(kind: SocketControl): void {
    const { socket } = this.#options;
    switch (kind) {
      case 'attach':
        this.#attach();
        return;
      case 'pause-reading':
        socket.pause();
        return;
      case 'resume-reading':
        socket.resume();
        return;
      case 'end-writing':
        socket.endWriting();
        return;
      case 'close-both':
        socket.close();
        return;
      case 'reset-both':
        socket.reset();
        return;
      case 'destroy':
        socket.destroy();
        return;
      case 'abort-handshake':
        this.#options.abortHandshake();
        return;
      default:
        assertNever(kind);
    }
  }

  #attach(): void {
    this.#options.socket.attach({
      data: (bytes, flags = 0) => this.feed({ kind: 'read', bytes, flags }),
      ended: () => this.feed({ kind: this.#options.keepsHalfOpen() ? 'peer-fin-half-open' : 'peer-fin' }),
      failed: (failure) => this.feed({ kind: 'failed', failure }),
      noted: (event) => this.feed({ kind: 'noted', event }),
      limited: (limit, text) => this.feed({ kind: 'noted', event: { kind: 'limited', limit, text } }),
      closed: (text) => this.feed({ kind: 'closed', text }),
    });
  }

  readonly #written = (accepted: boolean): void => this.feed(accepted ? acceptedWrite : refusedWrite);

  #recordSent({ bytes, boundaries }: Batch): void {
    const { socket, log, lifecycle } = this.#options;
    if (socket.flagsOf) setSentFlags(boundaries, bytes, (message) => socket.flagsOf?.(message) ?? 0);
    log.messages(lifecycle.id, 'out', this.#at, nothing, bytes, boundaries);
  }

  #load(send: QueuedSend): void {
    if (!isLoaded(send.batches)) return;
    send.batches.load().then(
      (batch) => this.feed({ kind: 'loaded', send, batch, failed: false }),
      () => this.feed({ kind: 'loaded', send, batch: undefined, failed: true }),
    );
  }

  #arm(timer: Timer, ms: number): void {
    const armed = this.#timers.get(timer);
    if (armed?.ms === ms) {
      armed.timeout.refresh();
      return;
    }
    clearTimeout(armed?.timeout);
    const timeout = setTimeout(() => this.feed({ kind: timer }), ms);
    // Nothing ends with this timer: it must not keep the process alive.
    if (timer === 'overdue-check') timeout.unref();
    this.#timers.set(timer, { ms, timeout });
  }

  #end(): void {
    for (const { timeout } of this.#timers.values()) clearTimeout(timeout);
    this.#timers.clear();
    this.#stopDrain();
    this.#options.closed();
  }
}

/** Sets the flags with which each message of `bytes` was sent: `flagsOf` returns those of one message. */
function setSentFlags(boundaries: Boundaries, bytes: Uint8Array, flagsOf: (message: Uint8Array) => number): void {
  let from = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = boundaries.ends[index] as number;
    const others = (boundaries.flags[index] as number) & ~messageFlags.text;
    boundaries.flags[index] = others | flagsOf(bytes.subarray(from, end));
    from = end;
  }
}
