import { parseHex } from '../../bytes/hex.ts';
import { decodeUtf8 } from '../../bytes/text.ts';
import { duration } from '../../bytes/units.ts';
import { quote, variableOf } from '../python-words.ts';
import { wordBefore } from '../state.ts';
import { ways } from '../terms.ts';
import { defineEvent, flag, listOf, number, oneOf, optional, text } from './event-kind.ts';

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

/** RFC 6455. `protocol`: the subprotocol that both sides agreed on; empty for none. */
export const upgraded = defineEvent({
  kind: 'upgraded',
  code: 33,
  help: 'the WebSocket handshake is done',
  place: 'before-messages',
  fields: { url: text, protocol: text, elapsedMs: number },
  text({ url, protocol, elapsedMs }) {
    const subprotocol = protocol === '' ? '' : `, subprotocol ${protocol}`;
    return `WebSocket handshake done for ${url}${subprotocol} in ${duration(elapsedMs)}`;
  },
  changes: ({ protocol }, { security }) => ({
    word: wordBefore(undefined),
    security: [security, `WebSocket${protocol === '' ? '' : ` (${protocol})`}`].filter(Boolean).join(', '),
  }),
  calls({ url, protocol }, info, request) {
    if (info?.role === 'accepted') {
      const explains = 'serve() of websockets has answered the request with 101: both sides can send messages now.';
      return [{ call: '# serve() calls handler(websocket)', explains }];
    }
    return [
      {
        call: `websocket = connect(${[quote(url), ...headerArguments(request), ...subprotocols(protocol)].join(', ')})`,
        explains:
          'One call of websockets.sync.client: it connects, sends the HTTP request with “Upgrade: websocket”, and returns when the answer is 101. The records before it are its parts.',
      },
    ];
  },
});

/** The headers that a WebSocket library sets (RFC 6455, section 4.1), or for which it has an argument. */
const libraryHeaders = /^(?:host|upgrade|connection|origin|sec-websocket-.*)$/i;

function headerArguments(request: readonly string[]): string[] {
  const headers = request.slice(1).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const others = headers.filter(([name]) => name !== '' && !libraryHeaders.test(name));
  const pairs = others.map(([name, value]) => `(${quote(name)}, ${quote(value)})`);
  const origin = headers.find(([name]) => /^origin$/i.test(name))?.[1];
  return [
    ...(pairs.length === 0 ? [] : [`additional_headers=[${pairs.join(', ')}]`]),
    ...(origin === undefined ? [] : [`origin=${quote(origin)}`]),
  ];
}

function subprotocols(protocol: string): string[] {
  return protocol === '' ? [] : [`subprotocols=[${quote(protocol)}]`];
}

/** RFC 6455, sections 5.5.2 and 5.5.3. `payload`: in hex. */
export const control = defineEvent({
  kind: 'control',
  code: 37,
  help: 'a ping or a pong of WebSocket',
  fields: { way: oneOf(ways), frame: oneOf(['ping', 'pong']), payload: text },
  text({ way, frame, payload }) {
    if (payload === '') return `${way} ${frame}`;
    const parsed = parseHex(payload);
    const shown = parsed.ok ? decodeUtf8(parsed.bytes) : undefined;
    return `${way} ${frame}: ${shown ?? `hex: ${payload}`}`;
  },
  calls: ({ way, frame }) => [
    {
      call: way === 'sent' ? `websocket.${frame}()` : '# no call',
      explains:
        frame === 'ping'
          ? 'A ping asks the other side for a pong, which WebSocket libraries send automatically.'
          : 'A pong answers a ping with the same bytes: the connection is alive.',
    },
  ],
});
