/** A bookmark or a note on a record. Of several marks on one record the last in the file is valid. */
export interface Mark {
  readonly seq: number;
  readonly bookmarked: boolean;
  /** Empty if there is no note. */
  readonly note: string;
}

/** The maximum length of a note, in UTF-16 units. */
export const maxNoteLength = 4_096;

/** Returns the marks in the JSON of a marks block. Skips entries that are not marks: the file is hostile until parsed. */
export function parseMarks(text: string): Mark[] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(values) ? values.flatMap((value) => markOf(value) ?? []) : [];
}

function markOf(value: unknown): Mark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { seq, bookmarked, note }: { seq?: unknown; bookmarked?: unknown; note?: unknown } = value;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return undefined;
  return { seq, bookmarked: bookmarked === true, note: typeof note === 'string' ? note.slice(0, maxNoteLength) : '' };
}
