import { ways } from '../terms.ts';
import { defineEvent, number, oneOf, optional, text } from './event-kind.ts';

/** `framing`: the one that splits the stream into messages from here on. */
export const reframed = defineEvent({
  kind: 'reframed',
  code: 34,
  help: 'another framing applies from here on',
  fields: { framing: text },
  text: ({ framing }) => `framing is ${framing} from here on`,
  isAboutFraming: () => true,
  calls: ({ framing }) => [
    {
      call: '# no call',
      explains: `The framing “${framing}” splits the stream into messages from here on; the bytes are the same.`,
    },
  ],
});

/** `offset`: the first byte in the stream that does not follow the framing. Without `way` the bytes were received. */
export const malformed = defineEvent({
  kind: 'malformed',
  code: 35,
  help: 'bytes do not follow the framing',
  level: 'problem',
  isProblem: true,
  place: 'with-messages',
  fields: { framing: text, offset: number, text, way: optional(oneOf(ways)) },
  text: ({ framing, offset, text: why, way = 'received' }) => `invalid ${framing} at ${way} byte ${offset}: ${why}`,
  isAboutFraming: () => true,
  calls: ({ framing, text: why, way }) => [
    {
      call: '# no call',
      explains: `The bytes that ${way === 'sent' ? 'send() sent' : 'recv() returned'} do not follow the framing “${framing}”: ${why}.`,
    },
  ],
});
