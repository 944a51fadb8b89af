import type { SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import { type ExplainedCall, quote } from './python-words.ts';

/** The headers that a WebSocket library sets itself (RFC 6455, section 4.1), or has an argument of its own for. */
const ownHeaders = /^(?:host|upgrade|connection|origin|sec-websocket-.*)$/i;

/** Returns the call that makes the whole handshake of a WebSocket; `request`: the lines of its HTTP request, where known. */
export function upgradedCalls(
  { url, protocol }: Extract<SocketEvent, { kind: 'upgraded' }>,
  info: SocketInfo | undefined,
  request: readonly string[],
): ExplainedCall[] {
  if (info?.role === 'accepted') {
    const explains = 'serve() of websockets has answered the request with 101: from here on both sides send messages.';
    return [{ call: '# serve() calls handler(websocket)', explains }];
  }
  const headers = request.slice(1).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const extra = headers.filter(([name]) => name !== '' && !ownHeaders.test(name));
  const origin = headers.find(([name]) => /^origin$/i.test(name))?.[1];
  const parts = [
    quote(url),
    ...(extra.length === 0
      ? []
      : [`additional_headers=[${extra.map(([name, value]) => `(${quote(name)}, ${quote(value)})`).join(', ')}]`]),
    ...(origin === undefined ? [] : [`origin=${quote(origin)}`]),
    ...(protocol === '' ? [] : [`subprotocols=[${quote(protocol)}]`]),
  ];
  return [
    {
      call: `websocket = connect(${parts.join(', ')})`,
      explains:
        'One call of websockets.sync.client: it connects, sends the HTTP request with “Upgrade: websocket”, and returns when the answer is 101. The records before it are its parts.',
    },
  ];
}

/** Returns true for what happens on a WebSocket's socket before its handshake is done. */
export function isPartOfHandshake({ kind }: SocketEvent, info: SocketInfo | undefined): boolean {
  if (info?.transport !== 'ws' && info?.transport !== 'wss') return false;
  if (kind === 'http' || kind === 'secured') return true;
  return info.role === 'outgoing' && (kind === 'resolved' || kind === 'connecting' || kind === 'opened');
}

/** Marks a call that the library makes: a program that made it as well would connect twice. */
export function partOfHandshake({ call, explains }: ExplainedCall, info: SocketInfo | undefined): ExplainedCall {
  const maker = info?.role === 'accepted' ? 'serve()' : 'connect()';
  return { call: `# ${call}`, explains: `${explains} ${maker} of websockets makes this call.` };
}
