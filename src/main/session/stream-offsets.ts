interface Offsets {
  in: number;
  out: number;
  /** Of what the socket received, as far as it was read: never behind `in`. */
  read: number;
}

/** How far each socket's two streams have come, and its reads. */
export class StreamOffsets {
  readonly #sockets = new Map<number, Offsets>();

  /** Where the next `bytes` of this stream begin. */
  advance(socket: number, stream: keyof Offsets, bytes: number): number {
    let offsets = this.#sockets.get(socket);
    if (offsets === undefined) {
      offsets = { in: 0, out: 0, read: 0 };
      this.#sockets.set(socket, offsets);
    }
    const offset = offsets[stream];
    offsets[stream] = offset + bytes;
    return offset;
  }

  /** A closed socket has no more bytes. */
  forget(socket: number): void {
    this.#sockets.delete(socket);
  }
}
