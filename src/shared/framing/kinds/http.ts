import { type Framing, plain } from '../framing.ts';
import { createHttpFramer } from '../http.ts';

export const http: Framing<{ readonly kind: 'http' }> = {
  ...plain('http', 'http'),
  createFramer: (_, maxMessage) => createHttpFramer(maxMessage),
  guesses: ['http'],
  evidence: () => 64,
};
