import { type Framing, plain } from '../framing.ts';
import { createXmlFramer } from '../xml.ts';

export const xml: Framing<{ readonly kind: 'xml' }> = {
  ...plain('xml', 'xml'),
  createFramer: createXmlFramer,
  guesses: ['xml'],
  evidence: () => 26,
};
