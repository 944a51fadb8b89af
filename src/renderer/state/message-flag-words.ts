import { messageFlags } from '#shared/message/flags.ts';

/** The badge of a message flag: its word and its meaning. */
interface FlagWord {
  readonly word: string;
  readonly title: string;
  /** Not a problem. */
  readonly quiet?: true;
}

const words: readonly (FlagWord & { readonly flag: number })[] = [
  {
    flag: messageFlags.truncated,
    word: 'truncated',
    title: 'The maximum message size was reached; the next record continues the message.',
  },
  {
    flag: messageFlags.part,
    word: 'part',
    title: 'Part of a message that was sent from a file; the next record continues it.',
    quiet: true,
  },
  {
    flag: messageFlags.incomplete,
    word: 'incomplete',
    title: 'The stream ended within this message, or some of its bytes are missing.',
  },
  { flag: messageFlags.malformed, word: 'malformed', title: 'These bytes do not match the framing.' },
  { flag: messageFlags.filler, word: 'filler', title: 'Bytes between messages, for example white space.' },
];

/** Returns the badges for `flags`; the table and the inspector show the same. */
export function messageFlagWords(flags: number): readonly FlagWord[] {
  return flags === 0 ? [] : words.filter(({ flag }) => (flags & flag) !== 0);
}
