import { type Framing, plain } from '../framing.ts';
import { XmlFramer } from '../xml.ts';

/** XML documents, one after the other. */
export const xml: Framing<{ readonly kind: 'xml' }> = {
  ...plain('xml', {
    text: 'xml',
    message: 'one XML document, prolog included, up to the end of its root element',
    sending: 'nothing',
  }),
  words: {
    short: 'XML documents',
    label: 'Consecutive XML documents',
    help: 'Each XML document is a message. It ends where its root element is closed.',
    common: true,
  },
  wrong: {
    what: 'bytes outside a document; `<` in a tag or in the value of an attribute; anything that is not markup after `<`',
    resume: 'at the next `<`',
  },
  createFramer: () => new XmlFramer(),
  guesses: ['xml'],
  evidence: () => 26,
};
