import { type Mark, maxNoteLength } from '#shared/record/marks.ts';

/** Moves the marks of a session to the records of another one. Marks that move to the same record are merged. */
export class MovedMarks {
  readonly #moved = new Map<number, Mark>();

  move({ bookmarked, note }: Mark, seq: number): void {
    const there = this.#moved.get(seq);
    const notes = [there?.note, note].filter(Boolean).join('\n').slice(0, maxNoteLength);
    this.#moved.set(seq, { seq, bookmarked: bookmarked || there?.bookmarked === true, note: notes });
  }

  /** Returns all marks; those whose record does not exist are on the last of the `total` records. */
  all(total: number): Mark[] {
    for (const [seq, mark] of this.#moved) {
      if (seq < total) continue;
      this.#moved.delete(seq);
      if (total > 0) this.move(mark, total - 1);
    }
    return [...this.#moved.values()];
  }
}
