import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';

/** The page is told of changes at most this often. */
const minGapMs = 33;

interface Views {
  endpoint(id: string): EndpointView | undefined;
  socket(id: number): SocketView | undefined;
}

/**
 * Gathers what changed and tells it at most 30 times a second, the first change at once. However much happens between
 * two tellings, each endpoint and socket is told once, as it is then.
 */
export class ChangeFeed {
  readonly #views: Views;
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();
  readonly #endpoints = new Set<string>();
  readonly #sockets = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #toldAt = 0;

  constructor(views: Views) {
    this.#views = views;
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  endpointChanged(id: string): void {
    // Who subscribes later takes a snapshot first: what changed before is no news.
    if (this.#listeners.size === 0) return;
    this.#endpoints.add(id);
    this.#schedule();
  }

  socketChanged(id: number): void {
    if (this.#listeners.size === 0) return;
    this.#sockets.add(id);
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #schedule(): void {
    if (this.#timer) return;
    const wait = Math.max(0, this.#toldAt + minGapMs - performance.now());
    this.#timer = setTimeout(() => this.#tell(), wait);
  }

  #tell(): void {
    this.#timer = undefined;
    this.#toldAt = performance.now();
    if (this.#endpoints.size > 0) {
      const { changed, removed } = split(this.#endpoints, (id) => this.#views.endpoint(id));
      this.#emit({ kind: 'endpoints', changed, removed });
    }
    if (this.#sockets.size > 0) {
      const { changed, removed } = split(this.#sockets, (id) => this.#views.socket(id));
      this.#emit({ kind: 'sockets', changed, removed });
    }
  }

  #emit(event: WorkbenchEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** The views of what is still there, the ids of what is not; empties `ids`. */
function split<Id, View>(ids: Set<Id>, view: (id: Id) => View | undefined): { changed: View[]; removed: Id[] } {
  const changed: View[] = [];
  const removed: Id[] = [];
  for (const id of ids) {
    const seen = view(id);
    if (seen === undefined) removed.push(id);
    else changed.push(seen);
  }
  ids.clear();
  return { changed, removed };
}
