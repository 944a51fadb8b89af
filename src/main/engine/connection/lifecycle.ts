import type { LogSink, SocketInfo } from '#shared/record/record.ts';
import { reduce, type SocketEvent } from '#shared/socket/event.ts';
import { initialState, type SocketState } from '#shared/socket/state.ts';
import { now } from '../clock.ts';

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

  /** Updates the description of the socket after its framing was changed. */
  describe(change: Pick<SocketInfo, 'framing'>): void {
    if (this.closed || change.framing === this.#info.framing) return;
    this.#info = { ...this.#info, ...change };
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
