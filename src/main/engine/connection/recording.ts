import { assertNever } from '#shared/assert-never.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink, SocketInfo } from '#shared/record/record.ts';
import { reduce, type SocketEvent } from '#shared/socket/event.ts';
import { initialState, type SocketState } from '#shared/socket/state.ts';
import { now } from '../clock.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import type { RecordCommand } from './step.ts';

/** The events of one socket: records each, derives the state, and notifies the owner. Ignores events after `closed`. */
export class Lifecycle {
  readonly id: number;
  state: SocketState = initialState;
  readonly #log: LogSink;
  readonly #changed: () => void;
  #info: SocketInfo;

  constructor(log: LogSink, info: SocketInfo, changed: () => void) {
    this.id = info.id;
    this.#log = log;
    this.#changed = changed;
    this.#info = info;
    log.describe(info);
  }

  get info(): SocketInfo {
    return this.#info;
  }

  get closed(): boolean {
    return this.state.cause !== undefined;
  }

  /** Updates the description of the socket after its framing or its checksum was changed. */
  describe(change: Partial<Pick<SocketInfo, 'framing' | 'checksum'>>): void {
    const next = { ...this.#info, ...change };
    if (this.closed || (next.framing === this.#info.framing && next.checksum === this.#info.checksum)) return;
    this.#info = next;
    this.#log.describe(this.#info);
  }

  /** Records an event at the time `at`, in milliseconds since the epoch. */
  emit(event: SocketEvent, at = now()): void {
    if (this.closed) return;
    this.state = reduce(this.state, event);
    const { local, peer } = this.state;
    if ((local !== '' && local !== this.#info.local) || (peer !== '' && peer !== this.#info.peer)) {
      this.#info = { ...this.#info, local, peer: peer === '' ? this.#info.peer : peer };
      this.#log.describe(this.#info);
    }
    this.#log.event(this.id, at, event);
    this.#changed();
  }
}

const nothing = new Uint8Array(0);

/** Records what one connection receives, sends and reports. */
export class Recording {
  /** The time of the next records, in milliseconds since the epoch. */
  at = 0;
  readonly #lifecycle: Lifecycle;
  readonly #log: LogSink;
  readonly #flagsOf: StreamSocket['flagsOf'];

  constructor(lifecycle: Lifecycle, log: LogSink, socket: StreamSocket) {
    this.#lifecycle = lifecycle;
    this.#log = log;
    this.#flagsOf = socket.flagsOf?.bind(socket);
  }

  /** Executes one command of the machine. */
  execute(command: RecordCommand): void {
    const { id } = this.#lifecycle;
    switch (command.kind) {
      case 'record':
        this.#lifecycle.emit(command.event, this.at);
        return;
      case 'record-read':
        this.#log.read(id, this.at, command.length);
        return;
      case 'record-received': {
        const { carryOver, chunk, boundaries } = command.batch;
        this.#log.messages(id, 'in', this.at, carryOver, chunk, boundaries);
        return;
      }
      case 'record-sent': {
        const { bytes, boundaries } = command.batch;
        if (this.#flagsOf) setSentFlags(boundaries, bytes, this.#flagsOf);
        this.#log.messages(id, 'out', this.at, nothing, bytes, boundaries);
        return;
      }
      case 'describe':
        this.#lifecycle.describe({ framing: command.framing });
        return;
      default:
        assertNever(command);
    }
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
