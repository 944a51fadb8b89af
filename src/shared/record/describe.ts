import { assertNever } from '../assert-never.ts';
import { parseHex } from '../bytes/hex.ts';
import { decodeUtf8 } from '../bytes/text.ts';
import { formatAddress } from '../socket/address.ts';
import type { CloseCause, SocketEvent } from '../socket/event.ts';
import { isObserved, observedText } from './describe-observed.ts';
import type { SocketInfo } from './record.ts';

/**
 * Returns a lifecycle event as one sentence in the words of the socket calls, as the table and the logs show it. An observed
 * socket is nobody's own (`info`): its sentence has the address of the side that acted.
 */
export function describeEvent(event: SocketEvent, info?: SocketInfo): string {
  const observed = info && isObserved(info) ? observedText(event, info) : undefined;
  if (observed !== undefined) return event.kind === 'closed' ? `${observed} · ${trafficText(event)}` : observed;
  switch (event.kind) {
    case 'listening':
      return `listening on ${formatAddress(event.local)}, backlog ${event.backlog}${capText(event.backlogCap)}`;
    case 'bound':
      return `bound to ${formatAddress(event.local)}${event.joined ? `, joined ${event.joined}` : ''}`;
    case 'waiting':
      return `waiting ${duration(event.delayMs)} before attempt ${event.attempt}`;
    case 'peer-added':
      return `new peer ${formatAddress(event.peer)}`;
    case 'secured':
      return securedText(event);
    case 'upgraded': {
      const protocol = event.protocol === '' ? '' : `, subprotocol ${event.protocol}`;
      return `WebSocket handshake done for ${event.url}${protocol} in ${duration(event.elapsedMs)}`;
    }
    case 'http':
      return httpText(event);
    case 'control':
      return controlText(event);
    case 'reframed':
      return `framing is ${event.framing} from here on`;
    case 'malformed':
      return `not ${event.framing}, at byte ${event.offset} of what was ${event.way ?? 'received'}: ${event.text}`;
    case 'resolved': {
      const { name, addresses } = event;
      if (addresses.length === 0) return `${name} has no address`;
      return `${name} is ${addresses.map((address) => address.host).join(', ')}`;
    }
    case 'connecting': {
      const tries = event.of > 1 ? ` (${event.attempt} of ${event.of})` : '';
      return `connecting to ${formatAddress(event.peer)}${tries}`;
    }
    case 'accepted':
      return `accepted ${formatAddress(event.peer)}${event.assumed ? ` (${event.assumed})` : ''}`;
    case 'opened':
      return openedText(event);
    case 'shutdown':
      return 'ended our side (FIN): the peer can still send';
    case 'ended':
      return 'peer ended its side (FIN): recv() returns no more bytes';
    case 'paused':
      if (event.reason.startsWith('accept()')) return `paused: ${event.reason}`;
      return event.reason === '' ? 'reading paused' : `reading paused: ${event.reason}`;
    case 'resumed':
      return event.reason ? `resumed: ${event.reason}` : 'reading goes on';
    case 'limited':
      return noSettings.has(event.limit) ? event.text : `limit ${event.limit}: ${event.text}`;
    case 'problem':
      return event.text;
    case 'failed': {
      const preposition = event.call === 'connect' ? ' to' : '';
      const where = event.address === undefined ? '' : `${preposition} ${formatAddress(event.address)}`;
      return `${event.call}${where} failed: ${[event.errno, event.text].filter(Boolean).join(', ')}`;
    }
    case 'closed': {
      const why = [event.errno, event.text].filter(Boolean).join(', ');
      return `${causeWords[event.cause]}${why === '' ? '' : ` (${why})`} · ${trafficText(event)}`;
    }
    default:
      return assertNever(event);
  }
}

function trafficText({ bytesIn, bytesOut }: Extract<SocketEvent, { kind: 'closed' }>): string {
  return `${byteCount(bytesIn)} in, ${byteCount(bytesOut)} out`;
}

/** What was cut or refused by others than a setting: the text says it all. */
const noSettings: ReadonlySet<string> = new Set([
  'refused',
  'unreachable',
  'send',
  'datagram',
  'inFlight',
  'sessionFile',
]);

function openedText({ local, peer, elapsedMs, why, assumed }: Extract<SocketEvent, { kind: 'opened' }>): string {
  const from = local.family === 'local' ? '' : ` from ${formatAddress(local)}`;
  if (assumed) return `connected to ${formatAddress(peer)}${from} (${assumed})`;
  return `connected to ${formatAddress(peer)}${from} in ${duration(elapsedMs)}${why ? ` (${why})` : ''}`;
}

function securedText(event: Extract<SocketEvent, { kind: 'secured' }>): string {
  const { protocol, cipher, alpn, trust, chain, elapsedMs } = event;
  const peer = chain[0] === undefined ? '' : `, peer ${chain[0].subject}`;
  return `${protocol} with ${cipher}${alpn === '' ? '' : `, ALPN ${alpn}`}${peer}: ${trust}, in ${duration(elapsedMs)}`;
}

/** An HTTP message on one line. */
function httpText({ way, lines, body, more }: Extract<SocketEvent, { kind: 'http' }>): string {
  const end = body === undefined || body === '' ? [] : [`body: ${body}${more ? ' …' : ''}`];
  return `${way} ${[...lines, ...end].join(' · ')}`;
}

function controlText({ way, frame, payload }: Extract<SocketEvent, { kind: 'control' }>): string {
  if (payload === '') return `${way} ${frame}`;
  const parsed = parseHex(payload);
  const text = parsed.ok ? decodeUtf8(parsed.bytes) : undefined;
  return `${way} ${frame}: ${text ?? `hex: ${payload}`}`;
}

const causeWords: Readonly<Record<CloseCause, string>> = {
  local: 'closed by us',
  peer: 'closed by peer',
  'reset-by-us': 'reset by us (RST)',
  'reset-by-peer': 'reset by peer (RST)',
  failed: 'closed after a failure',
  timeout: 'closed: time ran out',
  stopped: 'closed: stopped',
};

/** `bytes` with its unit, exact: `14 B`, `10 431 B`. */
export function byteCount(bytes: number): string {
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, '\u202f')} B`;
}

function duration(ms: number): string {
  if (ms > 0 && ms < 0.05) return 'less than 0.1 ms';
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

function capText(cap: number | undefined): string {
  return cap === undefined ? '' : `, which the system caps at ${cap}`;
}
