import type { SocketInfo } from '#shared/record/record.ts';

/** The descriptions of a session's newest sockets, for a file that must be written again. */
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

/** The oldest sockets beyond this number are not described again. */
const maxKnown = 10_000;
