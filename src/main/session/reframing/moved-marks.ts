import { type Mark, maxNoteLength } from '#shared/record/marks.ts';

/** The marks of a session on their way to the records of another one. Those that come to one record are put together. */
export class MovedMarks {
  readonly #moved = new Map<number, Mark>();

  move({ bookmarked, note }: Mark, seq: number): void {
    const there = this.#moved.get(seq);
    const notes = [there?.note, note].filter(Boolean).join('\n').slice(0, maxNoteLength);
    this.#moved.set(seq, { seq, bookmarked: bookmarked || there?.bookmarked === true, note: notes });
  }

  /** All marks; those of a record that never came are at the last of the `total`. */
  all(total: number): Mark[] {
    for (const [seq, mark] of this.#moved) {
      if (seq < total) continue;
      this.#moved.delete(seq);
      if (total > 0) this.move(mark, total - 1);
    }
    return [...this.#moved.values()];
  }
}
