import { duration } from '../../bytes/units.ts';
import { wordBefore } from '../connection-states.ts';
import { quote } from '../python-words.ts';
import { defineEvent } from './event-kind.ts';
import { number, text } from './fields.ts';

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
