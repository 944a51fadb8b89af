import type { LogSink } from '#shared/record/record.ts';
import { epochTime, Timers } from '../clock.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import { type ConnectionMachine, IllegalEventError } from './machine.ts';
import { type Lifecycle, Recording } from './recording.ts';
import { endBatches, loadBatch } from './sends.ts';
import type { Command, MachineEvent, Responder, SocketControl, Timer } from './step.ts';

const acceptedWrite = { kind: 'written', accepted: true } as const;
const refusedWrite = { kind: 'written', accepted: false } as const;

/** The calls of the driver. */
const socketCalls = {
  'pause-reading': 'pause',
  'resume-reading': 'resume',
  'end-writing': 'endWriting',
  'close-both': 'close',
  'reset-both': 'reset',
  destroy: 'destroy',
} as const satisfies Record<SocketControl, keyof StreamSocket>;

/** Nothing ends with these timers. */
const backgroundTimers: readonly Timer[] = ['overdue-check'];

interface ShellOptions {
  readonly machine: ConnectionMachine;
  readonly socket: StreamSocket;
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly respond: Responder | undefined;
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
  readonly #recording: Recording;
  readonly #timers = new Timers<Timer>((kind) => this.feed({ kind }), backgroundTimers);
  readonly #stopDrain: () => void;
  /** Events that came while the commands of an earlier one were executed. */
  #waiting: MachineEvent[] = [];
  #isBusy = false;
  /** The view of the connection has changed. */
  #hasChanged = false;

  constructor(options: ShellOptions) {
    const { lifecycle, log, socket } = options;
    this.#options = options;
    this.#recording = new Recording(lifecycle, log, socket);
    this.#stopDrain = log.onDrain(() => this.feed({ kind: 'log-drained' }));
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
      if (commands.length > 0) this.#recording.at = epochTime(at);
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
    const { socket, respond, abortHandshake, closed } = this.#options;
    switch (command.kind) {
      case 'changed':
        this.#hasChanged = true;
        break;
      case 'write':
        socket.write(command.bytes, this.#written);
        break;
      case 'record':
      case 'record-read':
      case 'record-received':
      case 'record-sent':
      case 'describe':
        this.#recording.execute(command);
        break;
      case 'respond':
        for (const answer of respond?.(command.batch, command.framing) ?? []) this.#waiting.push(answer);
        break;
      case 'raise':
        this.#waiting.push(command.event);
        break;
      case 'arm':
        this.#timers.arm(command.timer, command.ms);
        break;
      case 'disarm':
        this.#timers.disarm(command.timer);
        break;
      case 'load':
        void loadBatch(command.send).then((loaded) => this.feed({ kind: 'loaded', send: command.send, ...loaded }));
        break;
      case 'progress':
        command.send.moved?.(command.sent);
        break;
      case 'settle':
        endBatches(command.send);
        command.send.done?.(command.sent, command.complete);
        break;
      case 'abort-handshake':
        abortHandshake();
        break;
      case 'attach':
        this.#attach();
        break;
      case 'ended':
        this.#timers.stop();
        this.#stopDrain();
        closed();
        break;
      default:
        socket[socketCalls[command.kind]]();
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
}
