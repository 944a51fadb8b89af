import { type Framing, plain } from '../framing.ts';
import { createPostgresFramer } from '../postgres.ts';

/** PostgreSQL's protocol 3: typed messages, and the messages without a type that a connection begins with. */
export const postgres: Framing<{ readonly kind: 'postgres' }> = {
  ...plain('postgres', 'postgres'),
  createFramer: (_, maxMessage) => createPostgresFramer(maxMessage),
  guesses: ['postgres'],
  evidence: (_, message) => (message.length > 4 ? 32 - Math.log2(message.length) + 2 : 2),
};
