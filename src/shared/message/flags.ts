/** Bits of a message's flags. */
export const messageFlags = {
  /** A limit ended the message here; the stream continues in the next record. */
  truncated: 1,
  /** The stream ended inside the message, or some of its bytes are missing. */
  incomplete: 2,
  /** The bytes do not follow the framing. */
  malformed: 4,
  /** Only bytes between messages, for example white space between JSON values. */
  filler: 8,
  /** A WebSocket message of type text; without it, binary. */
  text: 16,
  /** A part of a message that was sent from a file in pieces; it continues in the next record. No limit ended it. */
  part: 32,
} as const;

/** Returns true when a message continues in the next record of its socket and direction, for either reason. */
export function isContinued(flags: number): boolean {
  return (flags & (messageFlags.truncated | messageFlags.part)) !== 0;
}

/** The flag for each word in exports and on the command line, in the order in which the words are written. */
const flagOfWord: ReadonlyMap<string, number> = new Map([
  ['truncated', messageFlags.truncated],
  ['incomplete', messageFlags.incomplete],
  ['malformed', messageFlags.malformed],
  ['filler', messageFlags.filler],
  ['text', messageFlags.text],
  ['part', messageFlags.part],
]);

/** Returns the flag for a word of an export, 0 for an unknown one. */
export function flagFor(word: string): number {
  return flagOfWord.get(word) ?? 0;
}

/** Returns the words for the flags that are set, in a fixed order. */
export function flagWords(flags: number): string[] {
  const words: string[] = [];
  for (const [word, flag] of flagOfWord) if ((flags & flag) !== 0) words.push(word);
  return words;
}
