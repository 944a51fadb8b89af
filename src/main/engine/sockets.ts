import { keptClosed } from '#shared/contract/limits.ts';
import type { SocketView } from '#shared/contract/models.ts';
import type { OwnedSocket } from './endpoints/endpoint.ts';
import { socketView } from './socket-view.ts';

/** The sockets of all endpoints: those that live, and of each endpoint the last that have closed. */
export class Sockets {
  readonly #all = new Map<number, OwnedSocket>();
  /** The closed ones of each endpoint, the oldest first. */
  readonly #closed = new Map<string, Set<number>>();
  readonly #changed: (id: number) => void;

  /** `changed`: a socket is to be told anew, or is listed no longer. */
  constructor(changed: (id: number) => void) {
    this.#changed = changed;
  }

  get(id: number): OwnedSocket | undefined {
    return this.#all.get(id);
  }

  of(endpoint: string): OwnedSocket[] {
    return [...this.#all.values()].filter((socket) => socket.endpoint === endpoint);
  }

  view(id: number): SocketView | undefined {
    const socket = this.#all.get(id);
    return socket && socketView(socket);
  }

  views(): SocketView[] {
    return [...this.#all.values()].map(socketView);
  }

  /** True while one of them is not closed. */
  get hasOpen(): boolean {
    return [...this.#all.values()].some((socket) => !socket.lifecycle.closed);
  }

  add(socket: OwnedSocket): void {
    this.#all.set(socket.lifecycle.id, socket);
    this.#changed(socket.lifecycle.id);
  }

  /** Something about a socket has changed. Of the closed ones only the last `keptClosed` of an endpoint stay listed. */
  changed(id: number): void {
    this.#changed(id);
    const socket = this.#all.get(id);
    if (!socket?.lifecycle.closed) return;
    const closed = this.#closed.get(socket.endpoint) ?? new Set();
    this.#closed.set(socket.endpoint, closed);
    closed.add(id);
    for (const oldest of closed) {
      if (closed.size <= keptClosed) return;
      closed.delete(oldest);
      this.#forget(oldest);
    }
  }

  /** Lists the closed sockets of an endpoint no longer. */
  clearClosed(endpoint: string): void {
    for (const id of this.#closed.get(endpoint) ?? []) this.#forget(id);
    this.#closed.delete(endpoint);
  }

  /** Lists no socket of an endpoint any longer. */
  clear(endpoint: string): void {
    for (const socket of this.of(endpoint)) this.#forget(socket.lifecycle.id);
    this.#closed.delete(endpoint);
  }

  #forget(id: number): void {
    this.#all.delete(id);
    this.#changed(id);
  }
}
