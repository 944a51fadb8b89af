import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../form-fields.ts';
import { framingParameters } from '../framing-form.ts';
import type { FormOption } from './option.ts';

const group = 'Messages & framing';

/** Returns true for an endpoint whose transport carries a stream, which has to be framed. */
export const isStream = ({ transport }: EndpointForm) => !abilitiesOf(transport).messageOriented;

/** A value that only some framings want. */
function parameter(
  option: Omit<FormOption, 'group' | 'applies' | 'live' | 'field'> & {
    readonly field: Exclude<keyof EndpointForm & `framing.${string}`, 'framing'>;
  },
): FormOption {
  const applies = (form: EndpointForm) => isStream(form) && framingParameters[form.framing].includes(option.field);
  return { ...option, group, applies, live: true };
}

function sizeLabel(size: string): string {
  if (size === 'varint') return size;
  return size === '1' ? '1 byte' : `${size} bytes`;
}

/** What the kinds of framing want to know, beside their name. */
export const framingOptions: readonly FormOption[] = [
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
    choices: ['1', '2', '3', '4', '5', '6', '7', '8', 'varint'].map((value) => ({ value, label: sizeLabel(value) })),
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
  parameter({
    field: 'framing.adjust',
    label: 'Added to the length',
    help: 'Bytes that the length does not count, or negative, bytes of the header that it counts. Empty: 0.',
    kind: 'text',
    words: 'adjustment lengthAdjustment',
  }),
  parameter({
    field: 'framing.tail',
    label: 'Trailer (bytes)',
    help: 'Counted bytes at the end that are not part of the message, such as a checksum. Empty: 0.',
    kind: 'text',
    words: 'trailer checksum tail',
  }),
  parameter({
    field: 'framing.start',
    label: 'Start bytes',
    help: '1 to 32 bytes in hex that every message begins with.',
    kind: 'text',
    words: 'mark magic sync',
  }),
  parameter({
    field: 'framing.first',
    label: 'First bytes of a stream',
    help: '1 to 32 bytes in hex that a stream may begin with: a message without a length. Empty: none.',
    kind: 'text',
    words: 'preface greeting',
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
    field: 'framing.end',
    label: 'END',
    help: 'In hex. Ends each message. Empty: c0.',
    kind: 'text',
    placeholder: 'c0',
  }),
  parameter({
    field: 'framing.slipEscape',
    label: 'Escape byte (ESC)',
    help: 'In hex. Stands before the two codes below. Empty: db.',
    kind: 'text',
    placeholder: 'db',
  }),
  parameter({
    field: 'framing.escapedEnd',
    label: 'Code for END',
    help: 'In hex. Stands for END inside of a message, after ESC. Empty: dc.',
    kind: 'text',
    placeholder: 'dc',
  }),
  parameter({
    field: 'framing.escapedEscape',
    label: 'Code for ESC',
    help: 'In hex. Stands for ESC inside of a message, after ESC. Empty: dd.',
    kind: 'text',
    placeholder: 'dd',
  }),
  parameter({
    field: 'framing.version',
    label: 'Version of FIX',
    help: 'BeginString of what is sent, for example FIX.4.4 or FIXT.1.1.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.ms',
    label: 'Silence (ms)',
    help: 'A message ends when recv() had nothing for so long.',
    kind: 'number',
    words: 'idle gap',
  }),
];
