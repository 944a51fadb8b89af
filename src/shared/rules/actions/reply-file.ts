import { defineAction } from './action.ts';
import { answerable } from './answerable.ts';

/**
 * Answers each complete message with the content of a file, which is read for each batch. `path`: a path or a reference, or
 * `sample:data.json` for a file that ships with Wirebench.
 */
export const replyFile = defineAction({
  kind: 'reply-file',
  label: 'Reply with a file or sample',
  value: {
    name: 'path',
    default: 'sample:data.json',
    minLength: { length: 1, message: 'Select a file' },
    maxLength: { length: 4_096, message: 'A path must have at most 4096 characters' },
    input: 'payload',
    label: 'File',
    help: 'Read again for each reply, so that you can edit it in the meantime.',
    aliases: 'file sample',
  },
  flag: { spelling: '--reply-file <file>', help: 'reply to each message with the contents of this file' },
  explain: () => 'replies with a file',
  respond({ path }, { boundaries }) {
    const times = answerable(boundaries);
    return times === 0 ? undefined : { kind: 'send-file', path, times };
  },
});
