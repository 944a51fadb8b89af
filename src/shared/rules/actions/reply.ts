import { encodeUtf8 } from '../../bytes/text.ts';
import { isUnframeable } from '../../framing/framing.ts';
import { defineAction } from './action.ts';
import { answerable } from './answerable.ts';
import { repliesOf, unframeableReply } from './replies.ts';

/** Answers each complete message with a text. */
export const reply = defineAction({
  kind: 'reply',
  label: 'Reply with text',
  value: {
    name: 'text',
    default: 'Message received!',
    maxLength: { length: 1_048_576, message: 'A reply must have at most 1048576 characters' },
    input: 'exact',
    label: 'Reply',
    help: 'Sent for each received message.',
    aliases: '',
  },
  flag: { spelling: '--reply <text>', help: 'reply to each message with this text' },
  explain: () => 'replies with text',
  respond({ text }, { boundaries }, framing) {
    const times = answerable(boundaries);
    const batches = times === 0 ? undefined : repliesOf(encodeUtf8(text), framing, times);
    if (batches === undefined) return undefined;
    if (isUnframeable(batches)) return { kind: 'problem', text: unframeableReply(batches) };
    return { kind: 'send', batches };
  },
});
