/** Bits of a message's flags. */
export const messageFlags = {
  /** The limit on a message ends it here; the stream goes on in the next record. */
  truncated: 1,
  /** The stream ended inside the message, or bytes of it are missing. */
  incomplete: 2,
  /** The bytes do not follow the framing. */
  malformed: 4,
  /** Only bytes between messages (white space between JSON values, say). */
  filler: 8,
  /** A WebSocket message of type text; without it, binary. */
  text: 16,
  /** A part of a message that was sent from a file, piece by piece; it goes on in the next record. No limit ended it. */
  part: 32,
} as const;

/** Returns true where a message goes on in the next record of its socket and direction, for whatever reason. */
export function goesOn(flags: number): boolean {
  return (flags & (messageFlags.truncated | messageFlags.part)) !== 0;
}

/** The flag of each word in exports and on the command line, in the order in which the words are written. */
export const flagOfWord: ReadonlyMap<string, number> = new Map([
  ['cut', messageFlags.truncated],
  ['incomplete', messageFlags.incomplete],
  ['malformed', messageFlags.malformed],
  ['filler', messageFlags.filler],
  ['text', messageFlags.text],
  ['part', messageFlags.part],
]);

/** Returns the words of the flags that are set, in a fixed order. */
export function flagWords(flags: number): string[] {
  const words: string[] = [];
  for (const [word, flag] of flagOfWord) if ((flags & flag) !== 0) words.push(word);
  return words;
}
