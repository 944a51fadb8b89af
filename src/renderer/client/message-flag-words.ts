import { messageFlags } from '#shared/message/flags.ts';

/** What is told of a message by its flags: the word of a badge, and what it means. */
interface FlagWord {
  readonly word: string;
  readonly title: string;
  /** Nothing is wrong. */
  readonly quiet?: true;
}

const words: readonly (FlagWord & { readonly flag: number })[] = [
  { flag: messageFlags.truncated, word: 'cut', title: 'The message cap cut the message here; it goes on below.' },
  {
    flag: messageFlags.part,
    word: 'part',
    title: 'A part of a message that was sent from a file; it goes on below.',
    quiet: true,
  },
  {
    flag: messageFlags.incomplete,
    word: 'incomplete',
    title: 'The stream ended inside this message, or bytes of it are missing.',
  },
  { flag: messageFlags.malformed, word: 'malformed', title: 'These bytes do not follow the framing.' },
  { flag: messageFlags.filler, word: 'between', title: 'Only bytes between messages: white space, say.' },
];

/** The words for what `flags` say, the same in the table and in the inspector. */
export function messageFlagWords(flags: number): readonly FlagWord[] {
  return flags === 0 ? [] : words.filter(({ flag }) => (flags & flag) !== 0);
}
