import type { SocketInfo } from '#shared/record/record.ts';

/** What a session says of its newest sockets, for a file that has to be written again. */
export class KnownSockets {
  readonly #infos = new Map<number, SocketInfo>();

  add(infos: readonly SocketInfo[]): void {
    for (const info of infos) {
      this.#infos.delete(info.id);
      this.#infos.set(info.id, info);
    }
    for (const id of this.#infos.keys()) {
      if (this.#infos.size <= maxKnown) return;
      this.#infos.delete(id);
    }
  }

  list(): SocketInfo[] {
    return [...this.#infos.values()];
  }
}

/** Of a session with more sockets the oldest are not described again. */
const maxKnown = 10_000;
