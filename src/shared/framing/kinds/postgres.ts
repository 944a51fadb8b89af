import { type Framing, plain } from '../framing.ts';
import { PostgresFramer } from '../postgres.ts';

/** PostgreSQL's protocol 3: messages with a type, and the messages without a type at the start of a connection. */
export const postgres: Framing<{ readonly kind: 'postgres' }> = {
  ...plain('postgres', {
    text: 'postgres',
    message: "one message of PostgreSQL's protocol 3, type and length included",
    sending: 'nothing',
  }),
  words: {
    short: 'PostgreSQL',
    label: 'PostgreSQL, protocol 3',
    help: 'Each message begins with a type and a length; the client’s first message has no type.',
  },
  wrong: {
    what: 'a type that is not a letter or digit; a length below its own 4 bytes or above 1 GiB',
    resume: 'at the next letter or digit',
  },
  createFramer: (_, maxMessage) => new PostgresFramer(maxMessage),
  guesses: ['postgres'],
  evidence: (_, message) => (message.length > 4 ? 32 - Math.log2(message.length) + 2 : 2),
};
