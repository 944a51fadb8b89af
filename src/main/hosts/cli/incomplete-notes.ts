import type { Engine } from '#engine/engine.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { SocketView } from '#shared/contract/models.ts';
import { incompleteText } from '#shared/framing/incomplete.ts';
import { note } from './report.ts';

/** Says on the error output which messages stay incomplete for a second, each of them once. */
export class IncompleteNotes {
  readonly #engine: Engine;
  readonly #told = new Set<number>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.subscribe((event) => {
      if (event.kind !== 'sockets') return;
      for (const id of event.removed) this.#told.delete(id);
      for (const socket of event.changed) {
        if (socket.incomplete?.overdue) this.#tell(socket);
        else this.#told.delete(socket.id);
      }
    });
  }

  /** Says it of those too that are incomplete for less: the job is at its end, and waits no longer. */
  finish(): void {
    for (const socket of this.#engine.snapshot().sockets) if (socket.incomplete) this.#tell(socket);
  }

  #tell({ id, peer, incomplete }: SocketView): void {
    if (!incomplete || this.#told.has(id)) return;
    this.#told.add(id);
    note(`${showControls(peer)}: ${incompleteText(incomplete)}`);
  }
}
