import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';

/** The minimum interval between two events. */
const minGapMs = 33;

interface Views {
  endpoint(id: string): EndpointView | undefined;
  socket(id: number): SocketView | undefined;
}

/**
 * Collects changes and emits them at most 30 times a second, the first one immediately. An event contains the current view
 * of each endpoint and socket that has changed since the last one.
 */
export class ChangeFeed {
  readonly #views: Views;
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();
  readonly #endpoints = new Set<string>();
  readonly #sockets = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #emittedAt = 0;

  constructor(views: Views) {
    this.#views = views;
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  endpointChanged(id: string): void {
    // A later subscriber takes a snapshot first, which includes this change.
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
    const wait = Math.max(0, this.#emittedAt + minGapMs - performance.now());
    this.#timer = setTimeout(() => this.#emitChanges(), wait);
  }

  #emitChanges(): void {
    this.#timer = undefined;
    this.#emittedAt = performance.now();
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

/** Returns the views of what still exists and the ids of what does not; empties `ids`. */
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
