interface Offsets {
  in: number;
  out: number;
  /** Of what the socket received, as far as it was read: never behind `in`. */
  read: number;
}

/** How far each socket's two streams have come, and its reads. */
export class StreamOffsets {
  readonly #sockets = new Map<number, Offsets>();
  /** The socket asked for last: a busy one is asked for many times in a row. */
  #last = 0;
  #lastOffsets: Offsets | undefined;

  /** Where the next `bytes` of this stream begin. */
  advance(socket: number, direction: 'in' | 'out', bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets[direction];
    offsets[direction] = offset + bytes;
    // Under raw framing reads are not noted: where framing changes, the next one follows what was recorded.
    if (direction === 'in' && offsets.read < offsets.in) offsets.read = offsets.in;
    return offset;
  }

  /** Where the next `bytes` that are read from this socket begin. */
  read(socket: number, bytes: number): number {
    const offsets = this.#of(socket);
    const offset = offsets.read;
    offsets.read = offset + bytes;
    return offset;
  }

  /** A closed socket has no more bytes. */
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
