interface Offsets {
  in: number;
  out: number;
}

/** How far each socket's two streams have come. */
export class StreamOffsets {
  readonly #sockets = new Map<number, Offsets>();

  /** Where the next `bytes` of this stream begin. */
  advance(socket: number, direction: 'in' | 'out', bytes: number): number {
    let offsets = this.#sockets.get(socket);
    if (offsets === undefined) {
      offsets = { in: 0, out: 0 };
      this.#sockets.set(socket, offsets);
    }
    const offset = offsets[direction];
    offsets[direction] = offset + bytes;
    return offset;
  }

  /** A closed socket has no more bytes. */
  forget(socket: number): void {
    this.#sockets.delete(socket);
  }
}
