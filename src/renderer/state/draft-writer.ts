import { createPageId, isSameKept, type KeptDraft } from './kept-drafts.ts';
import { showFailure } from './notices.ts';
import type { Services } from './services.ts';
import { storedDraft, storedPointer } from './stored-drafts.ts';

/** The drafts of this page in the main process: writes those that have changed, and drops those that are not needed any more. */
export class DraftWriter {
  readonly #services: Services;
  /** What the main process has, by key. */
  readonly #stored = new Map<string, KeptDraft>();
  /** The keys of drafts that it may not have: it could not keep them, or the connection was lost. */
  readonly #unsure = new Set<string>();
  /** What identifies the drafts of other pages that a draft of this page is a copy of, by its key. */
  readonly #copied = new Map<string, readonly string[]>();
  /** The calls that keep a draft and have no answer yet. */
  readonly #pending = new Set<Promise<void>>();
  #isFailing = false;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Forgets what the main process has: another workspace is open. */
  clear(): void {
    for (const known of [this.#stored, this.#unsure, this.#copied]) known.clear();
  }

  /** Notes that the main process has `draft`. */
  note(draft: KeptDraft): void {
    this.#stored.set(draft.key, draft);
  }

  /** Notes that the draft `key` is a copy of a draft on the disk: when it is kept, that is deleted if its page has ended. */
  noteCopy(key: string, id: string): void {
    this.#copied.set(key, [...(this.#copied.get(key) ?? []), id]);
  }

  /** Returns true if the main process has exactly `draft`. */
  has(draft: KeptDraft): boolean {
    const stored = this.#stored.get(draft.key);
    return stored !== undefined && isSameKept(stored, draft) && !this.#unsure.has(draft.key);
  }

  /** Keeps `wanted`, by key, and drops all others. Returns true if any had to be written. */
  write(wanted: ReadonlyMap<string, KeptDraft>): boolean {
    const changed = [...wanted.values()].filter((draft) => !this.has(draft));
    for (const draft of changed) {
      this.#stored.set(draft.key, draft);
      this.#unsure.delete(draft.key);
      void this.#keep(storedDraft(draft), this.#copied.get(draft.key));
    }
    for (const key of this.#stored.keys()) {
      if (wanted.has(key)) continue;
      this.#stored.delete(key);
      this.#unsure.delete(key);
      this.#copied.delete(key);
      void this.#services.client.call('drafts.drop', { key, page: this.#page });
    }
    return changed.length > 0;
  }

  /** Keeps the key of the last payload of an endpoint. */
  writeLast(endpoint: string, key: string): void {
    void this.#keep(storedPointer(endpoint, key));
  }

  /** Notes that others may have taken over the drafts of this page: all of them are written the next time. */
  writeAgain(): void {
    for (const key of this.#stored.keys()) this.#unsure.add(key);
  }

  /** Resolves when all that was written is on the disk. */
  async written(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #keep(draft: ReturnType<typeof storedDraft>, takesOver?: readonly string[]): Promise<void> {
    const { client, notices } = this.#services;
    const input = { ...draft, page: this.#page, ...(takesOver && { takesOver: [...takesOver] }) };
    const kept = client.call('drafts.keep', input).then((result) => {
      this.#pending.delete(kept);
      if (result.ok && this.#copied.get(draft.key) === takesOver) this.#copied.delete(draft.key);
      if (!result.ok && this.#stored.has(draft.key)) this.#unsure.add(draft.key);
      // Reported once, not on each key.
      if (!result.ok && !this.#isFailing && result.error.code !== 'disconnected') showFailure(notices, result.error);
      this.#isFailing = !result.ok;
    });
    this.#pending.add(kept);
    return kept;
  }

  get #page(): string {
    return this.#services.own(createPageId);
  }
}
