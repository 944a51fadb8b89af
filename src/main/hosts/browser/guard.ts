import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { tokenProtocol } from '#shared/contract/wire.ts';

/** Why a request is refused: an HTTP status and a sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly text: string;
}

/**
 * Refuses what no page of ours sends, before anything else looks at a request: another `Host` (a foreign name that was
 * made to resolve to 127.0.0.1), another `Origin`, a request that a foreign site caused. `port` is our own.
 */
export function refuseForeign(request: IncomingMessage, port: number): Refusal | undefined {
  const { host, origin } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 421, text: 'This address is not Wirebench’s' };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, text: 'Wirebench answers its own page only' };
  }
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    return { status: 403, text: 'Wirebench answers no request that another site made' };
  }
  return undefined;
}

const wrongToken: Refusal = { status: 401, text: 'The token is missing or wrong' };

/** Refuses a request whose `Authorization: Bearer …` is not `token`. */
export function refuseBearer(request: IncomingMessage, token: string): Refusal | undefined {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme === 'Bearer' && sameText(given, token) ? undefined : wrongToken;
}

/** Refuses a WebSocket that does not offer `token` among its subprotocols. */
export function refuseProtocol(request: IncomingMessage, token: string): Refusal | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.some((name) => sameText(name, tokenProtocol(token))) ? undefined : wrongToken;
}

/** Compares in a time that tells nothing of where two texts differ. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
