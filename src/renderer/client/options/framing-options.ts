import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../form-fields.ts';
import { framingParameters } from '../framing-form.ts';
import type { FormOption } from './option.ts';

const group = 'Messages & framing';

/** True for an endpoint whose transport carries a stream, which has to be framed. */
const isStream = ({ transport }: EndpointForm) => !abilitiesOf(transport).messageOriented;

/** Returns the option of a value that only some framings have. */
function parameter(
  option: Omit<FormOption, 'group' | 'applies' | 'changeable' | 'field' | 'aliases'> & {
    readonly aliases?: string;
    readonly field: Exclude<keyof EndpointForm & `framing.${string}`, 'framing'>;
  },
): FormOption {
  const applies = (form: EndpointForm) => isStream(form) && framingParameters[form.framing].includes(option.field);
  return { aliases: '', ...option, group, applies, changeable: true };
}

function sizeLabel(size: string): string {
  if (size === 'varint') return size;
  return size === '1' ? '1 byte' : `${size} bytes`;
}

/** The values of the kinds of framing. */
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
    help: 'When off, it ends the message and is not part of it.',
    kind: 'check',
  }),
  parameter({
    field: 'framing.size',
    label: 'Length (bytes)',
    help: 'Every message has this many bytes.',
    kind: 'number',
  }),
  parameter({
    field: 'framing.pad',
    label: 'Padding byte',
    help: 'In hex. A shorter message is padded with it when it is sent.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.lengthSize',
    label: 'Length field size',
    help: 'How many bytes the length before each message has: 4 with struct.pack("!I", len(data)).',
    kind: 'choice',
    choices: ['1', '2', '3', '4', '5', '6', '7', '8', 'varint'].map((value) => ({ value, label: sizeLabel(value) })),
  }),
  parameter({
    field: 'framing.endian',
    label: 'Byte order',
    help: 'Big endian is network byte order, “!” in struct.',
    kind: 'choice',
    choices: [
      { value: 'be', label: 'big endian' },
      { value: 'le', label: 'little endian' },
    ],
    aliases: 'endian network order',
  }),
  parameter({
    field: 'framing.offset',
    label: 'Length field offset (bytes)',
    help: 'Bytes of the header before the length field, for example a type.',
    kind: 'number',
    aliases: 'offset header',
  }),
  parameter({
    field: 'framing.inclusive',
    label: 'Length includes the header',
    help: 'When off, the length counts only the bytes after the header.',
    kind: 'check',
    aliases: 'inclusive',
  }),
  parameter({
    field: 'framing.adjust',
    label: 'Length adjustment (bytes)',
    help: 'Added to the length: bytes that it does not count; negative: bytes of the header that it counts. Empty: 0.',
    kind: 'text',
    aliases: 'adjustment lengthAdjustment',
  }),
  parameter({
    field: 'framing.tail',
    label: 'Trailer (bytes)',
    help: 'Bytes at the end of the frame that are not part of the message, such as a checksum. Empty: 0.',
    kind: 'text',
    aliases: 'trailer checksum tail',
  }),
  parameter({
    field: 'framing.start',
    label: 'Start bytes',
    help: '1 to 32 bytes in hex at the start of every message.',
    kind: 'text',
    aliases: 'mark magic sync',
  }),
  parameter({
    field: 'framing.first',
    label: 'First bytes of a stream',
    help: '1 to 32 bytes in hex at the start of a stream, before the first length: a message on their own. Empty: none.',
    kind: 'text',
    aliases: 'preface greeting',
  }),
  parameter({ field: 'framing.stx', label: 'Start byte (STX)', help: 'In hex. Begins each message.', kind: 'text' }),
  parameter({ field: 'framing.etx', label: 'End byte (ETX)', help: 'In hex. Ends each message.', kind: 'text' }),
  parameter({
    field: 'framing.escape',
    label: 'Escape byte (DLE)',
    help: 'In hex. Precedes a byte of the message that equals one of these three.',
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
    help: 'In hex. Precedes the two codes below. Empty: db.',
    kind: 'text',
    placeholder: 'db',
  }),
  parameter({
    field: 'framing.escapedEnd',
    label: 'Code for END',
    help: 'In hex. Replaces END inside a message, after ESC. Empty: dc.',
    kind: 'text',
    placeholder: 'dc',
  }),
  parameter({
    field: 'framing.escapedEscape',
    label: 'Code for ESC',
    help: 'In hex. Replaces ESC inside a message, after ESC. Empty: dd.',
    kind: 'text',
    placeholder: 'dd',
  }),
  parameter({
    field: 'framing.version',
    label: 'FIX version',
    help: 'BeginString of sent messages, for example FIX.4.4 or FIXT.1.1.',
    kind: 'text',
  }),
  parameter({
    field: 'framing.ms',
    label: 'Idle gap (ms)',
    help: 'A message ends when nothing is received for this long.',
    kind: 'number',
    aliases: 'idle gap',
  }),
];
