import type { BadFrame } from '#shared/framing/spec.ts';
import { framingWords } from '../framing-words.ts';
import { framingOptions, isStream } from './framing-options.ts';
import { type FormOption, isServer } from './option.ts';

const group = 'Messages & framing';

/** How messages are cut out of the stream, and what a server does with them. */
export const messageOptions: readonly FormOption[] = [
  {
    field: 'name',
    group,
    label: 'Name',
    help: 'How tabs, records and filters call it. Empty: tabs call it by its address, records and filters by its role.',
    kind: 'text',
    placeholder: 'its address',
    applies: () => true,
    live: true,
  },
  {
    field: 'framing',
    group,
    label: 'Cut messages by',
    help: 'TCP is a stream of bytes without borders: send() twice may be one recv(). Framing is the rule that cuts messages out of it.',
    kind: 'choice',
    choices: framingWords.map(({ choice, label }) => ({ value: choice, label })),
    applies: isStream,
    live: true,
    words: ['framing frame', ...framingWords.flatMap(({ choice, short }) => [choice, short])].join(' '),
  },
  ...framingOptions,
  {
    field: 'badFrame',
    group,
    label: 'After bytes that do not fit',
    help: 'What to do when recv() returned something that does not follow the framing. One record says what and where.',
    kind: 'choice',
    choices: [
      { value: 'resynchronise', label: 'look for the next message' },
      { value: 'stop', label: 'record the rest as it is read' },
    ] satisfies { value: BadFrame; label: string }[],
    applies: (form) => isStream(form) && form.framing !== 'raw',
    live: true,
    words: 'badFrame malformed resynchronise stop',
  },
  {
    field: 'behaviour',
    group: 'Server',
    label: 'Behaviour',
    help: 'What the server does with each message. Replies and echoes are sent for complete messages only; under raw framing an echo returns every byte.',
    kind: 'choice',
    choices: [
      { value: 'reply', label: 'Reply with a text' },
      { value: 'echo', label: 'Echo: send back what came' },
      { value: 'reply-file', label: 'Reply with a file or sample' },
      { value: 'silent', label: 'Silent: only receive' },
    ],
    applies: isServer,
    live: true,
    words: 'answer response',
  },
  {
    field: 'behaviour.text',
    group: 'Server',
    label: 'Reply',
    help: 'Sent for each message, as the course’s server sends b"Message received!".',
    kind: 'exact',
    applies: (form) => isServer(form) && form.behaviour === 'reply',
    live: true,
  },
  {
    field: 'behaviour.path',
    group: 'Server',
    label: 'File',
    help: 'Read anew for each reply, so that it can be edited meanwhile.',
    kind: 'payload',
    applies: (form) => isServer(form) && form.behaviour === 'reply-file',
    live: true,
    words: 'file sample',
  },
];
