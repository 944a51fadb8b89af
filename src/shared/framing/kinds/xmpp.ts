import { type Framing, plain } from '../framing.ts';
import { XmppFramer } from '../xmpp.ts';

/** XMPP: stanzas in an open stream element. */
export const xmpp: Framing<{ readonly kind: 'xmpp' }> = {
  ...plain('xmpp', {
    text: 'xmpp',
    message: 'one stanza of XMPP, RFC 6120; also the start tag and the end tag of the stream',
    sending: 'nothing',
  }),
  words: {
    short: 'XMPP stanzas',
    label: 'XMPP stanzas',
    help: 'Each stanza inside the open stream element is a message.',
  },
  wrong: {
    what: 'text between stanzas; comments, DTDs, processing instructions; an end tag without a start tag; `<` in a tag',
    resume: 'at the next `<`',
  },
  createFramer: () => new XmppFramer(),
  guesses: ['xmpp'],
  evidence: () => 24,
};
