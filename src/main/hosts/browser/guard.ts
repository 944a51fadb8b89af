import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { tokenProtocol, wireProtocol } from '#shared/contract/wire.ts';

/** Why a request is refused: an HTTP status and a sentence. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 421;
  readonly text: string;
}

/** Where a request comes from that our own page makes, or a user who enters the address (Fetch Metadata). */
const ownSites = new Set(['same-origin', 'none']);

/**
 * Refuses what no page of ours sends, before anything else looks at a request: another `Host` (a foreign name that was
 * made to resolve to 127.0.0.1) or several, a target that names a host, another `Origin`, a request that another page caused,
 * on another site or on another port of this machine. `port` is our own. `isEntering`: the request has a code that only a
 * file of ours contains, and a file is another site.
 */
export function refuseForeign(request: IncomingMessage, port: number, isEntering: boolean): Refusal | undefined {
  // RFC 9112 3.2: a request with more than one Host is answered with 400. Node itself would take the first one.
  if (request.headersDistinct.host?.length !== 1) return { status: 400, text: 'A request has one Host' };
  // RFC 9112 3.2.2: the host of a target in absolute form counts instead of Host. Only a proxy is asked in this form.
  if (!request.url?.startsWith('/')) return { status: 400, text: 'Wirebench is no proxy' };
  const { host, origin } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 421, text: 'This address is not Wirebench’s' };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, text: 'Wirebench answers its own page only' };
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && !isEntering && !ownSites.has(String(site).trim().toLowerCase())) {
    return { status: 403, text: 'Wirebench answers no request that another page made' };
  }
  return undefined;
}

const wrongToken: Refusal = { status: 401, text: 'The token is missing or wrong' };

/** Refuses a request whose `Authorization: Bearer …` is not `token`. */
export function refuseBearer(request: IncomingMessage, token: string): Refusal | undefined {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme === 'Bearer' && sameText(given, token) ? undefined : wrongToken;
}

/** Refuses a WebSocket that does not offer `token` among its subprotocols, or not the one that both sides speak. */
export function refuseProtocol(request: IncomingMessage, token: string): Refusal | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.some((name) => sameText(name, tokenProtocol(token)))) return wrongToken;
  return offered.includes(wireProtocol) ? undefined : { status: 400, text: `The page does not speak ${wireProtocol}` };
}

/** Compares in a time that tells nothing of where two texts differ. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
