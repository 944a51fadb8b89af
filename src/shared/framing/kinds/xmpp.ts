import { type Framing, plain } from '../framing.ts';
import { createXmppFramer } from '../xmpp.ts';

/** XMPP: stanzas in a stream element that stays open. */
export const xmpp: Framing<{ readonly kind: 'xmpp' }> = {
  ...plain('xmpp', 'xmpp'),
  createFramer: createXmppFramer,
  guesses: ['xmpp'],
  evidence: () => 24,
};
