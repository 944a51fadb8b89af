import {
  type Address,
  type CertificateInfo,
  closeCauses,
  controlFrames,
  type Handshake,
  type SocketEvent,
  socketCalls,
  ways,
} from '../socket/event.ts';
import { type Transport, transports } from '../socket/transports.ts';
import type { RecordKind, SocketInfo } from './record.ts';
import { parseRecordJson } from './record-json.ts';

/*
 * What a session file says of sockets and events, read as if an enemy had written it: anyone may hand one over, and
 * what comes out of here is shown on the page.
 */

const roles: readonly SocketInfo['role'][] = ['listener', 'accepted', 'outgoing'];

type Fields = Readonly<Record<string, unknown>>;

/** The event of kind `kind` that `text` is in JSON, or `undefined` where it is not whole. Never throws. */
export function parseSocketEvent(text: string, kind: RecordKind): SocketEvent | undefined {
  const fields = parseRecordJson(text);
  if (!isObject(fields) || fields.kind !== kind) return undefined;
  return eventOf(kind, fields);
}

/** The sockets in `text`, a JSON array. Those that are not whole are left out. Never throws. */
export function parseSocketInfos(text: string): SocketInfo[] {
  const list = parseRecordJson(text);
  if (!Array.isArray(list)) return [];
  return list.map(socketInfoOf).filter((info) => info !== undefined);
}

/** The event of kind `kind` with these fields, or `undefined` where they are not whole. Never throws. */
export function eventOf(kind: RecordKind, fields: Fields): SocketEvent | undefined {
  const { local, peer, address } = fields;
  switch (kind) {
    case 'listening':
      if (!isAddress(local)) return undefined;
      return { kind, local, backlog: number(fields.backlog), ...optionalNumber('backlogCap', fields.backlogCap) };
    case 'bound':
      return isAddress(local) ? { kind, local, ...optional('joined', fields.joined) } : undefined;
    case 'waiting':
      return { kind, attempt: number(fields.attempt), delayMs: number(fields.delayMs) };
    case 'peer-added':
      if (!isAddress(local) || !isAddress(peer)) return undefined;
      return { kind, local, peer, listener: number(fields.listener) };
    case 'secured':
      return {
        kind,
        protocol: string(fields.protocol),
        cipher: string(fields.cipher),
        alpn: string(fields.alpn),
        serverName: string(fields.serverName),
        trust: string(fields.trust),
        chain: Array.isArray(fields.chain) ? fields.chain.filter(isObject).slice(0, maxChain).map(certificateOf) : [],
        elapsedMs: number(fields.elapsedMs),
        ...handshake(fields.handshake),
      };
    case 'upgraded': {
      const { url, protocol, elapsedMs } = fields;
      return { kind, url: string(url), protocol: string(protocol), elapsedMs: number(elapsedMs) };
    }
    case 'http': {
      const way = ways.find((known) => known === fields.way);
      if (way === undefined) return undefined;
      const lines = Array.isArray(fields.lines) ? fields.lines.filter((line) => typeof line === 'string') : [];
      const more = fields.more === true ? { more: true } : undefined;
      return { kind, way, lines: lines.slice(0, maxLines), ...optional('body', fields.body), ...more };
    }
    case 'control': {
      const way = ways.find((known) => known === fields.way);
      const frame = controlFrames.find((known) => known === fields.frame);
      return way && frame && { kind, way, frame, payload: string(fields.payload) };
    }
    case 'reframed':
      return { kind, framing: string(fields.framing) };
    case 'malformed': {
      const { framing, offset, text } = fields;
      const sent = fields.way === 'sent' ? ({ way: 'sent' } as const) : undefined;
      return { kind, framing: string(framing), offset: number(offset), text: string(text), ...sent };
    }
    case 'resolved': {
      const addresses = Array.isArray(fields.addresses) ? fields.addresses.filter(isAddress) : [];
      return { kind, name: string(fields.name), addresses };
    }
    case 'connecting':
      return isAddress(peer) ? { kind, peer, attempt: number(fields.attempt), of: number(fields.of) } : undefined;
    case 'accepted':
      if (!isAddress(local) || !isAddress(peer)) return undefined;
      return {
        kind,
        local,
        peer,
        listener: number(fields.listener),
        ...handshake(fields.handshake),
        ...optional('assumed', fields.assumed),
      };
    case 'opened':
      if (!isAddress(local) || !isAddress(peer)) return undefined;
      return {
        kind,
        local,
        peer,
        elapsedMs: number(fields.elapsedMs),
        ...optional('why', fields.why),
        ...handshake(fields.handshake),
        ...optional('assumed', fields.assumed),
      };
    case 'shutdown':
    case 'ended':
      return { kind };
    case 'resumed':
      return { kind, ...optional('reason', fields.reason) };
    case 'paused':
      return { kind, reason: string(fields.reason) };
    case 'limited':
      return { kind, limit: string(fields.limit), text: string(fields.text) };
    case 'problem':
      return { kind, text: string(fields.text) };
    case 'failed': {
      const call = socketCalls.find((known) => known === fields.call);
      if (call === undefined) return undefined;
      const failed = { kind, call, errno: string(fields.errno), text: string(fields.text) } as const;
      return isAddress(address) ? { ...failed, address } : failed;
    }
    case 'closed': {
      const cause = closeCauses.find((known) => known === fields.cause);
      if (cause === undefined) return undefined;
      const closed = { kind, cause, bytesIn: number(fields.bytesIn), bytesOut: number(fields.bytesOut) } as const;
      const { errno, text } = fields;
      const why = text === undefined ? undefined : { text: string(text) };
      return { ...closed, ...(errno === undefined ? undefined : { errno: string(errno) }), ...why };
    }
    default:
      return undefined;
  }
}

function socketInfoOf(value: unknown): SocketInfo | undefined {
  if (!isObject(value)) return undefined;
  const role = roles.find((known) => known === value.role);
  if (role === undefined || typeof value.id !== 'number' || !Number.isFinite(value.id)) return undefined;
  return {
    id: value.id,
    role,
    transport: transports.find((known: Transport) => known === value.transport) ?? 'tcp',
    endpoint: string(value.endpoint),
    name: string(value.name),
    local: string(value.local),
    peer: string(value.peer),
    framing: string(value.framing),
    ...(value.unconnected === true ? { unconnected: true } : {}),
  };
}

/** More headers than these are nobody's. */
const maxLines = 500;
/** A chain of more certificates is nobody's. */
const maxChain = 20;

function certificateOf(fields: Fields): CertificateInfo {
  const { subject, issuer, names, validFrom, validTo, fingerprint } = fields;
  return {
    subject: string(subject),
    issuer: string(issuer),
    names: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
    validFrom: number(validFrom),
    validTo: number(validTo),
    fingerprint: string(fingerprint),
  };
}

function handshake(value: unknown): { readonly handshake?: Handshake } {
  return value === 'TLS' || value === 'WebSocket' ? { handshake: value } : {};
}

function optional<Key extends string>(key: Key, value: unknown): { readonly [Name in Key]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { [Name in Key]: string }) : {};
}

function optionalNumber<Key extends string>(key: Key, value: unknown): { readonly [Name in Key]?: number } {
  return Number.isFinite(value) ? ({ [key]: value } as { [Name in Key]: number }) : {};
}

function isAddress(value: unknown): value is Address {
  if (!isObject(value)) return false;
  const { host, port, family } = value;
  return typeof host === 'string' && Number.isFinite(port) && (family === 4 || family === 6 || family === 'local');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return Number.isFinite(value) ? (value as number) : 0;
}
