import { parseChecksumSpec } from '../../bytes/checksums/spec.ts';
import { type FramingSpec, framings } from '../../framing/catalogue.ts';
import { maxChecksumLength } from '../../record/record.ts';
import { anyTransport, bothRoles, endpointOption, overStreams } from './option.ts';
import { choice, text, type ValueSchema } from './value-schema.ts';

const schema: ValueSchema<FramingSpec> = { type: 'framing' };

export const framing = endpointOption({
  path: 'framing',
  label: 'Framing',
  schema,
  default: { kind: 'raw' },
  transports: overStreams,
  roles: bothRoles,
  changeable: true,
  row: {
    group: 'Messages and framing',
    help: 'A byte stream has no message boundaries: two send() calls may arrive in one recv(). Framing is the rule that splits the stream into messages.',
    aliases: `framing frame ${framings.map(({ kind, words }) => `${kind} ${words.short}`).join(' ')}`,
  },
  flags: [
    {
      spelling: '--framing <framing>',
      group: 'Messages:',
      help: 'how to split the byte stream into messages (default: raw)',
    },
  ],
});

/** After bytes that do not follow the framing: look for the next message, or record the rest as it is read. */
export const badFrame = endpointOption({
  path: 'badFrame',
  label: 'Malformed data',
  schema: choice([
    { value: 'resynchronise', label: 'Find the next message' },
    { value: 'stop', label: 'Stop framing: one row per recv()' },
  ]),
  default: 'resynchronise',
  transports: overStreams,
  roles: bothRoles,
  changeable: true,
  row: {
    group: 'Messages and framing',
    help: 'What to do when received bytes do not follow the framing. One record says what is wrong and where.',
    when: { path: 'framing', not: ['raw'] },
    aliases: 'badFrame malformed resynchronise stop',
  },
  flags: [
    {
      spelling: '--on-bad-frame <what>',
      group: 'Messages:',
      help: 'on malformed data: search for the next message (resync, the default) or show the rest as raw reads (stop)',
      choices: ['resync', 'stop'],
      sets: (what: string) => ({ badFrame: what === 'stop' ? 'stop' : 'resynchronise' }),
    },
  ],
});

/** Returns why a text is not a checksum; `undefined` for one, and for no text. */
function checksumProblem(spelling: string): string | undefined {
  const read = spelling === '' ? undefined : parseChecksumSpec(spelling);
  if (!read || read.ok) return undefined;
  return [read.error.system, read.error.hint].filter(Boolean).join('. ');
}

/** The checksum that each received message must end with; empty for none. A change applies to all messages of the open sockets. */
export const checksum = endpointOption({
  path: 'checksum',
  label: 'Checksum of received messages',
  schema: text(maxChecksumLength, checksumProblem),
  default: '',
  transports: anyTransport,
  roles: bothRoles,
  changeable: true,
  row: {
    group: 'Messages and framing',
    help: 'The checksum at the end of each received message, such as CRC-16/MODBUS:le. Messages whose checksum is wrong are marked.',
    placeholder: 'not checked',
    aliases: 'checksum crc check lrc nmea modbus',
  },
  flags: [
    {
      spelling: '--check-checksum <checksum>',
      group: 'Messages:',
      help: 'check that each received message ends with this checksum, such as crc-16/modbus:le',
    },
  ],
});
