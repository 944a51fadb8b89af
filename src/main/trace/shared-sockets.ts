import type { TracedSocket } from '#shared/calls/traced-calls.ts';
import type { SocketInfo } from '#shared/record/record.ts';

/** A socket of a program in the session. */
export interface RecordedSocket {
  info: SocketInfo;
  /** It has its `accepted` or `opened` record. */
  isOpen: boolean;
  /** The peer sent its FIN. */
  hasEnded: boolean;
  /** The error that ended it. */
  errno: string | undefined;
  bytesIn: number;
  bytesOut: number;
  /** The UDP peers of a socket without a connection, by address. */
  readonly peers: Map<string, RecordedSocket>;
}

/** The sockets of all programs of a trace: a forked process has those of its parent, too. */
export class SharedSockets {
  readonly recorded = new Map<TracedSocket, RecordedSocket>();
  readonly #holders = new Map<TracedSocket, number>();

  /** Notes that one more process has the socket. */
  hold(socket: TracedSocket): void {
    this.#holders.set(socket, (this.#holders.get(socket) ?? 0) + 1);
  }

  /** Notes that a process has it no longer. Returns true if it was the last one. */
  release(socket: TracedSocket): boolean {
    const left = (this.#holders.get(socket) ?? 1) - 1;
    if (left > 0) this.#holders.set(socket, left);
    else this.#holders.delete(socket);
    return left <= 0;
  }
}
