import type { Behaviour } from '#shared/endpoint/options/behaviour.ts';
import type { FormOption } from './option.ts';

/** The behaviours, as the form names them. */
export const behaviourChoices: readonly { readonly value: Behaviour['kind']; readonly label: string }[] = [
  { value: 'reply', label: 'Reply with text' },
  { value: 'echo', label: 'Echo: send each message back' },
  { value: 'reply-file', label: 'Reply with a file or sample' },
  { value: 'silent', label: 'Silent: only receive' },
];

/** What a behaviour replies with. */
export const replyOptions: readonly FormOption[] = [
  {
    field: 'behaviour.text',
    group: 'Server',
    label: 'Reply',
    help: 'Sent for each received message.',
    kind: 'exact',
    applies: ({ role, behaviour }) => role === 'server' && behaviour === 'reply',
    changeable: true,
    aliases: '',
  },
  {
    field: 'behaviour.path',
    group: 'Server',
    label: 'File',
    help: 'Read again for each reply, so that you can edit it in the meantime.',
    kind: 'payload',
    applies: ({ role, behaviour }) => role === 'server' && behaviour === 'reply-file',
    changeable: true,
    aliases: 'file sample',
  },
];
