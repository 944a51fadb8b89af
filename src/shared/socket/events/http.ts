import { variableOf } from '../python-words.ts';
import { ways } from '../terms.ts';
import { defineEvent } from './event-kind.ts';
import { flag, listOf, oneOf, optional, text } from './fields.ts';

/** Limits the lines of a message: one with more headers is an attack. */
const maxLines = 500;

/**
 * `lines`: the first line and the headers. `body`, of a refusal: as text, or in hex after `hex: ` where it is not UTF-8.
 * `more`: the body is longer than the part that is kept.
 */
export const http = defineEvent({
  kind: 'http',
  code: 36,
  help: 'a request or an answer of the WebSocket handshake',
  handshakePart: 'any',
  fields: { way: oneOf(ways), lines: listOf(text, maxLines), body: optional(text), more: optional(flag) },
  text({ way, lines, body, more }) {
    const end = body === undefined || body === '' ? [] : [`body: ${body}${more ? ' …' : ''}`];
    return `${way} ${[...lines, ...end].join(' · ')}`;
  },
  calls({ way, lines }, info) {
    const socket = variableOf(info);
    return [
      {
        call: way === 'sent' ? `${socket}.sendall(request)` : `answer = ${socket}.recv(65536)`,
        explains: `${way === 'sent' ? 'Sends' : 'Receives'} an HTTP message of the WebSocket handshake: ${lines[0] ?? ''}.`,
      },
    ];
  },
});
