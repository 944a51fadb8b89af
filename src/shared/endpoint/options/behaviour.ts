import { anyTransport, endpointOption, servers } from './option.ts';
import type { ValueSchema } from './value-schema.ts';

/** What a server does with each message it receives. */
export type Behaviour =
  | { kind: 'silent' }
  | { kind: 'echo' }
  | { kind: 'reply'; text: string }
  /** `path` or reference of a file, or `sample:data.json` for one that ships with Wirebench. Read at each reply. */
  | { kind: 'reply-file'; path: string };

const schema: ValueSchema<Behaviour> = { type: 'behaviour' };
const group = 'Server:';

export const behaviour = endpointOption({
  path: 'behaviour',
  label: 'Behaviour',
  schema,
  default: { kind: 'reply', text: 'Message received!' },
  transports: anyTransport,
  roles: servers,
  changeable: true,
  row: {
    group: 'Server',
    help: 'What the server sends back for each complete message. Without framing, echo returns every byte.',
    aliases: 'answer response',
  },
  flags: [
    {
      spelling: '--echo',
      group,
      help: 'send each complete message back',
      conflicts: ['reply', 'replyFile'],
      sets: () => ({ behaviour: { kind: 'echo' } }),
    },
    {
      spelling: '--reply <text>',
      group,
      help: 'reply to each message with this text',
      conflicts: ['echo', 'replyFile'],
      sets: (text: string) => ({ behaviour: { kind: 'reply', text } }),
    },
    {
      spelling: '--reply-file <file>',
      group,
      help: 'reply to each message with the contents of this file',
      conflicts: ['echo', 'reply'],
      sets: (path: string) => ({ behaviour: { kind: 'reply-file', path } }),
    },
  ],
});
