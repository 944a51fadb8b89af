import type { Engine } from '#engine/engine.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { SocketView } from '#shared/contract/models.ts';
import { incompleteText } from '#shared/framing/frame-faults.ts';
import { note } from './report.ts';

/** Reports on the error output messages that stay incomplete for a second, each once. */
export class IncompleteNotes {
  readonly #engine: Engine;
  readonly #reported = new Set<number>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.subscribe((event) => {
      if (event.kind !== 'sockets') return;
      for (const id of event.removed) this.#reported.delete(id);
      for (const socket of event.changed) {
        if (socket.incomplete?.overdue) this.#report(socket);
        else this.#reported.delete(socket.id);
      }
    });
  }

  /** Reports all messages that are still incomplete. Call it at the end of the command. */
  finish(): void {
    for (const socket of this.#engine.snapshot().sockets) if (socket.incomplete) this.#report(socket);
  }

  #report({ id, peer, incomplete }: SocketView): void {
    if (!incomplete || this.#reported.has(id)) return;
    this.#reported.add(id);
    note(`${showControls(peer)}: ${incompleteText(incomplete)}`);
  }
}
