import { type FramingSpec, framings } from '../../framing/catalogue.ts';
import { bothRoles, endpointOption, overStreams } from './option.ts';
import { choice, type ValueSchema } from './value-schema.ts';

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
