import type { BadFrame } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../form-fields.ts';
import { framingParameters } from '../framing-form.ts';
import { framingWords } from '../framing-words.ts';
import { type FormOption, isServer } from './option.ts';

const isStream = ({ transport }: EndpointForm) => !abilitiesOf(transport).messages;

const group = 'Messages & framing';

/** A value that only some framings want. */
function parameter(
  option: Omit<FormOption, 'group' | 'applies' | 'live' | 'field'> & {
    readonly field: Exclude<keyof EndpointForm & `framing.${string}`, 'framing'>;
  },
): FormOption {
  const applies = (form: EndpointForm) => isStream(form) && framingParameters[form.framing].includes(option.field);
  return { ...option, group, applies, live: true };
}

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
    words: 'framing frame delimiter line length prefix slip cobs stx json xml http gap raw',
  },
  parameter({
    field: 'framing.delimiter',
    label: 'Delimiter',
    help: '1 to 32 bytes in hex, for example 03 or 0d0a0d0a.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.keep',
    label: 'Keep the delimiter in the message',
    help: 'Otherwise it only ends the message and is no part of it.',
    kind: 'check',
  }),
  parameter({
    field: 'framing.size',
    label: 'Length (bytes)',
    help: 'recv() is called until so many bytes are there; they are one message.',
    kind: 'number',
  }),
  parameter({
    field: 'framing.pad',
    label: 'Filled up with',
    help: 'The byte, in hex, that a shorter message is filled up with when it is sent.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.lengthSize',
    label: 'Size of the length',
    help: 'How many bytes in front of each message say how long it is: struct.pack("!I", len(data)) is 4.',
    kind: 'choice',
    choices: [
      { value: '1', label: '1 byte' },
      { value: '2', label: '2 bytes' },
      { value: '4', label: '4 bytes' },
      { value: '8', label: '8 bytes' },
      { value: 'varint', label: 'varint' },
    ],
  }),
  parameter({
    field: 'framing.endian',
    label: 'Byte order',
    help: 'Big endian is the network’s order, “!” in struct.',
    kind: 'choice',
    choices: [
      { value: 'be', label: 'big endian' },
      { value: 'le', label: 'little endian' },
    ],
    words: 'endian network order',
  }),
  parameter({
    field: 'framing.offset',
    label: 'Bytes before the length',
    help: 'A header may begin with something else, a type say.',
    kind: 'number',
    words: 'offset header',
  }),
  parameter({
    field: 'framing.inclusive',
    label: 'The length counts the header too',
    help: 'Otherwise it counts only what follows the header.',
    kind: 'check',
    words: 'inclusive',
  }),
  parameter({ field: 'framing.stx', label: 'Start byte (STX)', help: 'In hex. Begins each message.', kind: 'text' }),
  parameter({ field: 'framing.etx', label: 'End byte (ETX)', help: 'In hex. Ends each message.', kind: 'text' }),
  parameter({
    field: 'framing.escape',
    label: 'Escape byte (DLE)',
    help: 'In hex. Stands before a byte of the message that would be one of these three.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.ms',
    label: 'Silence (ms)',
    help: 'A message ends when recv() had nothing for so long.',
    kind: 'number',
    words: 'idle gap',
  }),
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
    help: 'What the server does with each message. A reply answers complete messages only; an echo returns every byte.',
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
    kind: 'area',
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
    words: 'path sample',
  },
];
