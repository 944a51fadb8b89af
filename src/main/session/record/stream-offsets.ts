interface Offsets {
  in: number;
  out: number;
  /** The read part of the received stream: never less than `in`. */
  read: number;
}

/** The current offsets of each socket's two streams and of its reads. */
export class StreamOffsets {
  readonly #sockets = new Map<number, Offsets>();
  /** The last socket: a busy one is looked up many times in a row. */
  #last = 0;
  #lastOffsets: Offsets | undefined;

  /** Returns where the next `bytes` of this stream begin, and advances by them. */
  advance(socket: number, direction: 'in' | 'out', bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets[direction];
    offsets[direction] = offset + bytes;
    // Without framing, reads are not noted: after a change of framing the next read follows what was recorded.
    if (direction === 'in' && offsets.read < offsets.in) offsets.read = offsets.in;
    return offset;
  }

  /** Returns where the next `bytes` read from this socket begin, and advances by them. */
  read(socket: number, bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets.read;
    offsets.read = offset + bytes;
    return offset;
  }

  /** Drops a closed socket. */
  forget(socket: number): void {
    this.#sockets.delete(socket);
    this.#lastOffsets = undefined;
  }

  #of(socket: number): Offsets {
    if (this.#lastOffsets !== undefined && this.#last === socket) return this.#lastOffsets;
    let offsets = this.#sockets.get(socket);
    if (offsets === undefined) {
      offsets = { in: 0, out: 0, read: 0 };
      this.#sockets.set(socket, offsets);
    }
    this.#last = socket;
    this.#lastOffsets = offsets;
    return offsets;
  }
}
